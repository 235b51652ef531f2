// The SVG of a view: what each of its parts shows at a step.

const SPOKEN = {
  differs: "differs from the compared gradient",
  agrees: "agrees with the compared gradient",
  found: "found",
};

const FAR = 84; // units that the numbers of an arrow may be from it

class Picture {
  constructor(svg, walk, onShape, onArrow) {
    this.svg = svg;
    this.walk = walk;
    const parts = (selector, key) => {
      const list = [];
      for (const part of svg.querySelectorAll(selector)) list[Number(part.dataset[key])] = part;
      return list;
    };
    this.nodes = parts(".node", "shape");
    this.edges = parts(".edge", "arrow");
    this.shapes = walk.shapes.map((shape, i) => this.#bindShape(shape, i, onShape));
    this.arrows = walk.arrows.map((arrow, i) => this.#bindArrow(arrow, i, onArrow));
    this.focused = walk.view.order.at(-1);
    this.nodes[this.focused].setAttribute("tabindex", "0");
    svg.setAttribute("role", "group");
    svg.setAttribute("aria-label", `Graph of ${OUTPUT}; arrow up and down go from node to node`);
    svg.addEventListener("keydown", (event) => this.#onKey(event, onShape));
  }

  #bindShape(shape, i, onShape) {
    const group = this.nodes[i];
    const texts = [...group.querySelectorAll("text")];
    const [data, grad] = shape.node === undefined ? [] : texts.slice(-2);
    this.isTerse ||= data !== undefined && !data.textContent.startsWith("data ");
    group.setAttribute("role", "button");
    group.setAttribute("tabindex", "-1");
    group.addEventListener("click", () => onShape(i));
    return { group, data, grad, full: [data?.textContent, grad?.textContent], shown: "" };
  }

  #bindArrow(arrow, i, onArrow) {
    const group = this.edges[i];
    const text = group.querySelector("text");
    if (arrow.edges) group.addEventListener("click", () => onArrow(i));
    const path = group.querySelector("path");
    const target = path.cloneNode(); // a line that is broad enough to be hit
    target.setAttribute("class", "target");
    group.prepend(target);
    return { group, text, full: text?.textContent, state: "" };
  }

  /** Goes on with other numbers: texts and signs are those of the walk. */
  rewrite(walk) {
    this.walk = walk;
    this.shapes.forEach((part, i) => {
      const { node, data, grad } = walk.shapes[i];
      if (node === undefined) return;
      const gradient = grad === undefined ? DASH : signed(real(grad), this.digits);
      part.full = [this.#worded("data", this.digits(real(data))), this.#worded("grad", gradient)];
      part.shown = "";
    });
    this.arrows.forEach((part, i) => {
      const { edges, count } = walk.arrows[i];
      part.state = "";
      if (!edges || count > 1) return;
      const local = real(edges[0].local);
      const upstream = edges[0].upstream === null ? null : real(edges[0].upstream);
      const share = upstream === null ? 0 : upstream * local;
      if (part.text) {
        const product = `${six(upstream)} × ${six(local)} = ${signed(share, six)}`;
        part.full = upstream === null ? six(local) : product;
      }
      part.floating?.remove();
      part.floating = null;
      const [sign] = [["positive", share > 0], ["negative", share < 0]].find(([, is]) => is) ?? [];
      if (sign) part.group.dataset.sign = sign;
      else delete part.group.dataset.sign;
      const line = part.group.querySelector("path:not(.target)");
      if (sign === "negative") line.setAttribute("stroke-dasharray", "5,2");
      else line.removeAttribute("stroke-dasharray");
    });
  }

  #onKey(event, onShape) {
    const { order } = this.walk.view;
    const place = order.indexOf(this.focused);
    if (event.key === "ArrowDown" && place + 1 < order.length) this.focus(order[place + 1]);
    else if (event.key === "ArrowUp" && place > 0) this.focus(order[place - 1]);
    else if (event.key === "Enter" || event.key === " ") onShape(this.focused);
    else if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Moves the one tab stop of the picture to a shape, and the focus with it. */
  focus(shape) {
    this.nodes[this.focused].setAttribute("tabindex", "-1");
    this.focused = shape;
    this.nodes[shape].setAttribute("tabindex", "0");
    this.nodes[shape].focus({ preventScroll: true });
  }

  /** Shows a step; only what has changed is written. */
  show(step, { selected, paths, lit: onPaths, marks, hidesLocals }) {
    const { shapes: lit, arrows: litArrows } = this.walk.subject(step);
    const litShapes = new Set(lit);
    const lights = new Set(litArrows);
    const home = selected === null ? null : this.walk.home(selected);
    this.shapes.forEach((part, i) => {
      const isSelected = this.walk.home(i) === home;
      const mark = marks.get(this.walk.home(i));
      const known = this.walk.isComputed(i, step);
      const data = known ? part.full[0] : this.#worded("data", DASH);
      const grad = this.#gradientText(part, i, step);
      const state = litShapes.has(i) ? "lit" : known ? "done" : "idle";
      const dim = paths !== null && !paths.shapes.has(i);
      const shown = `${state} ${dim} ${isSelected} ${mark ?? ""} ${data} ${grad}`;
      if (shown === part.shown) return;
      part.shown = shown;
      const { group } = part;
      group.dataset.state = state;
      group.toggleAttribute("data-dim", dim);
      group.setAttribute("aria-pressed", String(isSelected));
      this.#mark(group, mark);
      if (part.data) {
        part.data.textContent = data;
        part.grad.textContent = grad;
      }
      group.setAttribute("aria-label", this.#spoken(i, data, grad, mark));
    });
    this.arrows.forEach((part, i) => {
      const state = lights.has(i) ? "lit" : this.walk.arrowState(i, step);
      const dim = paths !== null && !paths.arrows.has(i);
      const onPath = onPaths !== null && onPaths.arrows.has(i);
      const isBack = lights.has(i) && this.walk.steps[step].kind === "edge";
      const reached = this.walk.reachedAt[i] <= step || this.walk.steps[step].kind === "end";
      const shown = `${state} ${dim} ${reached} ${onPath} ${isBack} ${hidesLocals}`;
      if (shown === part.state) return;
      part.state = shown;
      part.group.dataset.state = state;
      part.group.toggleAttribute("data-dim", dim);
      part.group.toggleAttribute("data-path", onPath);
      part.group.toggleAttribute("data-back", isBack);
      if (isBack && !part.back) part.back = backwards(part.group);
      if (isBack) part.floating ??= this.#float(part, i);
      else part.floating?.remove();
      if (!isBack) part.floating = null;
      if (part.text) part.text.textContent = this.#arrowText(part, i, state, reached, hidesLocals);
      if (state === "lit") part.group.parentNode.append(part.group); // above its neighbours
    });
  }

  /** As many digits as the layout has. */
  get digits() {
    return this.isTerse ? (x) => significant(x, 4) : six;
  }

  #worded(word, text) {
    return this.isTerse ? text : `${word} ${text}`;
  }

  /** Measures what can be measured only once the picture is on the page. */
  prepare() {
    for (const part of this.shapes) part.shown = "";
    for (const part of this.arrows) part.state = "";
  }

  /** upstream × local = contribution over an arrow that has no numbers of its own. */
  #float(part, i) {
    const { edges, count } = this.walk.arrows[i];
    if (part.text || count > 1 || edges[0].upstream === null) return null;
    const [upstream, local] = [real(edges[0].upstream), real(edges[0].local)];
    const path = part.group.querySelector("path:not(.target)");
    const middle = path.getPointAtLength(path.getTotalLength() / 2);
    const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
    text.setAttribute("class", "floating");
    text.textContent = `${six(upstream)} × ${six(local)} = ${signed(upstream * local, six)}`;
    part.group.append(text);
    const { x, y } = this.#clear(text, middle, i);
    text.setAttribute("x", x);
    text.setAttribute("y", y);
    return text;
  }

  /** Where a text near a point hides the least of the shapes, of those of its arrow above all. */
  #clear(text, { x, y }, arrow) {
    const [width, height] = [text.getComputedTextLength() + 4, 12];
    this.boxes ??= this.nodes.map((node) => node.getBBox());
    const { tail, head } = this.walk.arrows[arrow];
    const around = { x: x - width - FAR, y: y - 2 * FAR, width: 2 * (width + FAR), height: 4 * FAR };
    const near = this.boxes.filter((box) => shared(box, around) > 0);
    const boxes = [...near, this.boxes[tail], this.boxes[head]];
    const { width: paperWidth, height: paperHeight } = this.svg.viewBox.baseVal;
    const { e, f } = this.svg.querySelector(".graph").transform.baseVal.consolidate().matrix;
    const paper = { x: -e, y: -f, width: paperWidth, height: paperHeight };
    let best = null;
    for (let down = -FAR; down <= FAR; down += 6) {
      for (let across = -FAR - width / 2; across <= FAR + width / 2; across += 6) {
        const box = { x: x + across - width / 2, y: y + down - 9, width, height };
        const outside = width * height - shared(box, paper);
        const hidden = boxes.reduce((sum, other) => sum + shared(box, other), 2 * outside);
        // What is hidden counts most, then how far the text is from the middle of its arrow.
        const cost = 100 * hidden + Math.hypot(across, down);
        if (best === null || cost < best.cost) best = { cost, x: x + across, y: y + down };
      }
    }
    return best;
  }

  #gradientText(part, i, step) {
    const gradient = this.walk.gradient(i, step);
    if (gradient === null) return this.#worded("grad", DASH);
    return gradient.terms === gradient.of
      ? part.full[1]
      : `Σ ${signed(gradient.sum, this.digits)} …`;
  }

  #arrowText(part, i, state, reached, hidesLocals) {
    const { edges, count } = this.walk.arrows[i];
    if (hidesLocals && !reached) return "";
    if (reached || !edges || count > 1) return part.full;
    return state === "idle" ? "" : six(real(edges[0].local));
  }

  /** A sign that does not depend on colour: text below the shape. */
  #mark(group, mark) {
    group.querySelector(".mark")?.remove();
    if (mark === undefined) {
      delete group.dataset.mark;
      return;
    }
    group.dataset.mark = mark;
    if (mark === "found") return;
    const box = group.getBBox();
    const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
    text.setAttribute("class", "mark");
    text.setAttribute("x", box.x + box.width - 2);
    text.setAttribute("y", box.y + 4);
    text.textContent = mark === "differs" ? "≠" : "=";
    group.append(text);
  }

  #spoken(i, data, grad, mark) {
    const { kind, title, facts, node } = this.walk.shapes[i];
    const spoken = () => [
      `data ${data.replace(/^data /, "")}`,
      `gradient ${grad.replace(/^grad |^Σ /, "")}`,
    ];
    const numbers = node === undefined ? facts : spoken();
    return [title, kind, ...numbers, ...(mark ? [SPOKEN[mark]] : [])].join(", ");
  }
}

/** The area that two boxes have in common. */
function shared(a, b) {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(width, 0) * Math.max(height, 0);
}

/** An arrowhead at the start of an arrow, which points against it, as the gradient goes. */
function backwards(group) {
  const path = group.querySelector("path:not(.target)");
  const [at, inside] = [path.getPointAtLength(0), path.getPointAtLength(9)];
  const angle = Math.atan2(inside.y - at.y, inside.x - at.x);
  const corner = (along, across) => {
    const x = at.x + along * Math.cos(angle) - across * Math.sin(angle);
    const y = at.y + along * Math.sin(angle) + across * Math.cos(angle);
    return `${x.toFixed(2)},${y.toFixed(2)}`;
  };
  const head = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
  head.setAttribute("class", "back");
  head.setAttribute("points", `${corner(0, 0)} ${corner(11, -5)} ${corner(11, 5)}`);
  group.append(head);
  return head;
}
