// The comparison of two sets of gradients, what was found by label, and notes on the whole page.

class ComparisonPanel extends Panel {
  showAll() {
    if (!DATA.claims) return;
    const wrong = DATA.claims.filter((claim) => claim.differs).length;
    const all = counted(DATA.claims.length, "gradient");
    const summary = wrong
      ? `${wrong} of ${all} ${wrong === 1 ? "differs" : "differ"} beyond rounding`
      : `${all} compared: no difference beyond rounding`;
    const rows = DATA.claims.map(({ node, claimed, difference, differs }) => [
      this.link(node),
      figure(real(nodeAt(node).grad), signed),
      figure(real(claimed), signed),
      real(difference).toPrecision(2),
      differs ? element("strong", { class: "differs" }, "≠ differs") : "= agrees",
    ]);
    this.show(
      element("h2", {}, "Gradients compared"),
      paragraph(`${summary} (1e-6 of their size).`),
      table(["", "engine", "compared", "difference", ""], rows),
    );
  }
}

class FoundPanel extends Panel {
  /** Lists the nodes whose names or operations have the text in them, and returns their places. */
  showFound(text) {
    const wanted = text.toLowerCase();
    const words = (place) => [nameOf(place), nodeAt(place)?.op ?? ""];
    const isFound = (place) => words(place).some((word) => word.toLowerCase().includes(wanted));
    const places = wanted ? byName(PLACES.filter(isFound)) : [];
    const items = places.slice(0, LISTED).map((place) => element("li", {}, this.link(place)));
    if (places.length > LISTED) items.push(element("li", {}, "…"));
    document.getElementById("hits").replaceChildren(...items);
    document.getElementById("found").textContent = wanted
      ? `${counted(places.length, "node")} found`
      : "";
    this.section.hidden = !wanted;
    return places;
  }
}

class NotesPanel extends Panel {
  showNotes(view) {
    const notes = [];
    if (view.shapes.some((shape) => shape.members)) {
      notes.push(`Folded: this picture stands for ${DATA.size}.`);
    }
    if (DATA.leftOut.length) {
      const every = DATA.leftOut.some((name) => name.startsWith("every node"));
      const remedy = every ? " draw(…, fold=False) draws every node." : "";
      notes.push(`Too large to be in this page: ${DATA.leftOut.join("; ")}.${remedy}`);
    }
    if (PLACES.some((place) => nodeAt(place).recorded !== undefined)) {
      notes.push(
        "Some nodes hold another .grad, as backward() was called more than once or on another " +
          "output; the page shows one pass from what is drawn. Select a node to see both.",
      );
    }
    this.show(...notes.map((note) => paragraph(note)));
  }
}
