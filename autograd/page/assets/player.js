// What is shown: which view, which step, which node.

const byId = (id) => document.getElementById(id);
const reduced = matchMedia("(prefers-reduced-motion: reduce)");

class Player {
  constructor() {
    this.svgs = DATA.views.map(() => ({})); // by view and layout
    this.svgs[0].full = byId("canvas").firstElementChild;
    byId("canvas").replaceChildren(); // what is not there need not be laid out to measure the rest
    for (const template of document.querySelectorAll("template[data-view]")) {
      const { view, layout } = template.dataset;
      this.svgs[view][layout] = template.content.firstElementChild;
    }
    for (const [view, layout, svg] of RECORDED.pictures) {
      const { documentElement } = new DOMParser().parseFromString(svg, "image/svg+xml");
      this.svgs[view][layout] = document.importNode(documentElement, true);
    }
    this.walks = [];
    this.pictures = DATA.views.map(() => ({}));
    this.layout = "full";
    this.asked = null; // the layout that the reader has chosen
    this.selected = null; // a place
    this.selectedShape = null;
    this.only = false;
    this.found = [];
    this.camera = new Camera(byId("canvas"), reduced, () => this.refit());
    const onPlace = (place) => this.select(place);
    this.stepPanel = new StepPanel("step", onPlace);
    this.nodePanel = new NodePanel("node", onPlace, () => {
      this.clear();
      this.picture.focus(this.picture.focused);
    });
    this.foundPanel = new FoundPanel("results", onPlace);
    this.live = new Live(() => this.refresh());
    this.livePanel = new LivePanel("live", onPlace, this.live);
    this.notesPanel = new NotesPanel("notes", onPlace);
    this.comparisonPanel = new ComparisonPanel("comparison", onPlace);
    const names = DATA.views.map(({ name }, i) => element("option", { value: String(i) }, name));
    byId("view").append(...names);
    this.view = 0;
    this.step = 0;
    document.documentElement.classList.add("live");
    byId("heading").textContent = DATA.hasGradients
      ? `Backpropagation of ${OUTPUT}, step by step`
      : `${OUTPUT}, step by step`;
    this.printed = new PrintedPanel("printed", onPlace);
    this.nodePanel.clear();
    this.open(0);
    this.goTo(this.walk.last);
    this.goToAddress();
    this.practice = new Practice(this);
    const isPlace = typeof history.state?.what === "string"; // and not what another script keeps
    if (isPlace && !this.practice.isOn) returnTo(this, history.state);
    this.isOpen = true;
  }

  // --- The address ----------------------------------------------------------------------------

  /** Goes to the step that the address names, as in #step=12 or #view=layers&step=3. */
  goToAddress() {
    const asked = new URLSearchParams(location.hash.slice(1));
    const view = DATA.views.findIndex(({ name }) => name === asked.get("view"));
    if (view >= 0 && view !== this.view) this.open(view);
    const step = asked.get("step") ?? "";
    if (/^\d+$/.test(step) && Number(step) !== this.step) this.goTo(Number(step));
  }

  /** Keeps the reader's place, and writes the step into the address, once the reader stays. */
  keepPlace() {
    clearTimeout(this.writing);
    this.writing = setTimeout(() => {
      if (this.practice.isOn) return; // the address has the exercise
      const view = this.view ? `view=${encodeURIComponent(DATA.views[this.view].name)}&` : "";
      const address = this.hasMoved ? `#${view}step=${this.step}` : location.hash;
      try {
        history.replaceState(placeOf(this), "", address);
      } catch {
        // A frame of a notebook has no address of its own.
      }
    }, 300);
  }

  get walk() {
    return this.walks[this.view];
  }

  get picture() {
    return this.pictures[this.view][this.layout];
  }

  /** What is printed: nothing that this step does not know. */
  fillPrinted() {
    const leaves = PLACES.filter((place) => !nodeAt(place).operands);
    const places = this.selected === null ? byName(leaves) : [this.selected];
    const isKnown = (place) => this.walk.known(this.walk.shapeOf(place), this.step).gradient;
    this.printed.fill(places.filter(isKnown));
  }

  // --- Views ----------------------------------------------------------------------------------

  open(view) {
    const before = this.walk;
    const { step } = this;
    this.view = view;
    this.walks[view] ??= new Walk(DATA.views[view]);
    this.layout = this.asked in this.svgs[view] ? this.asked : this.#fitting();
    const svg = this.svgs[view][this.layout];
    if (!this.picture) {
      const onShape = (shape) => this.selectShape(shape);
      const onArrow = (arrow) => this.goTo(this.walk.reachedAt[arrow]);
      this.pictures[view][this.layout] = new Picture(svg, this.walk, onShape, onArrow);
      if (this.live.isChanged) this.picture.rewrite(this.walk);
    }
    byId("canvas").replaceChildren(svg);
    this.picture.prepare();
    byId("numbers").checked = this.layout === "full";
    byId("numbers").parentNode.hidden = Object.keys(this.svgs[view]).length === 1;
    byId("view").value = String(view);
    byId("slider").max = String(this.walk.last);
    byId("to-backward").disabled = !DATA.hasGradients;
    this.camera.watch(svg, this.picture.nodes[this.walk.view.order.at(-1)]);
    this.notesPanel.showNotes(DATA.views[view]);
    this.selectedShape = this.selected === null ? null : this.walk.shapeOf(this.selected);
    if (before && before !== this.walk) this.goTo(this.walk.nearest(before, step));
    else if (before) this.show();
    if (this.selected === null) return;
    this.#showSelected();
    this.#followShape(this.selectedShape);
  }

  /** On a stage of another size another layout may fit. Returns whether one is opened. */
  refit() {
    const isOurs = this.asked === null && this.camera.framing !== "";
    if (!isOurs || this.#fitting() === this.layout) return false;
    this.open(this.view);
    return true;
  }

  /** The first layout that the stage shows as a whole and legible; else the one with all numbers. */
  #fitting() {
    const { full, ...others } = this.svgs[this.view];
    const scale = ({ viewBox }) => this.camera.scaleOf(viewBox.baseVal);
    if (scale(full) >= 1) return "full";
    const fits = Object.keys(others).find((name) => scale(others[name]) >= this.camera.legible);
    return fits ?? "full";
  }

  /** Numbers on the arrows or not; without, in the layout that suits the stage. */
  setNumbers(isShown) {
    const { full, ...others } = this.svgs[this.view];
    const fitting = this.#fitting();
    this.asked = isShown ? "full" : fitting === "full" ? Object.keys(others)[0] : fitting;
    this.open(this.view);
  }

  /** Shows other numbers, at the same step. */
  refresh() {
    this.walks = this.walks.map((walk, i) => walk && new Walk(DATA.views[i]));
    this.pictures.forEach((layouts, i) => {
      for (const picture of Object.values(layouts)) picture.rewrite(this.walks[i]);
    });
    this.comparisonPanel.section.replaceChildren();
    this.notesPanel.showNotes(DATA.views[this.view]);
    if (this.selected !== null) this.#showSelected();
    this.goTo(this.step);
    this.livePanel.update();
  }

  #followShape(shape) {
    if (shape !== null && byId("follow").checked) this.camera.follow([this.picture.nodes[shape]]);
  }

  /** The other views in which a folded shape is unfolded, or an unfolded one folded. */
  #otherViews() {
    const views = DATA.views.map(({ name }, i) => ({ name, action: () => this.open(i) }));
    return views.filter((_, i) => i !== this.view);
  }

  // --- Selection ------------------------------------------------------------------------------

  /** Selects a shape of the picture; a folded one without a node of its own shows what it holds. */
  selectShape(shape) {
    if (this.practice?.isOn) return; // its panel would give numbers away
    const { node } = this.walk.shapes[shape];
    if (node !== undefined && nodeAt(node)) {
      this.select(node, shape);
      return;
    }
    this.selected = null;
    this.selectedShape = shape;
    this.only = false;
    this.picture.focus(shape);
    this.nodePanel.showFolded(this.walk.shapes[shape], this.#otherViews());
    this.livePanel.showLeaf(null);
    this.#say(`Selected ${this.walk.shapes[shape].title}.`);
    this.show();
  }

  /** Selects a node, in the picture as well if it has a shape there. */
  select(place, shape = this.walk.shapeOf(place)) {
    if (this.practice?.isOn) return;
    this.selected = place;
    this.selectedShape = shape;
    if (shape !== null) this.picture.focus(shape);
    this.#followShape(shape);
    this.#showSelected();
    this.livePanel.showLeaf(place);
    this.#say(`Selected ${nameOf(place)}; its derivation is beside the picture.`);
    this.show();
  }

  #showSelected() {
    const folded = this.selectedShape === null || this.walk.isFolded(this.selectedShape);
    const hasSteps = DATA.hasGradients && this.selectedShape !== null;
    this.nodePanel.showNode(this.selected, {
      known: this.#known(),
      only: this.only,
      onOnly: hasSteps ? (only) => this.setOnly(only) : null,
      views: folded ? this.#otherViews() : [],
    });
  }

  /** What is known of the selected node at this step, and how to get to where all of it is. */
  #known() {
    const known = this.walk.known(this.selectedShape, this.step);
    return { ...known, go: () => this.goTo(known.gradientAt) };
  }

  clear() {
    this.selected = this.selectedShape = null;
    this.only = false;
    this.nodePanel.clear();
    this.livePanel.showLeaf(null);
    this.show();
  }

  setOnly(only) {
    this.only = only;
    this.show();
  }

  // --- Steps ----------------------------------------------------------------------------------

  goTo(step) {
    const before = this.selected === null ? null : this.#known();
    this.step = Math.min(Math.max(step, 0), this.walk.last, this.practice?.limit ?? Infinity);
    const after = this.selected === null ? null : this.#known();
    if (before?.value !== after?.value || before?.gradient !== after?.gradient) this.#showSelected();
    const sentence = this.stepPanel.showStep(this.walk, this.step);
    this.#say(sentence);
    if (this.isOpen) { // what opens the page does not change its address
      this.hasMoved = true;
      this.keepPlace();
    }
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
    while (paths && step > 0 && step < this.walk.last && !this.#leads(paths, step)) {
      step += direction;
    }
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
      lit: this.selectedShape === null ? null : this.walk.pathsTo(this.selectedShape),
      marks: this.#marks(),
      hidesLocals: this.practice?.isAsking ?? false,
    });
    const { walk, step } = this;
    // What is selected takes the place of the list of all gradients.
    const isSelected = this.selected !== null || this.selectedShape !== null;
    byId("step").hidden = step === walk.last && isSelected;
    this.comparisonPanel.showAt(step === walk.last);
    const slider = byId("slider");
    slider.value = String(step);
    const text = this.#position();
    slider.setAttribute("aria-valuetext", text);
    byId("position").textContent = text;
    byId("back").disabled = byId("to-start").disabled = step === 0;
    const end = Math.min(walk.last, this.practice?.limit ?? Infinity);
    byId("on").disabled = byId("to-end").disabled = step === end;
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
    if (this.step < this.walk.last) return marks;
    for (const { node, differs } of DATA.claims ?? []) {
      const shape = this.walk.shapeOf(node);
      if (shape === null || marks.get(shape) === "differs") continue;
      marks.set(shape, differs ? "differs" : "agrees");
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

  // --- Search ---------------------------------------------------------------------------------

  search() {
    this.found = this.foundPanel.showFound(byId("search").value.trim());
    this.show();
  }

  nextFound() {
    if (!this.found.length) return;
    const next = (this.found.indexOf(this.selected) + 1) % this.found.length;
    this.select(this.found[next]);
    byId("search").focus();
  }
}
