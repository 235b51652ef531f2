// `m`, in which the operations of the graph are written: Math, and what it does not have.

const m = Object.create(Math);

m.where = (condition, x, y) => (condition ? x : y);
m.both = (first, second) => first && second;
m.either = (first, second) => first || second;
m.equal = (x, y) => x === y;
m.negative = (x) => -x;
m.largest = (...values) => values.reduce((best, x) => (x > best ? x : best));

/** IEEE 754 has 1 where JavaScript has NaN. */
m.pow = (x, y) => (x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : Math.pow(x, y));

m.exp2 = (x) => Math.pow(2, x);
m.stop_gradient = (x) => x;

/** The nearest integer, the even one of two. */
m.round = (x) => {
  const low = Math.floor(x), rest = x - low;
  if (!Number.isFinite(x) || rest === 0) return x;
  const up = rest > 0.5 || (rest === 0.5 && low % 2 !== 0);
  return up ? low + 1 || (x < 0 ? -0 : 0) : low;
};

/** x - floor(x / y) · y with the sign of y, where JavaScript's % has that of x. */
m.remainder = (x, y) => {
  const rest = x % y;
  if (rest === 0) return y < 0 || Object.is(y, -0) ? -0 : 0;
  return rest < 0 !== y < 0 ? rest + y : rest;
};

m.floor_divide = (x, y) => {
  if (y === 0) return x / y;
  const quotient = (x - m.remainder(x, y)) / y;
  return quotient - Math.floor(quotient) > 0.5 ? Math.floor(quotient) + 1 : Math.floor(quotient);
};

const SERIES = 2; // up to here erf is a series, beyond erfc is a continued fraction

/** 2/√π · exp(-x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1 · 3 · … · (2n + 1)): no term is negative, nothing cancels. */
function erfSeries(x) {
  let term = x, sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= 2 * x * x / (2 * n + 1);
    sum += term;
  }
  return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
}

/** exp(-x²)/√π / (x + ½/(x + 1/(x + 1½/(x + …)))) for x beyond the series. */
function erfcFraction(x) {
  let rest = x;
  for (let n = 120; n >= 1; n--) rest = x + n / 2 / rest;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / rest;
}

m.erf = (x) => {
  if (Number.isNaN(x)) return NaN;
  if (Math.abs(x) < SERIES) return erfSeries(x);
  return Math.sign(x) * (1 - erfcFraction(Math.abs(x)));
};

m.erfc = (x) => {
  if (Number.isNaN(x)) return NaN;
  if (Math.abs(x) < SERIES) return 1 - erfSeries(x);
  return x > 0 ? erfcFraction(x) : 2 - erfcFraction(-x);
};

/** The two halves of a number, of 26 bits each. */
function split(x) {
  const c = 134217729 * x;
  const high = c - (c - x);
  return [high, x - high];
}

/** x·y minus its rounded product, exactly; 0 where that is not representable (Dekker, 1971). */
m.product_error = (x, y) => {
  const product = x * y, size = Math.abs(product);
  const fits = Math.abs(x) < 1e290 && Math.abs(y) < 1e290 && size > 1e-280 && size < 1e300;
  if (!fits) return 0;
  const [a, b] = split(x), [c, d] = split(y);
  return a * c - product + a * d + b * c + b * d;
};
