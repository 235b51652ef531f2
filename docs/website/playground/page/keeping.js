// The learner's text, kept in this browser over reloads; and the text that another took the place of.

const [NOW, BEFORE] = ["chainrule.playground.program", "chainrule.playground.before"];

function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // a browser that keeps nothing
  }
}

function write(key, text) {
  try {
    localStorage.setItem(key, text);
  } catch {
    // Nothing is kept in this browser; the address has the program still.
  }
}

export const kept = () => read(NOW);
export const keep = (text) => write(NOW, text);
export const keptBefore = () => read(BEFORE);
export const keepBefore = (text) => write(BEFORE, text);
