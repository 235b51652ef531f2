// The page of a recorded training. Colours: blue is positive, orange negative, as in the pictures.

const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const POSITIVE = [0, 114, 178], NEGATIVE = [213, 94, 0];
const CLASSES = [[0, 114, 178], [213, 94, 0], [0, 158, 115], [204, 121, 167], [230, 159, 0],
  [86, 180, 233], [240, 228, 66], [120, 120, 120], [140, 86, 75], [148, 103, 189]];
const css = (rgb, alpha = 1) => `rgb(${rgb.join(" ")} / ${alpha})`;
const signed = (share) => css(share < 0 ? NEGATIVE : POSITIVE, Math.min(1, Math.abs(share)));
const shown = (number) => (number === null ? "—" : String(number));

let frame = 0;
let timer = null;
let chosen = null; // the cell whose numbers are told: its tile, row and column

// --- Tiles ---

const largest = (numbers) => numbers.reduce((most, n) => Math.max(most, Math.abs(n ?? 0)), 0);

function heatMap(parent, caption) {
  const figure = document.createElement("figure");
  figure.innerHTML = '<figcaption></figcaption><canvas class="map" role="img" tabindex="0"></canvas>' +
    '<canvas class="bar"></canvas><div class="ends"><span></span><span>0</span><span></span></div>';
  figure.querySelector("figcaption").textContent = caption;
  parent.append(figure);
  const [map, bar] = figure.querySelectorAll("canvas");
  const ends = figure.querySelectorAll(".ends span");
  bar.width = 101;
  bar.height = 1;
  const pen = bar.getContext("2d");
  for (let i = 0; i <= 100; i++) {
    pen.fillStyle = signed((i - 50) / 50);
    pen.fillRect(i, 0, 1, 1);
  }
  return { map, ends, words: figure.querySelector("figcaption") };
}

const tiles = data.tiles.map((tile) => {
  const section = document.createElement("section");
  section.className = "tile";
  section.innerHTML = '<h2></h2><div class="pair"></div>';
  section.querySelector("h2").textContent = tile.title;
  byId("tiles").append(section);
  const pair = section.querySelector(".pair");
  const columns = tile.has_bias ? "weights, biases last" : "weights";
  const weights = heatMap(pair, columns), gradient = heatMap(pair, "their gradients");
  const places = tile.cells.flat().filter((place) => place !== null);
  // Colours of weights can be compared over time; those of gradients would fade to nothing.
  const most = Math.max(...data.frames.map((f) => largest(places.map((p) => f.parameters[p]))));
  for (const [kind, { map }] of [["parameters", weights], ["gradient", gradient]]) {
    map.setAttribute("aria-label", `${tile.title}: ${kind}, a row for each neuron`);
    const point = (event) => {
      const box = map.getBoundingClientRect();
      const row = Math.floor((event.clientY - box.top) / box.height * tile.cells.length);
      const column = Math.floor((event.clientX - box.left) / box.width * tile.cells[0].length);
      choose(tile, row, column);
    };
    map.addEventListener("pointermove", point);
    map.addEventListener("pointerdown", point);
    map.addEventListener("keydown", (event) => {
      const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
      const from = chosen?.tile === tile ? chosen : { row: 0, column: 0 };
      const [down, right] = chosen?.tile === tile ? move : [0, 0];
      choose(tile, from.row + down, from.column + right);
      event.stopPropagation();
      event.preventDefault();
    });
  }
  return { tile, places, most, weights, gradient };
});

function choose(tile, row, column) {
  const place = tile.cells[row]?.[column];
  if (place === undefined || place === null) return;
  chosen = { tile, row, column };
  tell();
}

function tell() {
  if (chosen === null) return;
  const { tile, row, column } = chosen;
  const place = tile.cells[row][column];
  const { parameters, gradient } = data.frames[frame];
  byId("cell").textContent = `${tile.names[row][column]} = ${shown(parameters[place])}, ` +
    `gradient ${shown(gradient[place])}`;
}

function paint({ map, ends }, cells, numbers, most) {
  map.width = cells[0].length;
  map.height = cells.length;
  map.style.aspectRatio = `${Math.max(cells[0].length, 4)} / ${Math.min(cells.length, 40)}`;
  const pen = map.getContext("2d");
  cells.forEach((row, y) => row.forEach((place, x) => {
    const number = place === null ? null : numbers[place];
    if (number === null) return;
    pen.fillStyle = signed(most ? number / most : 0);
    pen.fillRect(x, y, 1, 1);
  }));
  ends[0].textContent = most ? `−${most}` : "";
  ends[2].textContent = most ? `+${most}` : "";
}

// --- The loss ---

function drawCurve() {
  const canvas = byId("curve"), ratio = devicePixelRatio;
  const width = canvas.clientWidth, height = canvas.clientHeight;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  const known = data.losses.filter(([, loss]) => loss !== null);
  if (!known.length) return;
  const logarithmic = known.every(([, loss]) => loss > 0);
  const scale = logarithmic ? Math.log10 : (loss) => loss;
  const highs = known.map(([, loss]) => scale(loss));
  const low = highs.reduce((a, b) => Math.min(a, b)), high = highs.reduce((a, b) => Math.max(a, b));
  const last = Math.max(data.losses.at(-1)[0], data.frames.at(-1).step, 1);
  const x = (step) => 8 + step / last * (width - 16);
  const y = (loss) => 18 + (high > low ? (high - scale(loss)) / (high - low) : 0.5) * (height - 36);
  pen.strokeStyle = getComputedStyle(byId("slider")).accentColor;
  pen.lineWidth = 1.5;
  pen.beginPath();
  known.forEach(([step, loss], i) => pen[i ? "lineTo" : "moveTo"](x(step), y(loss)));
  pen.stroke();
  const ink = getComputedStyle(document.body).color;
  pen.fillStyle = ink;
  pen.font = "12px Helvetica, Arial, sans-serif";
  const named = (size) => Number((logarithmic ? 10 ** size : size).toPrecision(3));
  pen.fillText(named(high), 8, 12);
  pen.fillText(named(low), 8, height - 4);
  const note = logarithmic ? "logarithmic scale" : "linear scale";
  pen.fillText(note, width - pen.measureText(note).width - 8, 12);
  const now = data.frames[frame];
  pen.globalAlpha = 0.5;
  pen.fillRect(x(now.step) - 0.5, 16, 1, height - 34);
  pen.globalAlpha = 1;
  if (now.loss !== null) {
    pen.beginPath();
    pen.arc(x(now.step), y(now.loss), 4, 0, 7);
    pen.fill();
  }
}

// --- The plane ---

function drawPlane() {
  const plane = data.plane;
  if (plane === null) return;
  const canvas = byId("plane"), ratio = devicePixelRatio;
  canvas.width = canvas.clientWidth * ratio;
  canvas.height = canvas.clientHeight * ratio;
  const pen = canvas.getContext("2d");
  const cells = Uint8Array.from(atob(plane.frames[frame]), (c) => c.charCodeAt(0));
  const side = plane.count, w = canvas.width / side, h = canvas.height / side;
  cells.forEach((cell, i) => {
    const share = (cell - 127.5) / 127.5;
    pen.fillStyle = plane.several
      ? css(CLASSES[cell % CLASSES.length], 0.45)
      : css(share < 0 ? NEGATIVE : POSITIVE, 0.15 + 0.55 * Math.abs(share));
    const column = i % side, row = Math.floor(i / side);
    const left = Math.round(column * w), top = Math.round(row * h);
    pen.fillRect(left, top, Math.round((column + 1) * w) - left, Math.round((row + 1) * h) - top);
  });
  const { left, right, bottom, top } = plane.bounds;
  plane.points.forEach(([x, y], i) => {
    const own = plane.classes[i];
    pen.fillStyle = css(plane.several ? CLASSES[own % CLASSES.length] : own ? POSITIVE : NEGATIVE);
    pen.strokeStyle = "#ffffff";
    pen.lineWidth = ratio;
    pen.beginPath();
    const px = (x - left) / (right - left) * canvas.width;
    const py = (top - y) / (top - bottom) * canvas.height;
    pen.arc(px, py, 3.5 * ratio, 0, 7);
    pen.fill();
    pen.stroke();
  });
}

function describePlane() {
  const plane = data.plane;
  byId("plane-figure").hidden = plane === null;
  if (plane === null) return;
  const { left, right, bottom, top } = plane.bounds;
  const short = (number) => String(Number(number.toPrecision(3))).replace("-", "−");
  byId("bounds").textContent =
    `x1 from ${short(left)} to ${short(right)}, x2 from ${short(bottom)} to ${short(top)}`;
  const said = plane.several
    ? plane.outputs.map((name, i) => [name, CLASSES[i % CLASSES.length]])
    : [[`output above ${plane.threshold}`, POSITIVE], ["below", NEGATIVE]];
  for (const [words, color] of said) {
    const item = document.createElement("span"), swatch = document.createElement("i");
    swatch.style.background = css(color);
    item.append(swatch, words);
    byId("legend").append(item);
  }
}

// --- Going through it ---

function show(next) {
  frame = Math.max(0, Math.min(data.frames.length - 1, next));
  const now = data.frames[frame];
  for (const { tile, places, most, weights, gradient } of tiles) {
    paint(weights, tile.cells, now.parameters, most);
    paint(gradient, tile.cells, now.gradient, largest(places.map((p) => now.gradient[p])));
    gradient.words.textContent = now.loss === null ? "no gradient after the last step" : "their gradients";
  }
  byId("slider").value = frame;
  const words = now.epoch === null ? `after ${now.step} steps` : `step ${now.step}, epoch ${now.epoch}`;
  byId("position").textContent = words;
  byId("slider").setAttribute("aria-valuetext", words);
  byId("loss").textContent = shown(now.loss);
  tell();
  drawCurve();
  drawPlane();
}

function pause() {
  clearInterval(timer);
  timer = null;
  byId("play").textContent = "Play";
}

function play() {
  if (timer !== null) return pause();
  if (frame === data.frames.length - 1) show(0);
  byId("play").textContent = "Pause";
  timer = setInterval(() => {
    show(frame + 1);
    if (frame === data.frames.length - 1) pause();
  }, 100);
}

const moves = {
  "to-start": () => show(0), back: () => show(frame - 1), on: () => show(frame + 1),
  "to-end": () => show(data.frames.length - 1),
};
for (const [id, move] of Object.entries(moves)) {
  byId(id).addEventListener("click", () => { pause(); move(); });
}
byId("play").addEventListener("click", play);
byId("slider").addEventListener("input", () => { pause(); show(Number(byId("slider").value)); });
document.addEventListener("keydown", (event) => {
  if (event.target.closest("button, input") || event.ctrlKey || event.metaKey || event.altKey) return;
  const move = { ArrowLeft: "back", ArrowRight: "on", Home: "to-start", End: "to-end" }[event.key];
  if (move) { pause(); moves[move](); } else if (event.key === " ") play(); else return;
  event.preventDefault();
});

const THEMES = ["system", "light", "dark"];
byId("theme").addEventListener("click", () => {
  const root = document.documentElement, now = root.dataset.theme ?? "system";
  const next = THEMES[(THEMES.indexOf(now) + 1) % THEMES.length];
  if (next === "system") delete root.dataset.theme; else root.dataset.theme = next;
  byId("theme").textContent = `Theme: ${next}`;
  show(frame);
});

byId("heading").textContent = data.title;
describePlane();
for (const note of data.notes) {
  const item = document.createElement("li");
  item.textContent = note;
  byId("notes").append(item);
}
byId("slider").max = data.frames.length - 1;
addEventListener("resize", () => show(frame));
show(0);
