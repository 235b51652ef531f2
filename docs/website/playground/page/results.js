// What comes of a program: its picture, what it prints, its error, and how far things are.

const PATIENCE = 500; // milliseconds that a page has to say where its reader is

const at = (id) => document.getElementById(id);

export class Results {
  html = null; // the page that is shown
  hasPicture = false;
  goTo = () => {}; // a line of the program
  said = "";
  begun = 0;

  // A program begins: what it prints takes the place of what the last one printed.
  begin() {
    this.isFresh = true;
    this.said = "";
    this.coming?.remove();
    this.coming = null;
  }

  // Now it runs.
  runs() {
    this.begun = performance.now();
  }

  loading(fraction) {
    at("progress").value = fraction;
    this.fraction = fraction;
  }

  print(text, isError) {
    this.clear();
    const output = at("output");
    const box = at("printed");
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
    if (isError) {
      output.append(Object.assign(document.createElement("b"), { textContent: text }));
    } else output.append(text);
    if (isAtEnd && box.scrollTop) box.scrollTop = box.scrollHeight;
  }

  clear() {
    if (!this.isFresh) return;
    this.isFresh = false;
    at("output").textContent = "";
    at("error").hidden = true;
    at("printed").scrollTop = 0;
  }

  done({ html, hasPicture, error, seconds }) {
    this.clear();
    if (error) {
      this.wrong(error);
      this.say(`An error in ${error.lines.length ? `line ${error.lines.at(-1)}` : "the program"}`);
      at("right").classList.toggle("stale", this.html !== null);
      return;
    }
    at("error").hidden = true;
    at("right").classList.remove("stale");
    this.html = html;
    this.hasPicture = hasPicture;
    if (html === null) {
      this.frame?.remove();
      this.frame = null;
      this.note(
        "The program draws nothing. What its last line is gets shown: end it with draw(E), where " +
        "E is what was computed.");
      this.say("Done; nothing is drawn");
    } else {
      this.picture(html, seconds);
    }
  }

  // Loads the page beside the one that is shown, which goes when the new one is there.
  async picture(html, seconds) {
    const frame = this.spare ?? this.empty();
    this.spare = null;
    this.coming?.remove();
    this.coming = frame;
    await frame.isLoaded;
    const place = await this.place();
    if (this.coming !== frame) return; // another program was faster
    frame.onload = () => {
      this.frame?.remove();
      this.frame = frame;
      this.coming = null;
      frame.classList.remove("coming");
      at("empty").hidden = true;
      this.say(`Drawn in ${seconds.toFixed(2)} s`);
      at("status").textContent = this.said;
      this.spare = this.empty();
    };
    frame.contentWindow.postMessage({ html, place }, "*");
  }

  // A frame that is ready for a page: to load it in time is a quarter of the time that a reader waits.
  empty() {
    const frame = document.createElement("iframe");
    frame.title = "The picture, step by step";
    // The page is of a program that may be anybody's: it has no access to this one.
    frame.setAttribute("sandbox", "allow-scripts allow-downloads");
    frame.className = "coming";
    frame.src = "frame.html";
    frame.isLoaded = new Promise((resolve) => (frame.onload = resolve));
    at("right").append(frame);
    return frame;
  }

  // Where the reader is in the page that is shown; null if there is none.
  place() {
    if (!this.frame) return null;
    return new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => resolve(data);
      setTimeout(resolve, PATIENCE, null);
      this.frame.contentWindow.postMessage("place", "*", [port2]);
    });
  }

  wrong({ message, lines, hint }) {
    const box = at("error");
    box.replaceChildren();
    for (const line of lines) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = `line ${line}`;
      button.onclick = () => this.goTo(line);
      box.append(button, " ");
    }
    box.append(Object.assign(document.createElement("pre"), { textContent: message }));
    if (hint) box.append(Object.assign(document.createElement("p"), { textContent: hint }));
    box.hidden = false;
    at("printed").scrollTop = 0;
  }

  note(text) {
    at("empty").textContent = text;
    at("empty").hidden = false;
  }

  stopped() {
    this.clear();
    this.print("\nStopped.\n", true);
    this.say("Stopped");
  }

  died(message) {
    this.clear();
    this.wrong({
      message: `The program ended the interpreter: ${message}`,
      lines: [],
      hint: "It starts again. Objects that hold each other in a chain of thousands are too deep " +
        "for a browser, and so are functions that call each other so often.",
    });
    this.say("The interpreter ended");
  }

  failed(message) {
    this.wrong({ message: `Python could not be loaded: ${message}`, lines: [], hint: "Load the page again." });
    this.say("Python could not be loaded");
  }

  say(text) {
    this.said = text;
  }

  // The line at the foot of the page.
  show(engine) {
    at("progress").hidden = engine.isReady;
    at("status").textContent = this.text(engine);
  }

  text(engine) {
    if (!engine.isReady) {
      const percent = Math.round((this.fraction ?? 0) * 100);
      const first = this.said ? `${this.said}. ` : "";
      return `${first}Loading Python … ${percent < 100 ? `${percent} %` : "starting"}`;
    }
    if (!engine.isBusy) return this.said || "Ready";
    const seconds = (performance.now() - this.begun) / 1000;
    return seconds < 1 ? "Running …" : `Running for ${seconds.toFixed(0)} s … Stop ends it`;
  }

  tick(engine) {
    if (engine.isBusy) this.show(engine);
  }
}
