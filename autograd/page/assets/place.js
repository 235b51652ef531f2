// Where the reader is, kept in the page's entry in the history of the browser: a reload opens there,
// and so does the page of an edited program, which the playground puts in place of this one.
//
// A place is {view, step, last, backwardStart, what, node, box, layout, theme, isLarge, follow,
// speed}: `what` names the step, `node` is the selected node's name or null, and `box` is the part
// of the picture that the reader has moved to or null.

function placeOf(player) {
  const { walk, step, camera } = player;
  const { theme, large } = document.documentElement.dataset;
  return {
    view: DATA.views[player.view].name,
    step,
    last: walk.last,
    backwardStart: walk.backwardStart,
    what: walk.described(step),
    node: player.selected === null ? null : nameOf(player.selected),
    box: camera.framing ? null : camera.box,
    layout: player.asked,
    theme: theme ?? THEMES[0],
    isLarge: large !== undefined,
    follow: byId("follow").checked,
    speed: byId("speed").value,
  };
}

/** Goes to a place, of this graph or of one that is like it. The focus stays where it is. */
function returnTo(player, place) {
  setTheme(place.theme);
  setSize(place.isLarge);
  byId("follow").checked = place.follow;
  byId("speed").value = place.speed;
  player.asked = place.layout;
  const selected = place.node === null ? undefined : PLACES.find((at) => nameOf(at) === place.node);
  const view = DATA.views.findIndex(({ name }) => name === place.view);
  player.selected = selected ?? null;
  player.open(Math.max(view, 0));
  player.livePanel.showLeaf(player.selected);
  player.goTo(player.walk.like(place));
  if (place.box && player.walk.last === place.last) player.camera.goTo(place.box);
}
