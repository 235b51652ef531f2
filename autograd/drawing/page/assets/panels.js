// The texts beside the picture: the step, the selected node, the comparison, what was found.

const LISTED = 60; // rows of a table, and steps of a derivation

class Panels {
  constructor(onPlace) {
    this.onPlace = onPlace; // what a click on a node's name does
    this.step = document.getElementById("step");
    this.node = document.getElementById("node");
  }

  // --- The step -------------------------------------------------------------------------------

  /** Shows a step and returns it as a sentence. */
  showStep(walk, index) {
    const step = walk.steps[index];
    const [title, parts, sentence] = this[`${step.kind}Step`](walk, index, step);
    this.step.replaceChildren(element("h2", {}, title), ...parts);
    return sentence;
  }

  startStep() {
    const text = DATA.hasGradients
      ? "The inputs and parameters are given. The forward pass computes every value from its " +
        "operands; the backward pass then carries the gradient back, edge by edge."
      : "The inputs and parameters are given. The forward pass computes every value from its " +
        "operands.";
    return ["Start: the leaves are given", [element("p", {}, text)], text];
  }

  valueStep(walk, index, { shape }) {
    const { title, facts, node, data } = walk.shapes[shape];
    const record = nodeAt(node);
    if (walk.isFolded(shape) || !record) {
      const parts = facts.map((fact) => element("p", {}, fact));
      return [`Forward: ${title}`, parts, `${title} is computed`];
    }
    const value = six(real(data));
    const sentence = `${record.name} = ${value}, ${record.meaning}`;
    const parts = [
      element("p", { class: "meaning" }, `${record.symbol}: ${record.meaning}`),
      this.#operands(record, false),
      element("p", { class: "result" }, `${record.name} = `, element("strong", {}, value)),
    ];
    return [`Forward: ${record.name} is computed`, parts, sentence];
  }

  seedStep(walk, index, { shape }) {
    const { title } = walk.shapes[shape];
    const name = nodeAt(walk.shapes[shape].node)?.name ?? title;
    const text = `${gradientSymbol(name)} = 1: a small change of ${name} changes ${
      DATA.outputs.length === 1 ? "it" : "the sum of the outputs"
    } by just as much.`;
    return ["Backward: the pass starts at the output", [element("p", {}, text)], text];
  }

  insideStep(walk, index, { shape }) {
    const { title, facts } = walk.shapes[shape];
    const text = `The pass goes through ${title}, which is folded here; unfold it to see each edge.`;
    const lines = [text, ...facts].map((line) => element("p", {}, line));
    return [`Backward: within ${title}`, lines, `The pass goes through ${title}`];
  }

  edgeStep(walk, index, { arrow }) {
    const { tail, count, edges } = walk.arrows[arrow];
    const [to, from] = [this.#nameOf(walk, tail), nameOf(edges[0].node)];
    const contribution = walk.contribution(arrow);
    const parts = edges.map((edge) => this.#product(edge, to, walk, arrow));
    if (count > edges.length) {
      parts.push(element("p", {}, `… and ${counted(count - edges.length, "edge")} more`));
    }
    if (count > 1 && walk.shapes[tail].node !== undefined) {
      parts.push(element("p", { class: "result" }, `together ${signed(contribution)}`));
    }
    const sum = this.#runningSum(walk, index, tail, to);
    if (sum) parts.push(sum);
    const [{ upstream, local }] = edges;
    const sentence =
      count > 1
        ? `${counted(count, "edge")} into ${to}`
        : `From ${from} back to ${to}: ${six(real(upstream))} times ${six(real(local))} = ${
            signed(contribution)
          }. ${sum?.textContent ?? ""}`;
    const title = count > 1 ? `Backward: ${counted(count, "edge")} to ${to}` : `Backward: ${from} → ${to}`;
    return [title, parts, sentence];
  }

  endStep(walk) {
    if (!DATA.hasGradients) {
      const text = "backward() has not been called, so there are no gradients yet: call it on the " +
        "output, draw the graph again, and the page steps through the backward pass, too.";
      return ["Every value is computed", [element("p", { class: "warning" }, text)], text];
    }
    const leaves = PLACES.filter((place) => !nodeAt(place).operands);
    const parameters = leaves.filter((place) => nodeAt(place).op === "parameter");
    const listed = byName(parameters.length ? parameters : leaves);
    const rows = listed.slice(0, LISTED).map((place) => [
      this.#link(place),
      six(real(nodeAt(place).data)),
      signed(real(nodeAt(place).grad)),
    ]);
    const parts = [
      element("p", {}, "Press Play to watch it from the start. Select a node to see where its numbers come from, or an edge to see its step."),
      this.#table(["", "value", `∂${OUTPUT}/∂…`], rows),
    ];
    if (listed.length > LISTED) parts.push(element("p", {}, `… and ${listed.length - LISTED} more`));
    return ["Every value and gradient is known", parts, "Every value and gradient is known"];
  }

  /** upstream × local = contribution, each with its name above it. */
  #product({ node, upstream, local }, to, walk, arrow) {
    const from = nameOf(node);
    const [up, along] = [real(upstream), real(local)];
    const formula = this.#formula(node, walk, arrow);
    const derivative = `∂${from}/∂${to}${formula ? ` = ${formula}` : ""}`;
    const rows = [
      ["", gradientSymbol(from), six(up), "upstream"],
      ["×", derivative, factor(along), "local"],
      ["=", "contribution", signed(up * along), "contribution"],
    ].map(([sign, symbol, number, kind]) =>
      element(
        "tr",
        { class: kind },
        element("td", { class: "sign" }, sign),
        element("th", { scope: "row" }, symbol),
        element("td", { class: "number" }, number),
      ),
    );
    return element("table", { class: "product" }, element("tbody", {}, ...rows));
  }

  #formula(node, walk, arrow) {
    const { tail, position } = walk.arrows[arrow];
    const operand = nodeAt(node)?.operands?.[position];
    return operand && operand.node === walk.shapes[tail].node ? operand.formula : undefined;
  }

  #runningSum(walk, index, tail, to) {
    const gradient = walk.gradient(tail, index);
    if (!gradient) return null;
    const { terms, of, sum } = gradient;
    const amounts = walk.arrivals[tail].slice(0, terms).map((arrival) => arrival.amount);
    const shown = amounts.slice(-4).map((x, i) => (i === 0 ? six(x) : x < 0 || Object.is(x, -0) ? `− ${six(-x)}` : `+ ${six(x)}`));
    const listed = `${amounts.length > 4 ? "… " : ""}${shown.join(" ")}`;
    const sumText = terms > 1 ? `${listed} = ${signed(sum)}` : signed(sum);
    const left = of - terms;
    const rest = left ? `${counted(left, "contribution")} still to come` : "complete";
    return element(
      "p",
      { class: "result" },
      `${gradientSymbol(to)}${left ? " so far" : ""} = `,
      element("strong", {}, sumText),
      element("span", { class: "rest" }, ` (${rest})`),
    );
  }

  // --- The selected node ----------------------------------------------------------------------

  clearNode() {
    this.node.replaceChildren(
      element("p", { class: "hint" }, "Select a node to see where its numbers come from."),
    );
  }

  /** A folded shape: what is in it. */
  showFolded(walk, shape, unfold) {
    const { title, facts, members = [] } = walk.shapes[shape];
    const list = element("ul", { class: "members" });
    for (const place of members.slice(0, LISTED)) list.append(element("li", {}, this.#link(place)));
    const rest = members.length - LISTED;
    this.node.replaceChildren(
      element("h2", {}, title),
      ...facts.map((fact) => element("p", {}, fact)),
      ...unfold.map(({ name, action }) => element("button", { type: "button", click: action }, `Show ${name}`)),
      list,
      rest > 0 ? element("p", {}, `… and ${counted(rest, "node")} more; find them by label`) : "",
    );
  }

  showNode(place, { only, onOnly, buttons }) {
    const record = nodeAt(place);
    const kind = record.operands ? `${record.symbol}: ${record.meaning}` : record.op;
    this.node.replaceChildren(
      element("h2", {}, record.name),
      element("p", { class: "meaning" }, kind),
      element(
        "p",
        { class: "result" },
        "value ",
        element("strong", { title: exact(real(record.data)) }, six(real(record.data))),
        element("span", { class: "rest" }, ` ${exact(real(record.data))}`),
      ),
      record.operands ? this.#operands(record, true) : "",
      ...this.#gradient(place, record),
      ...this.#claim(place),
      onOnly
        ? element("label", { class: "only" }, this.#checkbox(only, onOnly), " step only through what leads to this gradient")
        : "",
      ...buttons.map(({ name, action }) => element("button", { type: "button", click: action }, `Show ${name}`)),
      ...this.#whole(place, record),
    );
  }

  #checkbox(checked, onChange) {
    const box = element("input", { type: "checkbox", id: "only" });
    box.checked = checked;
    box.addEventListener("change", () => onChange(box.checked));
    return box;
  }

  #operands(record, withLocal) {
    const rows = record.operands.slice(0, LISTED).map((operand) => {
      const { node, value, name } = operand;
      if (node === undefined) return ["number", six(real(value)), ...(withLocal ? [""] : [])];
      const known = nodeAt(node);
      const local = operand.formula
        ? `${operand.formula} = ${six(real(operand.local))}`
        : six(real(operand.local));
      return [
        known ? this.#link(node) : name,
        six(real(known ? known.data : value)),
        ...(withLocal ? [element("span", { class: "formula" }, local)] : []),
      ];
    });
    const rest = record.operands.length - rows.length + (record.rest ?? 0);
    if (rest > 0) rows.push([`… and ${counted(rest, "operand")} more`, "", ...(withLocal ? [""] : [])]);
    const head = ["operand", "value", ...(withLocal ? [`∂${record.name}/∂operand`] : [])];
    return this.#table(head, rows);
  }

  #gradient(place, record) {
    const symbol = gradientSymbol(record.name);
    if (record.grad === undefined) {
      return [
        element("p", { class: "result" }, `${symbol} ${DASH}`),
        element("p", { class: "warning" }, "There is no gradient yet: call backward() on the output and draw again."),
      ];
    }
    const users = USERS.get(place) ?? [];
    const rows = users.slice(0, LISTED).map(({ node, local }) => {
      const upstream = real(nodeAt(node).grad);
      return [this.#link(node), `${six(upstream)} × ${factor(local)}`, signed(upstream * local)];
    });
    const hidden = record.uses - rows.length;
    if (hidden > 0) rows.push([`… and ${counted(hidden, "edge")} more`, "", ""]);
    const isOutput = DATA.outputs.includes(place);
    if (isOutput) rows.unshift(["itself", "", "1"]);
    const gradient = real(record.grad);
    return [
      element("h3", {}, `${symbol} = Σ upstream × local`),
      this.#table(["through", "upstream × local", "contribution"], rows),
      element("p", { class: "result" }, `${symbol} = `, element("strong", {}, signed(gradient)),
        element("span", { class: "rest" }, ` ${exact(gradient)}`)),
      ...this.#recorded(record),
    ];
  }

  #recorded({ recorded }) {
    if (recorded === undefined) return [];
    const text =
      recorded === null
        ? "Its .grad has been cleared since the last backward()."
        : `Its .grad is ${exact(real(recorded))}: backward() has been called more than once since it ` +
          "was cleared, or on another output. The page shows one pass from what is drawn.";
    return [element("p", { class: "warning" }, text)];
  }

  /** Every line of the chain rule between the output and a node. */
  #whole(place, record) {
    const parts = [];
    const paths = pathsTo(place);
    if (record.grad !== undefined && paths.length > 1) {
      const lines = paths.slice(0, LISTED).map((at) => {
        const users = USERS.get(at) ?? [];
        const terms = users.map(({ node, local }) => `${six(real(nodeAt(node).grad))} × ${factor(local)}`);
        if (DATA.outputs.includes(at)) terms.unshift("1");
        const symbols = users.map(({ node }) => `${gradientSymbol(nameOf(node))} · ∂${nameOf(node)}/∂${nameOf(at)}`);
        const shown = terms.length > 4 ? [...terms.slice(0, 4), `… (${terms.length} terms)`] : terms;
        const left = symbols.length > 0 && symbols.length <= 2 ? ` = ${symbols.join(" + ")}` : "";
        const result = signed(real(nodeAt(at).grad));
        const numbers = shown.length === 1 && shown[0] === "1" ? "" : `${shown.join(" + ")} = `;
        return element("li", {}, `${gradientSymbol(nameOf(at))}${left} = ${numbers}`, element("strong", {}, result));
      });
      const rest = paths.length - lines.length;
      if (rest > 0) lines.push(element("li", {}, `… ${counted(rest, "step")} more`));
      parts.push(element("details", { open: lines.length <= 12 ? "" : null },
        element("summary", {}, "The whole chain, from the output"), element("ol", { class: "chain" }, ...lines)));
    }
    if (record.text) {
      parts.push(element("details", { open: "" }, element("summary", {}, "Derivation"),
        element("pre", { class: "derivation" }, record.text)));
    }
    return parts;
  }

  // --- The comparison -------------------------------------------------------------------------

  #claim(place) {
    const claim = DATA.claims?.find(({ node }) => node === place);
    if (!claim) return [];
    return [
      element("p", { class: claim.differs ? "warning" : "agreement" },
        `${claim.differs ? "≠ differs" : "= agrees"}: compared gradient ${exact(real(claim.claimed))}, difference ${six(real(claim.difference))}`),
    ];
  }

  showComparison() {
    if (!DATA.claims) return;
    const section = document.getElementById("comparison");
    const wrong = DATA.claims.filter((claim) => claim.differs).length;
    const rows = DATA.claims.map(({ node, claimed, difference, differs }) => [
      this.#link(node),
      signed(real(nodeAt(node).grad)),
      signed(real(claimed)),
      real(difference).toPrecision(2),
      differs ? element("strong", { class: "differs" }, "≠ differs") : "= agrees",
    ]);
    const summary = wrong
      ? `${wrong} of ${counted(DATA.claims.length, "gradient")} ${wrong === 1 ? "differs" : "differ"} beyond rounding`
      : `all of ${counted(DATA.claims.length, "gradient")} agree`;
    section.replaceChildren(
      element("h2", {}, "Gradients compared"),
      element("p", {}, `${summary} (1e-6 of their size).`),
      this.#table(["", "engine", "compared", "difference", ""], rows),
    );
    section.hidden = false;
  }

  // --- Search and notes -----------------------------------------------------------------------

  /** Lists nodes by their labels and returns their places. */
  showFound(text) {
    const results = document.getElementById("results");
    results.hidden = !text;
    const wanted = text.toLowerCase();
    const places = text
      ? byName(PLACES.filter((place) => nodeAt(place).name.toLowerCase().includes(wanted)))
      : [];
    document.getElementById("found").textContent = text ? `${counted(places.length, "node")} found` : "";
    const items = places.slice(0, LISTED).map((place) => element("li", {}, this.#link(place)));
    if (places.length > LISTED) items.push(element("li", {}, "…"));
    document.getElementById("hits").replaceChildren(...items);
    return places;
  }

  showNotes(view) {
    const notes = [];
    if (view.shapes.some((shape) => shape.members)) {
      notes.push(`Folded: this picture stands for ${DATA.size}.`);
    }
    if (DATA.leftOut.length) {
      notes.push(`Too large to be in this page: ${DATA.leftOut.join("; ")}.`);
    }
    if (Object.values(DATA.nodes).some((node) => node.recorded !== undefined)) {
      notes.push("Some nodes hold another .grad, as backward() was called more than once or on another output; the page shows one pass from what is drawn. Select a node to see both.");
    }
    document.getElementById("notes").replaceChildren(...notes.map((note) => element("p", {}, note)));
  }

  #nameOf(walk, shape) {
    const { node, title } = walk.shapes[shape];
    return nodeAt(node)?.name ?? title;
  }

  #link(place) {
    if (!nodeAt(place)) return nameOf(place);
    return element("button", { type: "button", class: "link", click: () => this.onPlace(place) }, nameOf(place));
  }

  #table(head, rows) {
    const cells = (tag, row) => row.map((cell) => element(tag, tag === "th" ? { scope: "col" } : {}, cell));
    return element(
      "div",
      { class: "scroll" },
      element("table", {},
        element("thead", {}, element("tr", {}, ...cells("th", head))),
        element("tbody", {}, ...rows.map((row) => element("tr", {}, ...cells("td", row))))),
    );
  }
}
