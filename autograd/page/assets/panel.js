// What the panels beside the picture have in common: elements, tables, links to nodes.

const LISTED = 60; // rows of a table, and lines of a chain

/** An element with text or elements in it; text is never read as HTML. */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** A dotted name, such as layers.0.bias, that may go on in the next line after a dot. */
function breakable(name) {
  return name.split(/(?<=\.)(?=.)/).flatMap((part, i) => (i ? [element("wbr"), part] : [part]));
}

function paragraph(text, kind) {
  return element("p", { class: kind }, text);
}

/** A number; all of its digits are in the tooltip. */
function figure(x, written = nine) {
  const text = written(x);
  return element("span", { class: "figure", title: exact(x) }, text);
}

/** All digits of a number that has more than are shown, on a line of its own. */
function exactly(x) {
  return nine(x) !== exact(x) && paragraph(`exactly ${exact(x)}`, "rest");
}

/** "net = w · x + b", then the same in numbers, then the value, a line each. */
function equation(name, formulas, x) {
  const value = element("strong", {}, figure(x));
  const sides = [...formulas.filter((text) => text !== nine(x)), value];
  const lines = sides.map((side, i) =>
    element("div", {}, i === 0 ? `${name} = ` : "= ", side),
  );
  return element("div", { class: "equation" }, ...lines);
}

/** "∂E/∂w1 = 0.25 (note)", the number emphasised. */
function result(symbol, number, note = "") {
  return element(
    "p",
    { class: "result" },
    `${symbol} `,
    element("strong", {}, number),
    element("span", { class: "rest" }, note && ` ${note}`),
  );
}

function table(head, rows) {
  const cells = (tag, row) =>
    row.map((cell) => element(tag, tag === "th" ? { scope: "col" } : {}, cell));
  const body = rows.map((row) => element("tr", {}, ...cells("td", row)));
  return element(
    "div",
    { class: "scroll" },
    element(
      "table",
      {},
      element("thead", {}, element("tr", {}, ...cells("th", head))),
      element("tbody", {}, ...body),
    ),
  );
}

/** Buttons that open other views: [{name, action}]. */
function viewButtons(views) {
  return views.map(({ name, action }) =>
    element("button", { type: "button", click: action }, `Show ${name}`),
  );
}

class Panel {
  /** @param onPlace what a click on a node's name does, with its place */
  constructor(id, onPlace) {
    this.section = document.getElementById(id);
    this.onPlace = onPlace;
  }

  show(...parts) {
    this.section.replaceChildren(...parts.filter(Boolean));
    this.section.hidden = false;
  }

  link(place) {
    if (!nodeAt(place)) return nameOf(place);
    const click = () => this.onPlace(place);
    return element("button", { type: "button", class: "link", click }, ...breakable(nameOf(place)));
  }

  meaning({ symbol, meaning }) {
    return paragraph(`${symbol}: ${meaning}`, "meaning");
  }

  /** The operands of a computed node, with the local derivatives if these are asked for. */
  operands(record, withLocal) {
    const rows = record.operands.slice(0, LISTED).map(({ node, value, name, local, formulas }) => {
      if (node === undefined) return ["number", figure(real(value)), ""];
      const known = nodeAt(node);
      const formula = formulas && formulas[0] !== nine(real(local)) ? `${formulas[0]} = ` : "";
      return [
        known ? this.link(node) : name,
        figure(real(known ? known.data : value)),
        element("span", { class: "formula" }, formula, figure(real(local))),
      ];
    });
    const rest = record.operands.length - rows.length + record.rest;
    if (rest > 0) rows.push([`… and ${counted(rest, "operand")} more`, "", ""]);
    const head = ["operand", "value", `∂${record.name}/∂operand`];
    const columns = withLocal ? 3 : 2;
    return table(head.slice(0, columns), rows.map((row) => row.slice(0, columns)));
  }
}
