// Numbers that the reader changes: both passes are computed anew from what is known of each node.

const EDITED = "Computed in this page, from the changed numbers.";

/** What other numbers could change that the graph does not know. */
function choicesKept() {
  const { choices } = DATA;
  if (!choices.length) return "";
  const names = choices.slice(0, 3).map((place) => `${nameOf(place)} = ${nodeAt(place).op}(…)`);
  const rest = choices.length > 3 ? ` and ${choices.length - 3} more` : "";
  const verb = choices.length > 1 ? "go on taking the operands that they took" : "goes on taking the operand that it took";
  return `${names.join(", ")}${rest} ${verb}: the condition is not part of the graph. If it would be ` +
    "another one with these numbers, run the program again.";
}

class Live {
  /** @param refresh shows the new numbers */
  constructor(refresh) {
    this.refresh = refresh;
    this.changes = new Map(); // by the places of leaves
    this.earlier = []; // the changes before each one
    this.begun = null; // the changes before one that is under way
  }

  get isPossible() {
    return DATA.still === "";
  }

  get isChanged() {
    return this.changes.size > 0;
  }

  /** Shows a leaf with another number, until that is kept or given up. */
  preview(place, number) {
    this.begun ??= this.changes;
    this.#apply(new Map(this.begun).set(place, number));
  }

  /** Keeps what was shown last, so that it can be undone. */
  keep() {
    if (this.begun !== null) this.earlier.push(this.begun);
    this.begun = null;
    this.refresh();
  }

  /** A step of gradient descent. Returns how many leaves it moved. */
  step(rate) {
    const moved = new Map(this.changes);
    const leaves = movable();
    for (const place of leaves) {
      const { data, grad } = nodeAt(place);
      moved.set(place, real(data) - rate * real(grad));
    }
    if ([...moved.values()].some((x) => !Number.isFinite(x))) return 0;
    this.earlier.push(this.changes);
    this.#apply(moved);
    return leaves.length;
  }

  /** Shows the numbers of an exercise, from which nothing is undone. */
  show(changes) {
    this.earlier = [];
    this.begun = null;
    this.#apply(changes);
  }

  undo() {
    const before = this.earlier.pop();
    if (before) this.#apply(before);
  }

  reset() {
    if (!this.isChanged) return;
    this.earlier.push(this.changes);
    this.#apply(new Map());
  }

  #apply(changes) {
    this.changes = changes;
    Object.assign(DATA, recorded());
    if (changes.size) computeAnew(changes);
    USERS = usersOfAll();
    this.refresh();
  }
}

/** The leaves that a step moves: the parameters, or all if there are none. */
function movable() {
  const leaves = PLACES.filter((place) => !nodeAt(place).operands);
  const parameters = leaves.filter((place) => nodeAt(place).op === "parameter");
  return parameters.length ? parameters : leaves;
}

/** A number as the data island has it. */
const stored = (x) => (Number.isFinite(x) ? x : Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf");

/** Sets every number of DATA to what follows from other numbers of leaves. */
function computeAnew(changes) {
  for (const [place, number] of changes) nodeAt(place).data = stored(number);
  for (const place of PLACES) {
    const node = nodeAt(place);
    delete node.text; // was written of the recorded numbers
    delete node.recorded;
    delete node.outdated;
    if (!node.operands) continue;
    const numbers = node.operands.map((operand) =>
      real(operand.node === undefined ? operand.value : nodeAt(operand.node).data),
    );
    const [value, partials] = FORMS[node.form](...numbers);
    node.data = stored(value);
    node.formulas = node.formulas.slice(0, node.lasting);
    node.operands.forEach((operand, i) => {
      if (operand.node === undefined) return;
      operand.local = stored(partials[i]);
      operand.formulas = operand.formulas?.slice(0, operand.lasting ?? 0);
    });
  }
  if (DATA.hasGradients) accumulate();
  DATA.outdated = [];
  DATA.claims = null; // they are gradients at the recorded numbers
  for (const view of DATA.views) renumber(view);
}

/** The gradient of the sum of the outputs by every node, added up as the engine does. */
function accumulate() {
  const sums = new Map(PLACES.map((place) => [place, DATA.outputs.includes(place) ? 1 : 0]));
  for (const place of PLACES.toReversed()) {
    const upstream = sums.get(place);
    for (const { node, local } of nodeAt(place).operands ?? []) {
      if (node !== undefined) sums.set(node, sums.get(node) + upstream * real(local));
    }
  }
  for (const place of PLACES) nodeAt(place).grad = stored(sums.get(place));
}

/** Brings the shapes and arrows of a view up to the nodes. */
function renumber({ shapes, arrows }) {
  const shapeOf = new Map();
  shapes.forEach((shape, i) => {
    for (const place of shape.members ?? []) shapeOf.set(place, i);
    if (shape.node === undefined) return;
    if (shape.again === undefined) shapeOf.set(shape.node, i);
    const { data, grad } = nodeAt(shape.node);
    Object.assign(shape, { data }, grad === undefined ? {} : { grad });
    const gradient = grad === undefined ? DASH : signed(real(grad), six);
    shape.facts = [...shape.facts.slice(0, -2), `data ${six(real(data))}`, `grad ${gradient}`];
  });
  for (const arrow of arrows) {
    if (!arrow.edges) continue;
    const edges = arrow.count > 1 ? edgesBetween(shapes, shapeOf, arrow) : [edgeOf(arrow)];
    arrow.edges.forEach((edge, i) => Object.assign(edge, edges[i]));
    if (arrow.count > 1) {
      arrow.sum = stored(
        edges.reduce((sum, { upstream, local }) => sum + real(upstream ?? 0) * real(local), 0),
      );
    }
  }
}

/** Upstream and local derivative of an arrow of one edge. */
function edgeOf({ edges, position }) {
  const { grad = null, operands } = nodeAt(edges[0].node);
  return { upstream: grad, local: operands[position].local };
}

/** The same of each edge between two shapes, operand by operand. */
function edgesBetween(shapes, shapeOf, { tail, head }) {
  const { members, node } = shapes[head];
  return (members ?? [node]).flatMap((place) => {
    const { grad = null, operands = [] } = nodeAt(place);
    return operands
      .filter((operand) => operand.node !== undefined && shapeOf.get(operand.node) === tail)
      .map(({ local }) => ({ upstream: grad, local }));
  });
}
