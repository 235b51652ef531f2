// The page: the program on the left, what comes of it on the right.

import { Editor } from "./editor.js";
import { Engine } from "./engine.js";
import { keep, keepBefore, kept, keptBefore } from "./keeping.js";
import { fragmentOf, programOf } from "./link.js";
import { Panes } from "./panes.js";
import { Results } from "./results.js";

const PAUSE = 80; // milliseconds after the last key at which a program runs
const at = (id) => document.getElementById(id);

const examples = await (await fetch("examples.json")).json();
const results = new Results();
let number = 0; // of the program that was given last
let timer = 0;

// --- Running --------------------------------------------------------------------------------------

function run() {
  clearTimeout(timer);
  if (engine.isBusy) engine.restart();
  start();
}

function start() {
  number += 1;
  results.begin();
  engine.run(editor.text, number);
  show();
}

function edited(text) {
  keep(text);
  address(text);
  at("examples").value = nameOf(text);
  clearTimeout(timer);
  if (at("live").checked) timer = setTimeout(start, PAUSE);
}

// Whether anything was stopped; the key is left to others otherwise.
function stop() {
  if (!engine.isBusy) return false;
  engine.restart();
  results.stopped();
  show();
  return true;
}

function hear(message) {
  if (message.type === "progress") results.loading(message.fraction);
  if (message.type === "printed" && message.number === number) results.print(message.text, message.isError);
  if (message.type === "runs") results.runs();
  if (message.type === "failed") results.failed(message.message);
  if (message.type === "dead") results.died(message.message);
  if (message.type === "done" && message.number === number) {
    results.done(message);
    editor.mark(message.error?.lines.at(-1) ?? 0);
  }
  if (message.type === "picture") {
    if (message.svg) save("graph.svg", "image/svg+xml", message.svg);
    else results.say(message.message);
  }
  show();
}

function show() {
  at("stop").disabled = !engine.isBusy;
  results.show(engine);
  at("save-html").disabled = results.html === null;
  at("save-svg").disabled = !results.hasPicture || engine.isBusy || !engine.isReady;
}

// --- Which program --------------------------------------------------------------------------------

const nameOf = (text) =>
  Object.keys(examples).find((name) => examples[name].text === text) ?? "";

// Puts a program in place of the learner's own, which is kept and can be had back.
function replace(text, why) {
  const own = editor.text || kept() || "";
  if (own && own !== text && !nameOf(own)) {
    keepBefore(own);
    notice(`${why} Your program is kept.`, true);
  }
  set(text);
}

function set(text) {
  editor.text = text;
  keep(text);
  at("examples").value = nameOf(text);
  address(text);
  run();
}

let addressed = "";

async function address(text) {
  const name = nameOf(text);
  const fragment = name ? `example=${name}` : await fragmentOf(text);
  if (text !== editor.text) return; // another key was faster
  addressed = `#${fragment}`;
  history.replaceState(null, "", addressed);
}

// Opens what the address names; the kept program, or the first example, where it names none.
async function open() {
  const fragment = location.hash.slice(1);
  if (location.hash === addressed && fragment) return;
  const example = examples[fragment.replace(/^example=/, "")];
  if (fragment.startsWith("example=") && example) return replace(example.text, "An example was opened.");
  let linked = null;
  try {
    linked = await programOf(fragment);
  } catch {
    notice("The link is damaged: its program cannot be read. Ask for the link again, whole.", false);
  }
  if (linked !== null) return replace(linked, "A link was opened.");
  if (fragment.startsWith("example=")) notice(`There is no example ${fragment.slice(8)}.`, false);
  if (!editor.text) set(kept() ?? Object.values(examples)[0].text);
  else address(editor.text);
}

function notice(text, hasBefore) {
  at("notice").hidden = false;
  at("notice").firstElementChild.textContent = text;
  at("before").hidden = !hasBefore;
}

// --- Handing on -----------------------------------------------------------------------------------

function save(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

async function copyLink() {
  await address(editor.text);
  try {
    await navigator.clipboard.writeText(location.href);
    results.say("The link is copied; the program is in it.");
  } catch {
    results.say("The link is the address of this page; copy it from there.");
  }
}

// --- The start ------------------------------------------------------------------------------------

const chooser = at("examples");
chooser.append(new Option("your own", ""));
for (const [name, { title }] of Object.entries(examples)) chooser.append(new Option(title, name));
chooser.onchange = () => {
  if (chooser.value) replace(examples[chooser.value].text, "An example was opened.");
};

const editor = new Editor(at("editor"), { edited, run, stop });
const engine = new Engine(JSON.parse(at("sizes").textContent), hear);
results.goTo = (line) => {
  panes.see("program");
  editor.goTo(line);
};
const panes = new Panes();

at("run").onclick = run;
at("stop").onclick = stop;
at("link").onclick = copyLink;
at("save-py").onclick = () => save("program.py", "text/x-python", editor.text);
at("save-html").onclick = () => save("graph.html", "text/html", results.html);
at("save-svg").onclick = () => engine.ask("picture");
at("dismiss").onclick = () => (at("notice").hidden = true);
at("before").onclick = () => {
  at("notice").hidden = true;
  const text = keptBefore();
  if (text !== null) set(text);
};
addEventListener("hashchange", open);
addEventListener("keydown", (event) => {
  if (event.key === "Escape") stop();
});
setInterval(() => results.tick(engine), 500);
await open();
