// The comparison of two sets of gradients, what was found by label, and notes on the whole page.

const ELSEWHERE = "To see other numbers, change them in the program and draw the graph again.";

class ComparisonPanel extends Panel {
  /** Shows the comparison once all gradients are known; before, it would give them away. */
  showAt(isFinished) {
    const isShown = isFinished && DATA.claims !== null;
    if (isShown === !this.section.hidden) return;
    if (isShown) this.#fill();
    else this.section.replaceChildren();
    this.section.hidden = !isShown;
  }

  #fill() {
    const rows = DATA.claims.map(({ node, claimed, difference, differs }) => [
      this.link(node),
      figure(real(nodeAt(node).grad), signed),
      figure(real(claimed), signed),
      figure(real(difference), (x) => significant(x, 2)),
      differs ? element("strong", { class: "differs" }, "≠ differs") : "= agrees",
    ]);
    this.show(
      element("h2", {}, "Gradients compared"),
      paragraph(verdict(DATA.claims)),
      rows.length > 0 && table(["", "engine", "compared", "difference", ""], rows),
      rows.length > 0 &&
        paragraph(
          `A gradient differs if it is off by more than ${nine(DATA.rounding)} of its size, or of the ` +
            "size of its contributions where these cancel. What roundings leave beside 0 is none.",
          "rest",
        ),
    );
  }
}

function verdict(claims) {
  const all = claims.length;
  const wrong = claims.filter((claim) => claim.differs).length;
  const engine = wrong ? "from the engine's" : "with the engine's";
  const verb = wrong ? "differ" : "agree";
  if (all === 0) return "No gradient was given to be compared.";
  if (all === 1) return `The one gradient given ${verb}s ${engine}.`;
  if (wrong === 0 || wrong === all) return `${all === 2 ? "Both" : `All ${all}`} gradients given ${verb} ${engine}.`;
  return `${wrong} of ${all} gradients given ${wrong === 1 ? "differs" : "differ"} ${engine}.`;
}

class FoundPanel extends Panel {
  /** Lists the nodes whose names or operations have the text in them, and returns their places. */
  showFound(text) {
    const wanted = text.toLowerCase();
    const words = (place) => [nameOf(place), nodeAt(place)?.op ?? "", nodeAt(place)?.label ?? ""];
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

/** What is printed below the picture: the derivation of each gradient, or of the selected one. */
class PrintedPanel extends Panel {
  fill(places) {
    const articles = places
      .filter((place) => nodeAt(place).text)
      .map((place) =>
        element(
          "article",
          {},
          element("h2", {}, nameOf(place)),
          element("pre", {}, ...nodeAt(place).text.split("\n").map(hanging)),
        ),
      );
    this.section.replaceChildren(...articles);
  }
}

class NotesPanel extends Panel {
  showNotes(view) {
    const notes = DATA.outdated.map((line) => `${line[0].toUpperCase()}${line.slice(1)}.`);
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
    if (DATA.still) notes.push(`The numbers stay as they are: ${DATA.still}. ${ELSEWHERE}`);
    this.show(...notes.map((note) => paragraph(note)));
  }
}
