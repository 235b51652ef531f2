// The engine in a worker: it loads, runs one program at a time, and is ended and started again.

export class Engine {
  // `tell` gets each message of the worker; `sizes` is how many bytes it loads, by name.
  constructor(sizes, tell) {
    this.sizes = sizes;
    this.tell = tell;
    this.start();
  }

  start() {
    this.isReady = false;
    this.running = null; // the number of the program that runs
    this.waiting = null; // what runs next
    const source = `import ${JSON.stringify(new URL("worker.js", location.href).href)};`;
    // A worker of a blob is under this page's policy, and so reaches no other host.
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const worker = new Worker(address, { type: "module" });
    worker.onmessage = ({ data }) => this.worker === worker && this.hear(data);
    worker.onerror = (event) => {
      event.preventDefault();
      if (this.worker === worker) this.tell({ type: "failed", message: event.message || "" });
    };
    worker.postMessage({ type: "load", base: new URL(".", location.href).href, sizes: this.sizes });
    this.worker = worker;
  }

  hear(message) {
    if (message.type === "printed") message.number = this.running;
    if (message.type === "ready") this.isReady = true;
    if (message.type === "done") this.running = null;
    if (message.type === "dead") {
      this.restart();
    }
    this.tell(message);
    this.next();
  }

  // Runs a program as soon as nothing else runs; of several that wait only the last.
  run(program, number) {
    this.waiting = { type: "run", program, number };
    this.next();
  }

  next() {
    if (!this.isReady || this.running !== null || this.waiting === null) return;
    this.running = this.waiting.number;
    this.worker.postMessage(this.waiting);
    this.waiting = null;
    this.tell({ type: "runs" });
  }

  ask(what) {
    this.worker.postMessage({ type: what });
  }

  get isBusy() {
    return this.running !== null;
  }

  // Ends whatever runs, and starts again.
  restart() {
    this.worker.terminate();
    this.start();
  }
}
