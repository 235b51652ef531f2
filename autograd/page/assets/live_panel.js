// Where numbers are changed: a field and a slider for the selected leaf, a step of descent, undo.

const RATE = 0.5; // the learning rate that the field begins with

class LivePanel extends Panel {
  constructor(id, onPlace, live) {
    super(id, onPlace);
    this.live = live;
    this.place = null;
    this.section.hidden = !live.isPossible;
    if (live.isPossible) this.#build();
  }

  #build() {
    const button = (text, click) => element("button", { type: "button", click }, text);
    this.rate = element("input", { id: "rate", type: "text", inputmode: "decimal", size: "6" });
    this.rate.value = String(RATE);
    this.undoButton = button("Undo", () => this.live.undo());
    this.resetButton = button("As recorded", () => this.live.reset());
    this.said = element("p", { class: "warning", role: "alert" });
    this.leaf = element("div", { class: "leaf" });
    this.note = element("p", { class: "rest" });
    this.kept = element("p", { class: "warning", role: "status" });
    const step = DATA.hasGradients && [
      element("label", { class: "tool" }, "Learning rate ", this.rate),
      button("Take a step", () => this.#step()),
    ];
    const tools = element("div", { class: "tools" }, ...(step || []), this.undoButton, this.resetButton);
    this.show(this.leaf, this.said, tools, this.note, this.kept);
    this.#say("");
    this.update();
  }

  /** Shows the field of a leaf; of another node, or of none, what to do. */
  showLeaf(place) {
    if (!this.live.isPossible) return;
    const isLeaf = place !== null && !nodeAt(place).operands;
    this.place = isLeaf ? place : null;
    this.#say("");
    if (!isLeaf) {
      const hint = place === null ? "Select an input or a parameter to change its number." : "";
      this.leaf.replaceChildren(...(hint ? [paragraph(hint, "hint")] : []));
      return;
    }
    const number = real(nodeAt(place).data);
    const reach = Number.isFinite(number) ? Math.max(1, Math.abs(number)) : 1;
    const middle = Number.isFinite(number) ? number : 0;
    this.field = element("input", { id: "number", type: "text", inputmode: "decimal", size: "12" });
    this.slider = element("input", {
      type: "range", min: middle - reach, max: middle + reach, step: "any",
      "aria-label": `${nameOf(place)}, to drag`,
    });
    this.field.addEventListener("change", () => this.#typed());
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.#typed();
    });
    this.slider.addEventListener("input", () => {
      this.#say("");
      this.live.preview(this.place, Number(Number(this.slider.value).toPrecision(6)));
    });
    this.slider.addEventListener("change", () => this.live.keep());
    this.leaf.replaceChildren(
      element("label", { class: "tool" }, `${nameOf(place)} = `, this.field),
      this.slider,
    );
    this.update();
  }

  /** Brings the fields up to the numbers that are shown. */
  update() {
    if (!this.live.isPossible) return;
    this.undoButton.disabled = !this.live.earlier.length;
    this.resetButton.disabled = !this.live.isChanged;
    this.note.textContent = this.live.isChanged ? EDITED : "";
    this.note.hidden = !this.live.isChanged;
    this.kept.textContent = this.live.isChanged ? choicesKept() : "";
    this.kept.hidden = !this.kept.textContent;
    if (this.place === null) {
      if (!this.leaf.hasChildNodes()) this.showLeaf(null);
      return;
    }
    const number = real(nodeAt(this.place).data);
    if (document.activeElement !== this.field || this.field.value !== "") {
      this.field.value = exact(number);
    }
    if (document.activeElement !== this.slider) this.slider.value = String(number);
  }

  #typed() {
    const number = this.#numberIn(this.field);
    if (number === null || number === real(nodeAt(this.place).data)) return;
    this.live.preview(this.place, number);
    this.live.keep();
  }

  #step() {
    const rate = this.#numberIn(this.rate);
    if (rate === null) return;
    const moved = this.live.step(rate);
    if (!moved) this.#say("After this step a number would not be finite; take a smaller rate.");
  }

  /** The number in a field; null, with a message, if there is none. What was typed stays. */
  #numberIn(field) {
    const text = field.value.trim();
    const number = text === "" ? NaN : Number(text.replace("−", "-"));
    const isNumber = Number.isFinite(number);
    if (isNumber) this.#say("");
    else if (Math.abs(number) === Infinity) {
      this.#say(`${text} is too large for a number of 64 bits; nothing was changed.`);
    } else {
      this.#say(`“${text}” is no number; write it as 0.25 or 2.5e-3. Nothing was changed.`);
    }
    field.setAttribute("aria-invalid", String(!isNumber));
    return isNumber ? number : null;
  }

  #say(text) {
    this.said.textContent = text;
    this.said.hidden = !text;
  }
}
