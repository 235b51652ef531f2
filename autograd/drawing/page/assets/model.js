// The numbers of the graph, as the data island has them, and how numbers are written.
//
// DATA = {
//   outputs: places of the drawn outputs,
//   hasGradients: whether backward() has been called,
//   size: how many nodes there are, in words,
//   nodes: by place in topological order
//     {name, label, op, data, uses, grad?, recorded?, text?,
//      symbol?, meaning?, operands?: [{node, local, formula?} or {value}], rest?},
//   views: [{name, order,
//     shapes: [{kind, title, facts, node?, data?, grad?, members?}],
//     arrows: [{tail, head, position?, count?, edges?: [{node, upstream, local}], sum?}]}],
//   leftOut: names of views that are too large,
//   claims: null or [{node, claimed, difference, differs}]
// }
// A number is a JSON number, or "inf", "-inf" or "nan". Where the graph is large, `nodes` has only
// some of the nodes; `uses` counts all edges that leave a node.

const DATA = JSON.parse(document.getElementById("data").textContent);
const DASH = "—";
const SPECIAL = { inf: Infinity, "-inf": -Infinity, nan: NaN };

/** A number of the data island as a number. */
function real(x) {
  return typeof x === "string" ? SPECIAL[x] : x;
}

/** Six significant digits, as Python's "%.6g" writes them. */
function six(x) {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  if (x === 0) return Object.is(x, -0) ? "-0" : "0";
  const [mantissa, power] = x.toExponential(5).split("e");
  const exponent = Number(power);
  const trim = (digits) => (digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits);
  if (exponent >= -4 && exponent < 6) return trim(x.toFixed(5 - exponent));
  const size = String(Math.abs(exponent)).padStart(2, "0");
  return `${trim(mantissa)}e${exponent < 0 ? "-" : "+"}${size}`;
}

/** Six significant digits with the sign, which of a gradient is the direction. */
function signed(x) {
  return x > 0 ? `+${six(x)}` : six(x);
}

/** A term of a sum, but for the first. */
function added(x) {
  return x < 0 || Object.is(x, -0) ? `− ${six(-x)}` : `+ ${six(x)}`;
}

/** A factor in a product: a negative one in parentheses. */
function factor(x) {
  return x < 0 ? `(${six(x)})` : six(x);
}

/** All digits that tell the number from its neighbours. */
function exact(x) {
  return Object.is(x, -0) ? "-0" : Number.isFinite(x) ? String(x) : six(x);
}

function counted(count, one) {
  return `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`;
}

/** The places of all nodes of the page, in topological order. */
const PLACES = Object.keys(DATA.nodes).map(Number).sort((a, b) => a - b);

function nodeAt(place) {
  return DATA.nodes[place];
}

function nameOf(place) {
  return nodeAt(place)?.name ?? "a node within";
}

/** The places in the order of their names, w2 before w10. */
function byName(places) {
  const { compare } = new Intl.Collator("en", { numeric: true });
  return places.toSorted((a, b) => compare(nameOf(a), nameOf(b)));
}

/** What is differentiated, as it stands above the ∂ of a derivative. */
const OUTPUT = (() => {
  const names = DATA.outputs.map(nameOf);
  if (names.length === 1) return names[0];
  return names.length <= 3 ? `(${names.join(" + ")})` : "(sum of outputs)";
})();

/** ∂E/∂w1 */
function gradientSymbol(name) {
  return `∂${OUTPUT}/∂${name}`;
}

/** For each place the edges that leave it: {node, local, formula}, in the order of the pass. */
const USERS = (() => {
  const users = new Map();
  for (const place of PLACES.toReversed()) {
    for (const operand of nodeAt(place).operands ?? []) {
      if (operand.node === undefined) continue;
      if (!users.has(operand.node)) users.set(operand.node, []);
      const { local, formula } = operand;
      users.get(operand.node).push({ node: place, local: real(local), formula });
    }
  }
  return users;
})();

/** The places through which a gradient reaches a node, the node included, the output first. */
function pathsTo(place) {
  const found = new Set([place]);
  const stack = [place];
  while (stack.length) {
    for (const user of USERS.get(stack.pop()) ?? []) {
      if (!found.has(user.node)) {
        found.add(user.node);
        stack.push(user.node);
      }
    }
  }
  return [...found].sort((a, b) => b - a);
}
