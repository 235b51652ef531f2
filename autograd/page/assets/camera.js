// Zoom and pan, by a CSS transform: a changed viewBox would lay out every text of the SVG again.

const LEGIBLE = 0.8; // pixels for a unit of the picture, whose text is 9 to 11 units high
const MARGIN = 24;

class Camera {
  /** @param onResize is called when the stage has another size, before its picture follows */
  constructor(stage, reduced, onResize) {
    this.stage = stage;
    this.onResize = onResize;
    this.reduced = reduced; // a MediaQueryList: whether the reader prefers no motion
    this.pointers = new Map();
    stage.addEventListener("wheel", (event) => this.#onWheel(event), { passive: false });
    stage.addEventListener("pointerdown", (event) => this.#onDown(event));
    stage.addEventListener("pointermove", (event) => this.#onMove(event));
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
      stage.addEventListener(end, (event) => this.pointers.delete(event.pointerId));
    }
    stage.addEventListener("click", (event) => this.#onClick(event), { capture: true });
    new ResizeObserver(() => this.#resized()).observe(stage);
  }

  /** Takes over a picture, and the part of it that is shown first. */
  watch(svg, first) {
    this.svg = svg;
    this.first = first;
    const { width, height } = svg.viewBox.baseVal;
    this.whole = { x: 0, y: 0, width, height };
    svg.setAttribute("width", width);
    svg.setAttribute("height", height);
    this.open();
  }

  /** Shows the whole picture, or if that is too small to be read, what is around its first part. */
  open() {
    this.fit();
    const { legible } = this;
    if (this.scale < legible) this.#center(this.#extent([this.first]), legible, true);
    this.framing = "open";
  }

  /** What a resized stage goes back to: "open", "fit", or "" where the reader has moved. */
  framing = "";

  /** The smallest scale at which the text can be read. */
  get legible() {
    return document.documentElement.hasAttribute("data-large") ? 2 * LEGIBLE : LEGIBLE;
  }

  /** The scale at which a picture of this size is shown as a whole. */
  scaleOf({ width, height }) {
    return Math.min(this.size.width / width, this.size.height / height, 2);
  }

  get size() {
    const { width, height } = this.stage.getBoundingClientRect();
    return { width: Math.max(width, 1), height: Math.max(height, 1) };
  }

  get scale() {
    return this.size.width / this.box.width;
  }

  fit() {
    this.#center(this.whole, this.scaleOf(this.whole));
    this.framing = "fit";
  }

  zoom(ratio, at = { x: 0.5, y: 0.5 }) {
    const smallest = Math.min(0.02, this.scale);
    const scale = Math.min(Math.max(this.scale * ratio, smallest), 8);
    const by = this.scale / scale;
    const { x, y, width, height } = this.box;
    this.#set({
      x: x + at.x * width * (1 - by),
      y: y + at.y * height * (1 - by),
      width: width * by,
      height: height * by,
    });
    this.framing = "";
  }

  /** Shows a part of the picture, as the reader had moved to it. */
  goTo({ x, y, width }) {
    this.#set({ x, y, width, height: (width * this.size.height) / this.size.width });
    this.framing = "";
  }

  /** Brings parts into view, large enough to be read; the first alone if all are too far apart. */
  follow(parts) {
    let target = this.#extent(parts);
    if (this.#room(target) < this.legible) target = this.#extent(parts.slice(0, 1));
    const scale = Math.min(Math.max(this.legible, this.scale), this.#room(target));
    const { x, y } = this.box;
    const margin = MARGIN / this.scale;
    const inside =
      target.x >= x + margin && target.x + target.width <= x + this.box.width - margin &&
      target.y >= y + margin && target.y + target.height <= y + this.box.height - margin;
    if (inside && Math.abs(scale - this.scale) < 1e-9) return;
    this.#center(target, scale, true);
    this.framing = "";
  }

  /** The scale at which a box fills the stage, but for a margin. */
  #room(target) {
    const { width, height } = this.size;
    return Math.min((width - 2 * MARGIN) / target.width, (height - 2 * MARGIN) / target.height);
  }

  /** The box around parts, in the picture's units. */
  #extent(parts) {
    const boxes = parts.map((part) => part.getBBox());
    const { transform } = this.svg.querySelector(".graph");
    const { e: dx, f: dy } = transform.baseVal.consolidate().matrix;
    const x = Math.min(...boxes.map((b) => b.x));
    const y = Math.min(...boxes.map((b) => b.y));
    const right = Math.max(...boxes.map((b) => b.x + b.width));
    const bottom = Math.max(...boxes.map((b) => b.y + b.height));
    return { x: x + dx, y: y + dy, width: right - x, height: bottom - y };
  }

  /** Moves the middle of the stage; only a pan is animated, as each scale is painted anew. */
  #center(target, scale, moving = false) {
    const width = this.size.width / scale;
    const height = this.size.height / scale;
    const to = {
      x: target.x + target.width / 2 - width / 2,
      y: target.y + target.height / 2 - height / 2,
      width,
      height,
    };
    if (moving) {
      // No more empty paper beside the picture than there has to be.
      to.x = this.#within(to.x, width, this.whole.x, this.whole.width);
      to.y = this.#within(to.y, height, this.whole.y, this.whole.height);
    }
    const panning = moving && Math.abs(scale / this.scale - 1) < 1e-9;
    if (panning && !this.reduced.matches) this.#glide(to);
    else this.#set(to);
  }

  #within(start, length, wholeStart, whole) {
    if (length >= whole) return wholeStart + (whole - length) / 2;
    return Math.min(Math.max(start, wholeStart), wholeStart + whole - length);
  }

  #glide(to) {
    const from = { ...this.box };
    const start = performance.now();
    cancelAnimationFrame(this.frame);
    this.svg.classList.add("gliding");
    const move = (now) => {
      const part = Math.min(Math.max((now - start) / 250, 0), 1);
      const eased = part * (2 - part);
      const box = {};
      for (const key of Object.keys(to)) box[key] = from[key] + (to[key] - from[key]) * eased;
      this.#show(box);
      if (part < 1) this.frame = requestAnimationFrame(move);
      else this.svg.classList.remove("gliding");
    };
    this.frame = requestAnimationFrame(move);
  }

  #set(box) {
    cancelAnimationFrame(this.frame);
    this.svg.classList.remove("gliding");
    this.#show(box);
  }

  #show(box) {
    this.box = box;
    const { scale } = this;
    const [x, y] = [-box.x * scale, -box.y * scale];
    this.svg.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
  }

  #resized() {
    if (!this.svg || this.onResize()) return;
    if (this.framing) this[this.framing]();
    else this.#set({ ...this.box, height: (this.box.width * this.size.height) / this.size.width });
  }

  #onWheel(event) {
    // Within another document the wheel scrolls that, until the reader clicks into this one.
    if (window.parent !== window && !document.hasFocus()) return;
    event.preventDefault();
    const { left, top, width, height } = this.stage.getBoundingClientRect();
    if (event.ctrlKey || event.metaKey) {
      const at = { x: (event.clientX - left) / width, y: (event.clientY - top) / height };
      this.zoom(Math.exp(-event.deltaY / 300), at);
    } else this.#pan(-event.deltaX, -event.deltaY);
  }

  #pan(dx, dy) {
    const { scale } = this;
    this.#set({ ...this.box, x: this.box.x - dx / scale, y: this.box.y - dy / scale });
    this.framing = "";
  }

  #onDown(event) {
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.moved = 0;
  }

  #onMove(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    this.moved += Math.hypot(now.x - before.x, now.y - before.y);
    if (this.moved < 4) return; // a click with an unsteady hand
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const spread = (p) => Math.hypot(p.x - other.x, p.y - other.y);
      const { left, top, width, height } = this.stage.getBoundingClientRect();
      const at = {
        x: ((now.x + other.x) / 2 - left) / width,
        y: ((now.y + other.y) / 2 - top) / height,
      };
      this.zoom(spread(now) / Math.max(spread(before), 1), at);
    } else this.#pan(now.x - before.x, now.y - before.y);
    this.pointers.set(event.pointerId, now);
  }

  /** A drag is no click on what is under its end. */
  #onClick(event) {
    if (this.moved >= 4) event.stopPropagation();
    this.moved = 0;
  }
}
