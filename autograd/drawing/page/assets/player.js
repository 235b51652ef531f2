// The controls: what is shown, which step, and the reader's hands.

const byId = (id) => document.getElementById(id);
const reduced = matchMedia("(prefers-reduced-motion: reduce)");
const THEMES = ["system", "light", "dark"];

class Player {
  constructor() {
    this.svgs = [byId("canvas").firstElementChild];
    for (const template of document.querySelectorAll("template[data-view]")) {
      this.svgs.push(template.content.firstElementChild);
    }
    this.walks = [];
    this.pictures = [];
    this.selected = null; // a place
    this.selectedShape = null;
    this.only = false;
    this.found = [];
    this.camera = new Camera(byId("stage"), reduced);
    this.panels = new Panels((place) => this.select(place));
    this.view = 0;
    this.step = 0;
    document.documentElement.classList.add("live");
    byId("heading").textContent = DATA.hasGradients
      ? `Backpropagation of ${OUTPUT}, step by step`
      : `${OUTPUT}, step by step`;
    this.#listen();
    this.panels.showComparison();
    this.panels.clearNode();
    this.open(0);
    this.goTo(this.walk.last);
  }

  get walk() {
    return this.walks[this.view];
  }

  get picture() {
    return this.pictures[this.view];
  }

  // --- Views ----------------------------------------------------------------------------------

  open(view) {
    const before = this.walk;
    const { step } = this;
    this.view = view;
    if (!this.walks[view]) {
      this.walks[view] = new Walk(DATA.views[view]);
      this.pictures[view] = new Picture(
        this.svgs[view],
        this.walk,
        (shape) => this.selectShape(shape),
        (arrow) => this.goTo(this.walk.reachedAt[arrow]),
      );
    }
    byId("canvas").replaceChildren(this.svgs[view]);
    byId("view").value = String(view);
    byId("slider").max = String(this.walk.last);
    byId("to-backward").disabled = !DATA.hasGradients;
    this.camera.watch(this.svgs[view]);
    this.panels.showNotes(DATA.views[view]);
    this.selectedShape = this.selected === null ? null : this.walk.shapeOf(this.selected);
    if (before && before !== this.walk) this.goTo(this.walk.nearest(before, step));
    if (this.selected !== null) this.#showSelected();
  }

  /** The other views in which a folded shape is unfolded, or an unfolded one folded. */
  #otherViews() {
    const others = DATA.views.map((view, index) => ({ name: view.name, action: () => this.open(index) }));
    return others.filter((_, index) => index !== this.view);
  }

  // --- Selection ------------------------------------------------------------------------------

  /** Selects a shape of the picture; a folded one without a node of its own shows what it holds. */
  selectShape(shape) {
    const { node } = this.walk.shapes[shape];
    if (node !== undefined && nodeAt(node)) {
      this.select(node, shape);
      return;
    }
    this.selected = null;
    this.selectedShape = shape;
    this.only = false;
    this.picture.focus(shape);
    this.panels.showFolded(this.walk, shape, this.#otherViews());
    this.#say(`Selected ${this.walk.shapes[shape].title}`);
    this.show();
  }

  /** Selects a node, in the picture as well if it has a shape there. */
  select(place, shape = this.walk.shapeOf(place)) {
    this.selected = place;
    this.selectedShape = shape;
    if (shape !== null) {
      this.picture.focus(shape);
      if (byId("follow").checked) this.camera.follow([this.picture.nodes[shape]]);
    }
    this.#showSelected();
    this.#say(`Selected ${nameOf(place)}; its derivation is beside the picture`);
    this.show();
  }

  #showSelected() {
    const folded = this.selectedShape === null || this.walk.isFolded(this.selectedShape);
    this.panels.showNode(this.selected, {
      only: this.only,
      onOnly: DATA.hasGradients && this.selectedShape !== null ? (only) => this.setOnly(only) : null,
      buttons: folded ? this.#otherViews() : [],
    });
  }

  clear() {
    this.selected = this.selectedShape = null;
    this.only = false;
    this.panels.clearNode();
    this.show();
  }

  setOnly(only) {
    this.only = only;
    this.show();
  }

  // --- Steps ----------------------------------------------------------------------------------

  goTo(step, quiet = false) {
    this.step = Math.min(Math.max(step, 0), this.walk.last);
    const sentence = this.panels.showStep(this.walk, this.step);
    if (!quiet) this.#say(sentence);
    this.show();
    const { shapes, arrows } = this.walk.subject(this.step);
    if (byId("follow").checked && (shapes.length || arrows.length)) {
      this.camera.follow([
        ...shapes.map((shape) => this.picture.nodes[shape]),
        ...arrows.map((arrow) => this.picture.edges[arrow]),
      ]);
    }
  }

  /** The next step in a direction; with `only`, the next that leads to the selected gradient. */
  move(direction) {
    let step = this.step + direction;
    const paths = this.#paths();
    while (paths && step > 0 && step < this.walk.last && !this.#leads(paths, step)) step += direction;
    if (step < 0 || step > this.walk.last) return false;
    this.goTo(step);
    return true;
  }

  #leads(paths, step) {
    const { kind, shape, arrow } = this.walk.steps[step];
    return kind === "edge" ? paths.arrows.has(arrow) : paths.shapes.has(shape) && kind !== "value";
  }

  #paths() {
    return this.only && this.selectedShape !== null ? this.walk.pathsTo(this.selectedShape) : null;
  }

  show() {
    this.picture.show(this.step, {
      selected: this.selectedShape,
      paths: this.#paths(),
      marks: this.#marks(),
    });
    const { walk, step } = this;
    const slider = byId("slider");
    slider.value = String(step);
    const text = this.#position();
    slider.setAttribute("aria-valuetext", text);
    byId("position").textContent = text;
    byId("back").disabled = byId("to-start").disabled = step === 0;
    byId("on").disabled = byId("to-end").disabled = step === walk.last;
  }

  #position() {
    const { walk, step } = this;
    const forward = walk.backwardStart - 1;
    if (step === 0) return "start";
    if (step === walk.last) return "finished";
    if (step <= forward) return `forward ${step} of ${forward}`;
    return `backward ${step - forward} of ${walk.last - 1 - forward}`;
  }

  #marks() {
    const marks = new Map();
    for (const place of this.found) {
      const shape = this.walk.shapeOf(place);
      if (shape !== null) marks.set(shape, "found");
    }
    for (const { node, differs } of DATA.claims ?? []) {
      const shape = this.walk.shapes.findIndex((s) => s.node === node);
      if (shape >= 0 && this.step === this.walk.last) marks.set(shape, differs ? "differs" : "agrees");
    }
    return marks;
  }

  #say(sentence) {
    byId("announcement").textContent = sentence;
  }

  // --- Playing --------------------------------------------------------------------------------

  toggle() {
    if (this.timer) {
      this.pause();
      return;
    }
    if (this.step === this.walk.last) this.goTo(0);
    byId("play").textContent = "Pause";
    this.#wait();
  }

  #wait() {
    this.timer = setTimeout(() => {
      if (this.move(1) && this.step < this.walk.last) this.#wait();
      else this.pause();
    }, 1000 / Number(byId("speed").value));
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = null;
    byId("play").textContent = "Play";
  }

  // --- Controls -------------------------------------------------------------------------------

  #listen() {
    const stepping = (action) => () => {
      this.pause();
      action();
    };
    const clicks = {
      "to-start": stepping(() => this.goTo(0)),
      back: stepping(() => this.move(-1)),
      on: stepping(() => this.move(1)),
      "to-end": stepping(() => this.goTo(this.walk.last)),
      "to-backward": stepping(() => this.goTo(this.walk.backwardStart)),
      play: () => this.toggle(),
      "zoom-in": () => this.camera.zoom(1.25),
      "zoom-out": () => this.camera.zoom(0.8),
      "zoom-fit": () => this.camera.fit(),
      theme: () => this.#nextTheme(),
      help: () => this.#toggleKeys(),
    };
    for (const [id, action] of Object.entries(clicks)) byId(id).addEventListener("click", action);
    byId("slider").addEventListener("input", stepping(() => this.goTo(Number(byId("slider").value))));
    const views = byId("view");
    DATA.views.forEach((view, index) => views.append(element("option", { value: String(index) }, view.name)));
    views.addEventListener("change", stepping(() => this.open(Number(views.value))));
    byId("search").addEventListener("input", () => this.#search());
    byId("search").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && this.found.length) this.#nextFound();
    });
    document.addEventListener("keydown", (event) => this.#onKey(event));
  }

  #search() {
    this.found = this.panels.showFound(byId("search").value.trim());
    this.show();
  }

  #nextFound() {
    const next = (this.found.indexOf(this.selected) + 1) % this.found.length;
    this.select(this.found[next]);
    byId("search").focus();
  }

  #nextTheme() {
    const theme = THEMES[(THEMES.indexOf(document.documentElement.dataset.theme ?? "system") + 1) % 3];
    document.documentElement.dataset.theme = theme;
    byId("theme").textContent = `Theme: ${theme}`;
  }

  #toggleKeys() {
    const keys = byId("keys");
    keys.hidden = !keys.hidden;
    byId("help").setAttribute("aria-expanded", String(!keys.hidden));
  }

  #onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { target } = event;
    if (event.key === "Escape") {
      byId("search").value = "";
      this.#search();
      this.clear();
      return;
    }
    if (target.matches("input:not([type=checkbox]), select, textarea")) return;
    if (event.key === " " && target.matches("button, input, summary")) return;
    const keys = {
      ArrowLeft: () => byId("back").click(),
      ArrowRight: () => byId("on").click(),
      Home: () => byId("to-start").click(),
      End: () => byId("to-end").click(),
      " ": () => this.toggle(),
      "+": () => this.camera.zoom(1.25),
      "-": () => this.camera.zoom(0.8),
      0: () => this.camera.fit(),
      "/": () => byId("search").focus(),
    };
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }
}

new Player();
