// The editor: Python with line numbers, undo, and one line that can be marked as wrong.

import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration, EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap,
  lineNumbers,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

const mark = StateEffect.define();

// The marked line stays with its text while other lines are edited.
const marked = StateField.define({
  create: () => Decoration.none,
  update(lines, transaction) {
    lines = lines.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(mark)) {
        const { doc } = transaction.state;
        const line = effect.value >= 1 && effect.value <= doc.lines ? doc.line(effect.value) : null;
        const wrong = Decoration.line({ class: "wrong" });
        lines = line ? Decoration.set([wrong.range(line.from)]) : Decoration.none;
      }
    }
    return lines;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export class Editor {
  // `edited` is called after each change by hand, `run` at Ctrl+Enter.
  constructor(parent, { edited, run, stop }) {
    this.view = new EditorView({
      parent,
      state: EditorState.create({
        extensions: [
          keymap.of([
            { key: "Mod-Enter", run: () => (run(), true), preventDefault: true },
            { key: "Escape", run: stop },
            ...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap,
          ]),
          lineNumbers(), highlightActiveLine(), highlightActiveLineGutter(), drawSelection(),
          history(), indentOnInput(), bracketMatching(), closeBrackets(),
          indentUnit.of("    "), python(), syntaxHighlighting(classHighlighter),
          EditorView.contentAttributes.of({ "aria-label": "Program, in Python" }),
          marked,
          EditorView.updateListener.of((update) => {
            if (update.docChanged && !this.isSetting) edited(this.text);
          }),
        ],
      }),
    });
  }

  get text() {
    return this.view.state.doc.toString();
  }

  // Another program; undo leads back to the one before.
  set text(given) {
    this.isSetting = true;
    this.view.dispatch({
      changes: { from: 0, to: this.view.state.doc.length, insert: given },
      selection: { anchor: 0 },
      effects: mark.of(0),
    });
    this.isSetting = false;
  }

  // Marks a line, counted from 1; 0 for none.
  mark(line) {
    this.view.dispatch({ effects: mark.of(line) });
  }

  goTo(line) {
    const { doc } = this.view.state;
    const { from } = doc.line(Math.min(Math.max(line, 1), doc.lines));
    this.view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
    this.view.focus();
  }
}
