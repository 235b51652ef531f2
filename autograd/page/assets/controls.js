// What the reader's hands do: buttons, fields and keys.

const THEMES = ["system", "light", "dark"];
const ZOOM = 1.25;

function listen(player) {
  const { camera } = player;
  const stepping = (action) => () => {
    player.pause();
    action();
  };
  const clicks = {
    "to-start": stepping(() => player.goTo(0)),
    back: stepping(() => player.move(-1)),
    on: stepping(() => player.move(1)),
    "to-end": stepping(() => player.goTo(player.walk.last)),
    "to-backward": stepping(() => player.goTo(player.walk.backwardStart)),
    play: () => player.toggle(),
    "zoom-in": () => camera.zoom(ZOOM),
    "zoom-out": () => camera.zoom(1 / ZOOM),
    "zoom-fit": () => camera.fit(),
    theme: () => {
      const { theme = THEMES[0] } = document.documentElement.dataset;
      setTheme(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]);
    },
    size: () => {
      setSize(byId("size").getAttribute("aria-pressed") !== "true");
      player.open(player.view);
    },
    help: toggleKeys,
  };
  for (const [id, action] of Object.entries(clicks)) byId(id).addEventListener("click", action);
  byId("numbers").addEventListener("change", ({ target }) => player.setNumbers(target.checked));
  const slider = byId("slider");
  slider.addEventListener("input", stepping(() => player.goTo(Number(slider.value))));
  const views = byId("view");
  views.addEventListener("change", stepping(() => player.open(Number(views.value))));
  byId("search").addEventListener("input", () => player.search());
  byId("search").addEventListener("keydown", (event) => {
    if (event.key === "Enter") player.nextFound();
  });
  document.addEventListener("keydown", (event) => onKey(event, player));
  for (const type of ["click", "keydown", "change", "pointerup", "wheel"]) {
    addEventListener(type, () => player.keepPlace());
  }
  addEventListener("hashchange", () => {
    player.goToAddress();
    player.practice.goToAddress();
  });
  addEventListener("beforeprint", () => player.fillPrinted());
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  byId("theme").textContent = `Theme: ${theme}`;
}

/** Larger letters and figures, for those in the last row. */
function setSize(isLarge) {
  document.documentElement.toggleAttribute("data-large", isLarge);
  byId("size").setAttribute("aria-pressed", String(isLarge));
}

function toggleKeys() {
  const keys = byId("keys");
  keys.hidden = !keys.hidden;
  byId("help").setAttribute("aria-expanded", String(!keys.hidden));
}

function onKey(event, player) {
  const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
  if (isUndo && !event.target.matches("input:not([type=checkbox], [type=range])")) {
    event.preventDefault();
    player.live.undo();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { key, target } = event;
  if (key === "Escape") {
    byId("search").value = "";
    player.search();
    player.clear();
    return;
  }
  if (target.matches("input:not([type=checkbox]), select")) return;
  if (key === " " && target.matches("button, input, summary")) return;
  const keys = {
    ArrowLeft: () => byId("back").click(),
    ArrowRight: () => byId("on").click(),
    PageUp: () => byId("back").click(), // what a presenter's remote control sends
    PageDown: () => byId("on").click(),
    Home: () => byId("to-start").click(),
    End: () => byId("to-end").click(),
    " ": () => player.toggle(),
    "+": () => player.camera.zoom(ZOOM),
    "-": () => player.camera.zoom(1 / ZOOM),
    0: () => player.camera.fit(),
    "/": () => byId("search").focus(),
  };
  if (!Object.hasOwn(keys, key)) return;
  event.preventDefault();
  keys[key]();
}

listen(new Player());
