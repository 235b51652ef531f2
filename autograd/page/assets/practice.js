// Practice: the next number is hidden, and the reader types it in.
//
// The address has the exercise, `#practice=7`: the seed of other numbers in the leaves, 0 for those
// that were recorded.

class Practice extends Panel {
  constructor(player) {
    super("practice", () => {});
    this.player = player;
    this.isOn = false;
    this.section.hidden = true;
    this.button = byId("practise");
    this.button.hidden = DATA.nodes[DATA.outputs[0]] === undefined;
    this.button.addEventListener("click", () => (this.isOn ? this.stop() : this.begin(0)));
    this.goToAddress();
  }

  /** Begins the exercise that the address names. */
  goToAddress() {
    const seed = new URLSearchParams(location.hash.slice(1)).get("practice") ?? "";
    if (!/^\d{1,9}$/.test(seed) || (this.isOn && this.seed === Number(seed))) return;
    this.begin(Number(seed));
  }

  /** Whether local derivatives may not be shown before their step. */
  get isAsking() {
    return this.isOn && this.waiting.length > 0;
  }

  /** Whether there are other numbers that can be computed as the program would. */
  get hasOthers() {
    return this.player.live.isPossible && !DATA.choices.length;
  }

  /** The last step that may be shown. */
  get limit() {
    return this.isOn ? this.shown : Infinity;
  }

  begin(seed) {
    const { player } = this;
    player.pause();
    player.clear();
    if (!this.hasOthers) seed = 0;
    this.seed = seed;
    this.isOn = true;
    this.score = { right: 0, asked: 0 };
    this.shown = 0;
    this.next = 0;
    this.waiting = [];
    player.open(0);
    player.live.show(seed ? drawn(seed) : new Map());
    const numbers = PLACES.map(nodeAt).flatMap(({ data, grad = 0 }) => [real(data), real(grad)]);
    // Outside a domain nothing could be asked: then the recorded numbers are.
    if (seed && !numbers.every(Number.isFinite)) player.live.show(new Map());
    try {
      history.replaceState(null, "", `#practice=${seed}`);
    } catch {
      // A frame of a notebook has no address of its own.
    }
    this.#enable(false);
    this.#build();
    this.#ask();
  }

  stop() {
    this.isOn = false;
    this.section.hidden = true;
    this.#enable(true);
    this.player.goTo(this.player.walk.last);
  }

  /** What would give a number away does not work meanwhile. */
  #enable(on) {
    document.documentElement.classList.toggle("practising", !on);
    this.button.textContent = on ? "Practise" : "End practice";
    for (const id of ["view", "search", "to-backward", "play"]) byId(id).disabled = !on;
    this.player.livePanel.section.hidden = !on || !this.player.live.isPossible;
  }

  #build() {
    this.question = element("h2");
    this.hint = element("p", { class: "hint" });
    this.field = element("input", {
      id: "answer", type: "text", inputmode: "decimal", size: "12", autocomplete: "off",
      "aria-labelledby": "question",
    });
    this.question.id = "question";
    this.verdict = element("p", { role: "status" });
    this.points = element("p", { class: "rest" });
    const form = element("form", { class: "tools" }, this.field, element("button", {}, "Check"),
      element("button", { type: "button", click: () => this.#giveUp() }, "Show it"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#check();
    });
    const link = element("a", { href: `#practice=${this.seed}` }, "Link to this exercise");
    const another = this.hasOthers && element("button", {
      type: "button", click: () => this.begin(1 + Math.floor(Math.random() * 999_999)),
    }, "Other numbers");
    this.form = form;
    this.show(this.question, this.hint, form, this.verdict, this.points,
      element("p", { class: "tools" }, link, another || null));
  }

  /** Puts the next question; shows what lies before it. */
  #ask() {
    const { player } = this;
    const { walk } = player;
    while (!this.waiting.length && this.next < walk.last) {
      this.next += 1;
      this.waiting = questionsOf(walk, this.next);
    }
    this.shown = this.waiting.length ? this.next - 1 : walk.last;
    player.goTo(this.shown);
    this.tried = false;
    const { right, asked } = this.score;
    this.points.textContent = asked ? `${right} of ${asked} right at the first try.` : "Four digits are enough.";
    if (!this.waiting.length) {
      this.question.textContent = "Finished";
      this.hint.textContent = "";
      this.form.hidden = true;
      return;
    }
    const [{ what, hint }] = this.waiting;
    this.question.textContent = what;
    this.hint.textContent = hint;
    this.field.value = "";
    this.field.focus({ preventScroll: true });
  }

  #check() {
    const text = this.field.value.trim().replace("−", "-");
    const number = text === "" ? NaN : Number(text);
    if (Number.isNaN(number) && text.toLowerCase() !== "nan") {
      this.verdict.textContent = `“${text}” is no number; write it as 0.25 or 2.5e-3.`;
      this.#bringIntoView();
      return;
    }
    const [question] = this.waiting;
    const why = judged(number, question);
    if (!this.tried) this.score.asked += 1;
    if (why === null) {
      if (!this.tried) this.score.right += 1;
      this.#done(`Right: ${nine(question.answer)}.`);
    } else {
      this.tried = true;
      this.verdict.textContent = why;
    }
    this.#bringIntoView();
  }

  /** On a phone the verdict would be below what is seen. */
  #bringIntoView() {
    this.verdict.scrollIntoView({ block: "nearest" });
  }

  #giveUp() {
    if (!this.tried) this.score.asked += 1;
    this.#done(`It is ${nine(this.waiting[0].answer)}.`);
  }

  #done(text) {
    this.waiting.shift();
    this.#ask();
    this.verdict.textContent = text;
  }
}

/** Other numbers for all leaves, drawn from a seed: of the recorded signs and sizes, two digits. */
function drawn(seed) {
  let state = seed >>> 0;
  const random = () => { // mulberry32, by Tommy Ettinger
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const numbers = recorded().nodes;
  const leaves = PLACES.filter((place) => !numbers[place].operands);
  return new Map(leaves.map((place) => {
    const number = real(numbers[place].data);
    return [place, Number((number * (0.5 + random())).toPrecision(2))];
  }));
}
