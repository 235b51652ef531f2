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

function paragraph(text, kind) {
  return element("p", { class: kind }, text);
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
    return element("button", { type: "button", class: "link", click }, nameOf(place));
  }

  /** The operands of a computed node, with the local derivatives if these are asked for. */
  operands(record, withLocal) {
    const rows = record.operands.slice(0, LISTED).map(({ node, value, name, local, formula }) => {
      if (node === undefined) return ["number", six(real(value)), ""];
      const known = nodeAt(node);
      const derivative = formula ? `${formula} = ${six(real(local))}` : six(real(local));
      return [
        known ? this.link(node) : name,
        six(real(known ? known.data : value)),
        element("span", { class: "formula" }, derivative),
      ];
    });
    const rest = record.operands.length - rows.length + record.rest;
    if (rest > 0) rows.push([`… and ${counted(rest, "operand")} more`, "", ""]);
    const head = ["operand", "value", `∂${record.name}/∂operand`];
    const columns = withLocal ? 3 : 2;
    return table(head.slice(0, columns), rows.map((row) => row.slice(0, columns)));
  }
}
