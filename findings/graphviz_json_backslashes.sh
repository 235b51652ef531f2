#!/usr/bin/env bash
# Graphviz's JSON doubles the backslashes of a drawn text, and where two adjoin cuts off its last letters.
#
# Expected: the texts among the drawing operations of -Tjson are those that are drawn, as JSON has escapes
#   of its own; the SVG of the same input has them right.
# Found: C:\new is given as C:\\new, decoded; of \\server\share\x, with two adjoining backslashes in front,
#   the x is missing, and of eight backslashes before "end" the word and some of them.
# Why: The operations are written as an attribute first, with each backslash escaped and the length that the
#   text had before, and JSON is made by reading that: nothing takes the escapes back, and the length is
#   counted right for single backslashes only.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-fund --no-audit @viz-js/viz@3.31.0 >log 2>&1 || { cat log; exit 1; }

cat >texts.mjs <<'JAVASCRIPT'
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { instance } from "@viz-js/viz";

const viz = await instance();
const manifest = new URL("node_modules/@viz-js/viz/package.json", import.meta.url);
console.log("@viz-js/viz", JSON.parse(readFileSync(manifest)).version, "Graphviz", viz.graphvizVersion);
const doubled = (text) => text.replaceAll("\\", "\\\\");
const drawn = (text, format) => {
  const picture = viz.renderString(`digraph { n [label="${doubled(text)}"] }`, { format });
  if (format === "svg") return /<text[^>]*>(.*)<\/text>/.exec(picture)[1];
  return JSON.parse(picture).objects[0]._ldraw_.find(({ op }) => op === "T").text;
};
for (const [text, lost] of [["C:\\new", ""], ["\\\\server\\share\\x", "x"], ["\\".repeat(8) + "end", "\\\\\\\\end"]]) {
  const json = drawn(text, "json");
  console.log(`${text}: drawn ${drawn(text, "svg")}, in JSON ${json}`);
  assert.equal(drawn(text, "svg"), text);
  assert.equal(json + lost, doubled(text));
}
JAVASCRIPT
node texts.mjs
