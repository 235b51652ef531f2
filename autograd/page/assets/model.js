// The numbers of the graph, as the data island has them, and how numbers are written.
//
// DATA = {
//   outputs: places of the drawn outputs,
//   hasGradients: whether backward() has been called,
//   size: how many nodes there are, in words,
//   nodes: by place in topological order
//     {name, op, data, uses, label?, grad?, recorded?, outdated?, text?, form?,
//      symbol?, meaning?, formulas?, lasting?,
//      operands?: [{node, local, formulas?, lasting?} or {value}], rest?},
//   views: [{name, order,
//     shapes: [{kind, title, facts, node?, data?, grad?, members?, again?}],
//     arrows: [{tail, head, position?, count?, sum?,
//       edges?: [{node, operand, upstream, local, names?}]}]}],
//   leftOut: names of views that are too large,
//   outdated: sentences on numbers that were changed after the forward pass,
//   claims: null or [{node, claimed, difference, differs}]
//   rounding: the part of its size by which a claimed gradient may be off
//   still: why no number can be changed, "" if they can
//   choices: places of nodes that go on taking the operand that they took
// }
// `again` is the place of the shape that one is drawn again from; the two are one node.
// `formulas` are equal to the value or to the local derivative: by names, then by numbers; the first
// `lasting` of them hold for any numbers. `form` is the place in FORMS of a function of the operands
// that gives the value and the local derivatives.
// A number is a JSON number, or "inf", "-inf" or "nan". Where the graph is large, `nodes` has only
// some of the nodes; `uses` counts all edges that leave a node.

/** What the data island of a large page holds packed: {text, pictures}. */
async function unpacked(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

const ISLAND = document.getElementById("data").textContent;
const PACKED = JSON.parse(ISLAND).packed;
const RECORDED = PACKED ? await unpacked(PACKED) : { text: ISLAND, pictures: [] };
const recorded = () => JSON.parse(RECORDED.text);
const DATA = recorded();
const DASH = "—";
const SPECIAL = { inf: Infinity, "-inf": -Infinity, nan: NaN };

/** A number of the data island as a number. */
function real(x) {
  return typeof x === "string" ? SPECIAL[x] : x;
}

const trim = (digits) => (digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits);

/** The digits of x.toFixed or x.toExponential; a tie goes to the even digit, as in Python. */
function rounded(x, method, count) {
  const [digits, power] = x[method](count).split("e");
  const tail = x[method](100).split("e")[0].split(".")[1].slice(count);
  const last = Number(digits.at(-1));
  const isOddTie = /^50*$/.test(tail) && last % 2 === 1;
  return [isOddTie ? digits.slice(0, -1) + (last - 1) : digits, Number(power)];
}

/** So many significant digits, as Python's "%.9g" writes them. */
function significant(x, count) {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  if (x === 0) return Object.is(x, -0) ? "-0" : "0";
  const [mantissa, exponent] = rounded(x, "toExponential", count - 1);
  if (exponent >= -4 && exponent < count) {
    return trim(rounded(x, "toFixed", count - 1 - exponent)[0]);
  }
  const size = String(Math.abs(exponent)).padStart(2, "0");
  return `${trim(mantissa)}e${exponent < 0 ? "-" : "+"}${size}`;
}

/** In the picture: six significant digits. */
function six(x) {
  return significant(x, 6);
}

/** In the panels: nine decimals, as tutorials print them; nine digits of large and small numbers. */
function nine(x) {
  const size = Math.abs(x);
  return size >= 1e-4 && size < 1 ? trim(rounded(x, "toFixed", 9)[0]) : significant(x, 9);
}

/** A number with its sign, which of a gradient is the direction. */
function signed(x, written = nine) {
  return x > 0 ? `+${written(x)}` : written(x);
}

/** A term of a sum, but for the first. */
function added(x) {
  return x < 0 || Object.is(x, -0) ? `− ${nine(-x)}` : `+ ${nine(x)}`;
}

/** A factor in a product: a negative one in parentheses. */
function factor(x) {
  return x < 0 ? `(${nine(x)})` : nine(x);
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

/** What the two ends of an edge are called: the node that was computed, and its operand. */
function endsOf({ node, operand, names }) {
  return names ?? [nameOf(node), nameOf(operand)];
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

/** For each place the edges that leave it: {node, local}, in the order of the pass. */
function usersOfAll() {
  const users = new Map();
  for (const place of PLACES.toReversed()) {
    for (const operand of nodeAt(place).operands ?? []) {
      if (operand.node === undefined) continue;
      if (!users.has(operand.node)) users.set(operand.node, []);
      users.get(operand.node).push({ node: place, local: real(operand.local) });
    }
  }
  return users;
}

let USERS = usersOfAll();

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
