#!/usr/bin/env bash
# In a Graphviz label the entity &#92; draws no backslash: it begins an escape, so that C:&#92;new is two lines.
#
# Expected: an entity stands for its character and nothing else, as &#34; and &quot; do for a quotation mark,
#   so that a text whose special characters are written as entities is drawn as it is.
# Found: a&#92;b is drawn "ab", C:&#92;new as "C:" above "ew", and x&#92; as "x". Two of them,
#   &#92;&#92;, draw one backslash.
# Why: Entities are replaced before the escapes of a label are read, so what they leave is read as one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-fund --no-audit @viz-js/viz@3.31.0 >log 2>&1 || { cat log; exit 1; }

cat >entities.mjs <<'JAVASCRIPT'
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { instance } from "@viz-js/viz";

const viz = await instance();
const manifest = new URL("node_modules/@viz-js/viz/package.json", import.meta.url);
console.log("@viz-js/viz", JSON.parse(readFileSync(manifest)).version, "Graphviz", viz.graphvizVersion);
const lines = (label) => {
  const svg = viz.renderString(`digraph { n [label="${label}"] }`, { format: "svg" });
  return [...svg.matchAll(/<text[^>]*>(.*)<\/text>/g)].map((match) => match[1]);
};
const found = {
  "say &#34;x&#34;": ["say &quot;x&quot;"],
  "a&#92;b": ["ab"],
  "C:&#92;new": ["C:", "ew"],
  "x&#92;": ["x"],
  "a&#92;&#92;b": ["a\\b"],
};
for (const [label, expected] of Object.entries(found)) {
  console.log(`${label}: ${JSON.stringify(lines(label))}`);
  assert.deepEqual(lines(label), expected);
}
JAVASCRIPT
node entities.mjs
