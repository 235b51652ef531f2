// The worker: Python by Pyodide, pictures by Viz.js, and the program that was given.

let python; // Pyodide
let engine; // the functions of engine.py

// A chain of objects is freed object within object. V8's stack ends at some 4,000 of them, long
// before the one that Python measures, and with it the interpreter. A small one, in bytes, makes
// Python free the rest of a chain one after the other instead.
const STACK = 64000;

const send = (type, content = {}) => postMessage({ type, ...content });

function counted(base, sizes) {
  const whole = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  let loaded = 0;
  const add = (bytes) => {
    loaded += bytes;
    send("progress", { fraction: Math.min(loaded / whole, 1) });
  };
  const plain = globalThis.fetch;
  globalThis.fetch = async (address, options) => {
    const response = await plain(address, options);
    const counting = new TransformStream({
      transform(chunk, controller) {
        add(chunk.byteLength);
        controller.enqueue(chunk);
      },
    });
    const { status, statusText, headers } = response;
    return new Response(response.body.pipeThrough(counting), { status, statusText, headers });
  };
  return { add, end: () => { globalThis.fetch = plain; } };
}

async function load({ base, sizes }) {
  const count = counted(base, sizes);
  const at = (name) => new URL(name, base).href;
  const imported = async (name) => {
    const found = await import(at(name));
    count.add(sizes[name]);
    return found;
  };
  const [{ loadPyodide }, viz, library, source] = await Promise.all([
    imported("pyodide/pyodide.mjs"),
    imported("viz.js").then((module) => module.instance()),
    fetch(at("library.zip")).then((response) => response.arrayBuffer()),
    fetch(at("engine.py")).then((response) => response.text()),
  ]);
  python = await loadPyodide({ indexURL: at("pyodide/") });
  count.end();
  send("progress", { fraction: 1 });
  const module = python._module;
  const top = module._emscripten_stack_get_base();
  module._PyUnstable_ThreadState_SetStackProtection(
    module._PyThreadState_Get(), top - STACK, STACK);
  python.unpackArchive(library, "zip", { extractDir: "/lib/library" });
  python.FS.writeFile("/lib/library/engine.py", source);
  python.runPython("import sys; sys.path.insert(0, '/lib/library')");
  engine = python.pyimport("engine");
  engine.start(
    (text, isError) => send("printed", { text, isError }),
    (dot, form) => viz.renderString(dot, { format: form }),
  );
  send("ready", { python: python.version });
}

function run({ program, number }) {
  const begin = performance.now();
  let result;
  try {
    result = JSON.parse(engine.run(program));
  } catch (error) {
    // Python catches its own; what comes here has ended the interpreter.
    send("dead", { number, message: String(error.message ?? error).split("\n")[0] });
    return;
  }
  send("done", { number, seconds: (performance.now() - begin) / 1000, ...result });
}

function picture() {
  try {
    send("picture", { svg: engine.svg() });
  } catch (error) {
    send("picture", { message: String(error.message ?? error).trim().split("\n").at(-1) });
  }
}

onmessage = async ({ data }) => {
  if (data.type === "load") {
    try {
      await load(data);
    } catch (error) {
      send("failed", { message: String(error.message ?? error) });
    }
  } else if (data.type === "run") run(data);
  else if (data.type === "picture") picture();
};
