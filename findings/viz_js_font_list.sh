#!/usr/bin/env bash
# Viz.js lays "Arial,sans-serif" out narrower than "Arial", and as wide as "Comic Sans MS".
#
# Expected: a list of fonts is measured as its first one, as a browser then draws it.
# Found: a list, "sans-serif", "monospace", "Arial Bold" and any unknown name are all measured as Times,
#   so the text of the drawing, which a browser shows in Arial, is wider than its box was made for.
# Why: Graphviz in WebAssembly has no fonts to measure and keeps tables of widths for a few families, by
#   their exact names; for all others it takes that of Times.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-fund --no-audit @viz-js/viz@3.31.0 >log 2>&1 || { cat log; exit 1; }

cat >widths.mjs <<'JAVASCRIPT'
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { instance } from "@viz-js/viz";

const viz = await instance();
const manifest = new URL("node_modules/@viz-js/viz/package.json", import.meta.url);
console.log("@viz-js/viz", JSON.parse(readFileSync(manifest)).version, "Graphviz", viz.graphvizVersion);
const width = (font) => {
  const dot = `digraph { n [label="sigmoid(w1 * x1 + b)", fontname="${font}"] }`;
  return viz.renderJSON(dot).objects[0].width;
};
const fonts = ["Arial", "Arial,sans-serif", "Arial Bold", "Times", "monospace", "Courier New"];
for (const font of fonts) console.log(`${font}: a box of ${width(font)} inches`);
assert(width("Arial,sans-serif") < width("Arial"));
for (const font of ["Arial,sans-serif", "Arial Bold", "monospace", "Comic Sans MS"]) {
  assert.equal(width(font), width("Times"));
}
JAVASCRIPT
node widths.mjs
