// One map: its study, what its reader has chosen, its language and its colours. Whatever needs one of
// these takes the atlas as its first argument, so that any number of maps share one script.

import { LIGHT } from "./colours.js";
import { readData } from "./data.js";
import { wordsOf } from "./i18n.js";
import { makeJobs } from "./later.js";
import { openingState, withChoices } from "./state.js";

export class Atlas {
  // `study`: the data block of a page, parsed.
  constructor(study, { language = "es" } = {}) {
    this.data = readData(study);
    this.language = language;
    this.colours = { ...LIGHT };
    // The grade that a study opens with tells the main flows from the rest; it is no filter.
    const { grade: main = 1, ...opening } = study.study?.opening ?? {};
    this.state = withChoices({ ...openingState(), main }, opening, this.data.levels ?? {});
    this.keepOpening();
    this.parts = [];
    this.known = new Map(); // name -> { key, answer }
    // What the parts of the page keep while it is open.
    this.table = { box: null, kind: "regions", order: { column: null, down: false }, copied: null };
    this.time = { playing: null, before: null };
    this.sourcesBox = null;
    this.openSources = () => {};
    this.tiles = null;
    this.map = null;
    this.copy = () => {};
    this.toolbar = null;
    this.goHome = () => {};
    this.notice = null; // what a choice changed besides what was asked for
    this.showFrame = () => {};
    // These need no `this`, so that a function can take what it needs: const { t, state } = atlas.
    Object.assign(this, wordsOf(this), makeJobs());
    this.change = (values) => {
      Object.assign(this.state, values);
      this.parts.forEach((part) => part(values));
    };
  }

  // Parts register to be drawn again when a choice changes.
  onChange(part) {
    this.parts.push(part);
  }

  keepOpening() {
    const { filters, layers } = this.state;
    this.opening = { ...this.state, filters: { ...filters }, layers: { ...layers } };
  }

  // What was worked out before, as long as nothing of its key has changed.
  recall(name, key, work) {
    const found = this.known.get(name);
    if (found && key.every((part, i) => part === found.key[i])) return found.answer;
    const answer = work(this);
    this.known.set(name, { key, answer });
    return answer;
  }
}
