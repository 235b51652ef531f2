// The derivation of a selected node, and what a folded shape stands for.

class NodePanel extends Panel {
  /** @param onClose what ends the selection */
  constructor(id, onPlace, onClose) {
    super(id, onPlace);
    this.onClose = onClose;
  }

  clear() {
    this.show(paragraph("Select a node to see where its numbers come from.", "hint"));
  }

  /** A folded shape: what is in it. */
  showFolded({ title, facts, members = [] }, views) {
    const items = members.slice(0, LISTED).map((place) => element("li", {}, this.link(place)));
    const rest = members.length - items.length;
    this.show(
      ...this.#head(title),
      ...facts.map((fact) => paragraph(fact)),
      ...viewButtons(views),
      element("ul", { class: "members" }, ...items),
      rest > 0 && paragraph(`… and ${counted(rest, "node")} more; find them by label`),
    );
  }

  /**
   * A node: its value, its local derivatives, its gradient.
   * @param known whether its value and its gradient are known at this step, and `go`, which leads
   *   to where they are: before, nothing here gives them away
   * @param only whether only the steps that lead to its gradient are taken
   * @param onOnly changes that; null if there are no such steps in this view
   * @param views the views that are offered
   */
  showNode(place, { known, only, onOnly, views }) {
    const record = nodeAt(place);
    const data = real(record.data);
    const isLeaf = !record.operands;
    const formulas = record.formulas ?? [];
    this.show(
      ...this.#head(record.name),
      record.label && paragraph(record.label, "meaning"),
      isLeaf ? paragraph(record.op, "meaning") : formulas.length < 2 && this.meaning(record),
      ...(known.value ? [equation(record.name, formulas, data), exactly(data)] : this.#waiting(record)),
      record.outdated && paragraph(OUTDATED, "warning"),
      known.value && record.operands && this.operands(record, true),
      ...this.#gradient(place, record, known),
      known.gradient && this.#claim(place),
      onOnly && this.#onlySwitch(only, onOnly),
      ...viewButtons(views),
      known.gradient && this.#chain(place, record),
      known.gradient &&
        record.text &&
        element(
          "details",
          { open: "" },
          element("summary", {}, "Derivation"),
          element("pre", {}, ...record.text.split("\n").map(hanging)),
        ),
    );
  }

  #waiting({ name }) {
    return [paragraph(`${name} = ${DASH}`), paragraph("Its value is not computed yet.", "hint")];
  }

  #head(title) {
    const close = { type: "button", class: "close", "aria-label": "Close", click: this.onClose };
    return [element("button", close, "×"), element("h2", {}, title)];
  }

  #onlySwitch(only, onOnly) {
    const box = element("input", { type: "checkbox", id: "only" });
    box.checked = only;
    box.addEventListener("change", () => onOnly(box.checked));
    const text = " step only through what leads to this gradient";
    return element("label", { class: "only" }, box, text);
  }

  #gradient(place, record, known) {
    const symbol = gradientSymbol(record.name);
    if (record.grad === undefined) {
      const text = "There is no gradient yet: call backward() on the output and draw again.";
      return [result(symbol, DASH), paragraph(text, "warning")];
    }
    if (!known.gradient) {
      const button = element("button", { type: "button", click: known.go }, "Go to that step");
      const text = "The backward pass has not completed it yet.";
      return [result(`${symbol} =`, DASH), paragraph(text, "hint"), button];
    }
    const users = (USERS.get(place) ?? []).slice(0, LISTED);
    const rows = users.map(({ node, local }) => {
      const upstream = real(nodeAt(node).grad);
      const product = [figure(upstream), " × ", figure(local, factor)];
      return [
        this.link(node),
        element("span", { class: "formula" }, ...product),
        figure(upstream * local, signed),
      ];
    });
    const rest = record.uses - rows.length;
    if (DATA.outputs.includes(place)) rows.unshift(["itself", "", "1"]);
    if (rest > 0) rows.push([`… and ${counted(rest, "edge")} more`, "", ""]);
    const gradient = real(record.grad);
    return [
      element("h3", {}, `${symbol} = Σ upstream × local`),
      table(["through", "upstream × local", "contribution"], rows),
      result(`${symbol} =`, figure(gradient, signed)),
      exactly(gradient),
      record.recorded !== undefined && paragraph(recordedText(record), "warning"),
    ];
  }

  #claim(place) {
    const claim = DATA.claims?.find(({ node }) => node === place);
    if (!claim) return null;
    const { claimed, difference, differs } = claim;
    const verdict = differs ? "≠ differs" : "= agrees";
    const text =
      `${verdict}: compared gradient ${exact(real(claimed))}, ` +
      `difference ${nine(real(difference))}`;
    return paragraph(text, differs ? "warning" : "agreement");
  }

  /** Every line of the chain rule between the output and the node. */
  #chain(place, record) {
    const paths = record.grad === undefined ? [] : pathsTo(place);
    if (paths.length < 2) return null;
    const lines = paths.slice(0, LISTED).map((at) => chainLine(at));
    const rest = paths.length - lines.length;
    if (rest > 0) lines.push(element("li", {}, `… and ${counted(rest, "line")} more`));
    return element(
      "details",
      { open: paths.length <= 12 ? "" : null },
      element("summary", {}, "The whole chain, from the output"),
      element("ol", { class: "chain" }, ...lines),
    );
  }
}

const OUTDATED =
  "As recorded: the data of an operand has been changed since, so this no longer follows from it.";

/** A line; an indented one goes on further in than it begins. */
function hanging(line) {
  const text = line.trimStart();
  const made = element("div", { class: text === line ? null : "hanging" }, text || "\u00a0");
  if (text !== line) made.style.paddingLeft = `${line.length - text.length + 2}ch`;
  return made;
}

function recordedText({ recorded }) {
  if (recorded === null) return "Its .grad has been cleared since the last backward().";
  return (
    `Its .grad is ${exact(real(recorded))}: backward() has been called more than once since it ` +
    "was cleared, or on another output. The page shows one pass from what is drawn."
  );
}

/** ∂E/∂h = ∂E/∂net · ∂net/∂h = 0.5 × 0.2 = +0.1, without the factor ∂E/∂E. */
function chainLine(place) {
  const users = USERS.get(place) ?? [];
  const name = nameOf(place);
  const isSeed = (node) => DATA.outputs.length === 1 && node === DATA.outputs[0];
  const symbols = users.map(({ node }) => {
    const local = `∂${nameOf(node)}/∂${name}`;
    return isSeed(node) ? local : `${gradientSymbol(nameOf(node))} · ${local}`;
  });
  const terms = users.map(({ node, local }) => {
    const upstream = real(nodeAt(node).grad);
    return isSeed(node) ? nine(local) : `${nine(upstream)} × ${factor(local)}`;
  });
  if (DATA.outputs.includes(place)) {
    symbols.unshift("1");
    terms.unshift("1");
  }
  const shown = terms.length > 4 ? [...terms.slice(0, 4), `… (${terms.length} terms)`] : terms;
  const gradient = real(nodeAt(place).grad);
  const sides = new Set([gradientSymbol(name)]);
  if (users.length && symbols.length <= 2) sides.add(symbols.join(" + "));
  if (users.length) sides.add(shown.join(" + "));
  sides.delete(nine(gradient));
  const value = element("strong", {}, figure(gradient, signed));
  return element("li", {}, `${[...sides].join(" = ")} = `, value);
}
