// The steps of one view, and what is known of its shapes and arrows at each of them.
//
// A step is {kind, shape?, arrow?}:
//   start   the leaves are given
//   value   a shape is computed from its operands
//   seed    the gradient of an output by itself is 1
//   inside  the reverse pass goes through a folded shape
//   edge    upstream × local goes along an arrow
//   end     everything is known
// The state at a step follows from the step alone, so that the slider can jump.

const LEAVES = new Set(["input", "parameter", "constant"]);

class Walk {
  constructor(view) {
    this.view = view;
    this.shapes = view.shapes;
    this.arrows = view.arrows;
    this.incoming = this.shapes.map(() => []);
    this.outgoing = this.shapes.map(() => []);
    this.places = new Map();
    this.copies = new Map(); // where a shape is drawn again
    this.shapes.forEach(({ again }, i) => {
      if (again !== undefined) this.copies.set(again, [...(this.copies.get(again) ?? []), i]);
    });
    this.shapes.forEach(({ node, members = [], again }, i) => {
      if (again !== undefined) return;
      for (const place of members) this.places.set(place, i);
      if (node !== undefined) this.places.set(node, i);
    });
    this.arrows.forEach((arrow, i) => {
      this.incoming[arrow.head].push(i);
      this.outgoing[arrow.tail].push(i);
    });
    for (const arrows of this.incoming) {
      arrows.sort((a, b) => (this.arrows[a].position ?? 0) - (this.arrows[b].position ?? 0));
    }
    this.steps = [{ kind: "start" }];
    this.computedAt = this.shapes.map(() => 0);
    this.reachedAt = this.arrows.map(() => Infinity);
    this.arrivals = this.shapes.map(() => []);
    this.completeAt = this.shapes.map(() => 0);
    this.#forward();
    this.backwardStart = this.steps.length;
    if (DATA.hasGradients) this.#backward();
    this.steps.push({ kind: "end" });
    this.last = this.steps.length - 1;
    this.completeAt = this.completeAt.map((step) => step || this.last);
  }

  #forward() {
    for (const shape of this.view.order) {
      if (LEAVES.has(this.shapes[shape].kind) || this.home(shape) !== shape) continue;
      this.computedAt[shape] = this.steps.length;
      this.steps.push({ kind: "value", shape });
    }
  }

  #backward() {
    for (const shape of this.view.order.toReversed()) {
      if (DATA.outputs.includes(this.shapes[shape].node) && this.home(shape) === shape) {
        this.arrivals[shape].push({ step: this.steps.length, amount: 1, sum: 1 });
        this.completeAt[shape] = this.steps.length;
        this.steps.push({ kind: "seed", shape });
      }
    }
    for (const shape of this.view.order.toReversed()) {
      if (this.home(shape) !== shape) continue;
      const folded = !LEAVES.has(this.shapes[shape].kind) && this.isFolded(shape);
      if (folded) {
        this.completeAt[shape] = this.steps.length;
        this.steps.push({ kind: "inside", shape });
      }
      for (const arrow of this.incoming[shape]) {
        if (!this.arrows[arrow].edges) continue; // from a plain number
        const tail = this.home(this.arrows[arrow].tail);
        this.reachedAt[arrow] = this.completeAt[tail] = this.steps.length;
        this.#arrive(arrow);
        this.steps.push({ kind: "edge", arrow });
      }
    }
    // An arrow of several edges adds these before the others: there the engine has the last word.
    this.shapes.forEach((shape, i) => {
      const several = this.outgoing[i].some((arrow) => this.arrows[arrow].count > 1);
      if (several && shape.grad !== undefined) this.arrivals[this.home(i)].at(-1).sum = real(shape.grad);
    });
  }

  #arrive(arrow) {
    const tail = this.home(this.arrows[arrow].tail);
    if (this.shapes[tail].node === undefined) return;
    const amount = this.contribution(arrow);
    const before = this.arrivals[tail].at(-1);
    // The engine's sums begin with a zero, which turns -0 into 0.
    const sum = (before ? before.sum : 0) + amount;
    this.arrivals[tail].push({ step: this.steps.length, arrow, amount, sum });
  }

  /** The shape itself, or the one that it is drawn again from. */
  home(shape) {
    return this.shapes[shape].again ?? shape;
  }

  isFolded(shape) {
    return this.shapes[shape].node === undefined || this.shapes[shape].kind === "neuron";
  }

  /** What an arrow adds to the gradient of its tail. */
  contribution(arrow) {
    const { edges, sum } = this.arrows[arrow];
    return sum === undefined ? real(edges[0].upstream) * real(edges[0].local) : real(sum);
  }

  isComputed(shape, step) {
    return this.computedAt[this.home(shape)] <= step;
  }

  /** Whether the value and the gradient of a node are known; of one without a shape, at the end. */
  known(shape, step) {
    const home = shape === null ? null : this.home(shape);
    const value = home === null ? this.last : this.computedAt[home];
    const gradient = home === null ? this.last : this.completeAt[home];
    return { value: value <= step, gradient: gradient <= step, gradientAt: gradient };
  }

  /** The gradient of a shape so far: {sum, terms, of}, or null before anything has come. */
  gradient(shape, step) {
    const all = this.arrivals[this.home(shape)];
    let terms = 0;
    while (terms < all.length && all[terms].step <= step) terms += 1;
    return terms ? { sum: all[terms - 1].sum, terms, of: all.length } : null;
  }

  /** "idle" before the head is computed, "ready", "lit" in its own step, "done". */
  arrowState(arrow, step) {
    const reached = this.reachedAt[arrow];
    if (reached === step) return "lit";
    if (reached < step) return "done";
    return this.isComputed(this.arrows[arrow].head, step) ? "ready" : "idle";
  }

  /** The shapes and arrows that a step is about, where something arrives first. */
  subject(step) {
    const { kind, shape, arrow } = this.steps[step];
    if (kind === "edge") {
      const { tail, head } = this.arrows[arrow];
      return { shapes: [tail, head], arrows: [arrow] };
    }
    if (kind === "value") return { shapes: [shape], arrows: this.incoming[shape] };
    return { shapes: shape === undefined ? [] : [shape], arrows: [] };
  }

  /** A shape wherever it is drawn. */
  drawnAs(shape) {
    const home = this.home(shape);
    return [home, ...(this.copies.get(home) ?? [])];
  }

  /** The shape of a node in this view, or the folded one that it is part of; null without. */
  shapeOf(place) {
    return this.places.get(place) ?? null;
  }

  /** The shapes and arrows through which a gradient reaches a shape. */
  pathsTo(shape) {
    const shapes = new Set();
    const arrows = new Set();
    const stack = this.drawnAs(shape);
    while (stack.length) {
      const next = stack.pop();
      if (shapes.has(next)) continue;
      shapes.add(next);
      for (const arrow of this.outgoing[next]) {
        arrows.add(arrow);
        stack.push(...this.drawnAs(this.arrows[arrow].head));
      }
    }
    return { shapes, arrows };
  }

  /** What a step is about, in names: the same step of another graph has the same ones. */
  described(step) {
    const { kind, shape, arrow } = this.steps[step];
    if (kind === "edge") return [kind, ...endsOf(this.arrows[arrow].edges[0])].join(" ");
    return shape === undefined ? kind : `${kind} ${this.shapes[shape].title}`;
  }

  /** The step that comes nearest to one of the walk through another graph: see `placeOf`. */
  like({ step, last, backwardStart, what }) {
    if (step === last) return this.last;
    const isSame = (i) => this.described(i) === what;
    const isLike = last === this.last && this.steps[step].kind === what.split(" ")[0];
    if (isLike || (step < this.last && isSame(step))) return step;
    const found = this.steps.map((_, i) => i).filter(isSame);
    if (found.length) return found.sort((a, b) => Math.abs(a - step) - Math.abs(b - step))[0];
    if (step < backwardStart) return Math.min(step, this.backwardStart - 1);
    return Math.min(this.backwardStart + step - backwardStart, this.last - 1);
  }

  /** The step of this view that comes nearest to a step of another one. */
  nearest(other, step) {
    const { kind, shape, arrow } = other.steps[step];
    if (kind === "end") return this.last;
    if (kind === "start") return 0;
    if (kind === "value") {
      const own = this.shapeOf(other.shapes[shape].node);
      return own === null ? 0 : this.computedAt[own];
    }
    if (kind !== "edge") return this.backwardStart;
    const node = other.arrows[arrow].edges[0].node;
    const found = this.steps.findIndex(
      (s) => s.kind === "edge" && this.arrows[s.arrow].edges.some((edge) => edge.node === node),
    );
    return found < 0 ? this.backwardStart : found;
  }
}
