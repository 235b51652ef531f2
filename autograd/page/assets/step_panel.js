// What happens in a step, in numbers and as a sentence for a screen reader.

class StepPanel extends Panel {
  /** Shows a step and returns it as a sentence. */
  showStep(walk, index) {
    const step = walk.steps[index];
    const describe = {
      start: () => this.#start(),
      value: () => this.#value(walk, step),
      seed: () => this.#seed(walk, step),
      inside: () => this.#inside(walk, step),
      edge: () => this.#edge(walk, index, step),
      end: () => this.#end(),
    };
    const { title, parts, sentence } = describe[step.kind]();
    this.show(element("h2", {}, title), ...parts);
    return sentence;
  }

  #start() {
    const backward = DATA.hasGradients
      ? " The backward pass then carries the gradient back, edge by edge."
      : "";
    const text =
      "The inputs and parameters are given. The forward pass computes every value from its " +
      `operands.${backward}`;
    return { title: "Start: the leaves are given", parts: [paragraph(text)], sentence: text };
  }

  #value(walk, { shape }) {
    const { title, facts, node, data } = walk.shapes[shape];
    const record = nodeAt(node);
    if (walk.isFolded(shape) || !record) {
      const known = facts.filter((fact) => !fact.startsWith("grad "));
      const parts = known.map((fact) => paragraph(fact));
      return { title: `Forward: ${title}`, parts, sentence: `${title} is computed.` };
    }
    const { name, formulas } = record;
    const value = real(data);
    const formula = formulas.at(-2) ?? formulas[0] ?? record.meaning;
    return {
      title: `Forward: ${name} is computed`,
      parts: [
        // Where there is no formula with numbers, as of a choice or of very many operands.
        ...(formulas.length < 2 ? [this.meaning(record), this.operands(record, false)] : []),
        equation(name, formulas, value),
      ],
      sentence: `${name} is ${formula}, which is ${nine(value)}.`,
    };
  }

  #seed(walk, { shape }) {
    const name = this.#nameOf(walk, shape);
    const what = DATA.outputs.length === 1 ? "it" : "the sum of the outputs";
    const text =
      `${gradientSymbol(name)} starts with 1: ` +
      `a small change of ${name} changes ${what} by just as much.`;
    const title = "Backward: the pass starts at the output";
    const sentence = `The backward pass starts at ${name} with the gradient 1.`;
    return { title, parts: [paragraph(text)], sentence };
  }

  #inside(walk, { shape }) {
    const { title, facts } = walk.shapes[shape];
    const text =
      `The pass goes through ${title}, which is folded here; unfold it to see each edge.`;
    const parts = [text, ...facts].map((line) => paragraph(line));
    return { title: `Backward: within ${title}`, parts, sentence: text };
  }

  #edge(walk, index, { arrow }) {
    const { tail, count, edges } = walk.arrows[arrow];
    const to = this.#nameOf(walk, tail);
    const [from] = endsOf(edges[0]);
    const contribution = walk.contribution(arrow);
    const parts = edges.map((edge) => this.#product(edge, walk, arrow));
    const gradient = walk.gradient(tail, index);
    const sum = gradient && this.#runningSum(walk, tail, to, gradient);
    const soFar = gradient ? spokenSum(to, gradient) : "";
    if (count > 1) {
      const edgesText = counted(count, "edge");
      if (count > edges.length) {
        parts.push(paragraph(`… and ${counted(count - edges.length, "edge")} more`));
      }
      if (sum) parts.push(result("together", figure(contribution, signed)), sum);
      const sentence = `${edgesText} lead back to ${to}.${soFar}`;
      return { title: `Backward: ${edgesText} to ${to}`, parts, sentence };
    }
    const [{ upstream, local }] = edges;
    const sentence =
      `From ${from} back to ${to}: the upstream gradient ${nine(real(upstream))} times the local ` +
      `derivative ${nine(real(local))} gives the contribution ${nine(contribution)}.${soFar}`;
    return { title: `Backward: ${from} → ${to}`, parts: sum ? [...parts, sum] : parts, sentence };
  }

  /** upstream × local = contribution, a line each. */
  #product(edge, walk, arrow) {
    const [from, to] = endsOf(edge);
    const [up, along] = [real(edge.upstream), real(edge.local)];
    const formulas = this.#formulas(edge.node, walk, arrow).filter((text) => text !== nine(along));
    const rows = [
      ["", [gradientSymbol(from)], figure(up), "upstream"],
      ["×", [`∂${from}/∂${to}`, ...formulas], figure(along, factor), "local"],
      ["=", ["contribution"], figure(up * along, signed), "contribution"],
    ].map(([sign, [symbol, ...sides], number, kind]) =>
      element(
        "tr",
        { class: kind },
        element("td", { class: "sign" }, sign),
        element(
          "th",
          { scope: "row" },
          symbol,
          ...sides.map((side) => element("div", {}, `= ${side}`)),
        ),
        element("td", { class: "number" }, number),
      ),
    );
    return element("table", { class: "product" }, element("tbody", {}, ...rows));
  }

  #formulas(node, walk, arrow) {
    const { tail, position } = walk.arrows[arrow];
    const operand = nodeAt(node)?.operands?.[position];
    return (operand?.node === walk.shapes[tail].node && operand?.formulas) || [];
  }

  /** The gradient so far as a sum of its last contributions. */
  #runningSum(walk, tail, to, { terms, of, sum }) {
    const amounts = walk.arrivals[walk.home(tail)].slice(0, terms).map((arrival) => arrival.amount);
    const written = amounts.slice(-4).map((x, i) => (i === 0 ? nine(x) : added(x)));
    const all = `${terms > 4 ? "… + " : ""}${written.join(" ")} = `;
    const left = of - terms;
    return result(
      `${gradientSymbol(to)}${left ? " so far" : ""} = ${terms > 1 ? all : ""}`.trimEnd(),
      figure(sum, signed),
      left ? `(${counted(left, "contribution")} still to come)` : "(complete)",
    );
  }

  #end() {
    const title = "Every value is known";
    if (!DATA.hasGradients) {
      const text =
        "backward() has not been called, so there are no gradients yet. Call it on the output " +
        "and draw the graph again: then the page steps through the backward pass, too.";
      return { title, parts: [paragraph(text, "warning")], sentence: `${title}. ${text}` };
    }
    const leaves = PLACES.filter((place) => !nodeAt(place).operands);
    const parameters = leaves.filter((place) => nodeAt(place).op === "parameter");
    const listed = byName(parameters.length ? parameters : leaves);
    const rows = listed.slice(0, LISTED).map((place) => {
      const { data, grad } = nodeAt(place);
      return [this.link(place), figure(real(data)), figure(real(grad), signed)];
    });
    const rest = listed.length - rows.length;
    const advice =
      "Press Play to watch it from the start. Select a node to see where its numbers come from, " +
      "or an edge to see its step. Drag the picture to move it; Fit shows all of it.";
    return {
      title: "Every value and gradient is known",
      parts: [
        paragraph(advice),
        table(["", "value", `∂${OUTPUT}/∂…`], rows),
        rest > 0 && paragraph(`… and ${counted(rest, "leaf node")} more`),
      ],
      sentence: "Every value and gradient is known.",
    };
  }

  #nameOf(walk, shape) {
    const { node, title } = walk.shapes[shape];
    return nodeAt(node)?.name ?? title;
  }
}

function spokenSum(to, { terms, of, sum }) {
  const left = of - terms;
  const rest = left ? `so far; ${counted(left, "contribution")} still to come` : "complete";
  return ` The gradient of ${to} is ${nine(sum)}, ${rest}.`;
}
