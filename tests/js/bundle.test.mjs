// The page carries all modules as one script, so what one of them names, no other may name again.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { files, source } from "./modules.mjs";

const code = Object.fromEntries(
  files.map((name) => [name, readFileSync(join(source, name), "utf8")]),
);
const DECLARED = /^(?:export )?(?:async )?(?:function\*?|const|let|class) (\w+)/gm;

test("no name is declared by two modules", () => {
  const owners = new Map();
  for (const name of files)
    for (const [, declared] of code[name].matchAll(DECLARED))
      owners.set(declared, [...(owners.get(declared) ?? []), name]);
  assert.ok(owners.size > 60);
  assert.deepEqual(
    [...owners].filter(([, where]) => where.length > 1),
    [],
  );
});

test("every import names something that the other module exports", () => {
  for (const name of files)
    for (const [, names, from] of code[name].matchAll(
      /^import \{([^}]*)\} from "(\.[\w/.-]+\.js)";/gm,
    ))
      for (const imported of names
        .split(",")
        .map((word) => word.trim())
        .filter(Boolean))
        assert.match(
          code[join(dirname(name), from)],
          new RegExp(`^export (?:async )?(?:function\\*?|const|let|class) ${imported}\\b`, "m"),
          `${name}: ${imported}`,
        );
});

test("folders import one way: core, draw, words, ui, entry", () => {
  const order = ["core", "draw", "words", "ui", "entry"];
  for (const name of files)
    for (const [, from] of code[name].matchAll(/ from "([^"]+)";/g)) {
      const folder = join(dirname(name), from).split(/[\\/]/)[0];
      const [mine, theirs] = [name.split("/")[0], folder].map((f) => order.indexOf(f));
      assert.ok(theirs >= 0 && theirs <= mine, `${name} imports ${from}`);
    }
});

test("no module but the start of the page keeps a state of its own", () => {
  for (const name of files)
    if (!name.startsWith("entry/")) assert.doesNotMatch(code[name], /^(export )?let /m, name);
});

test("no import is without use", () => {
  for (const name of files) {
    const body = code[name].replace(/^import [^;]*;\n/gm, "");
    for (const [, names] of code[name].matchAll(/^import \{([^}]*)\}/gm))
      for (const imported of names
        .split(",")
        .map((word) => word.trim())
        .filter(Boolean))
        assert.match(body, new RegExp(`\\b${imported}\\b`), `${name}: ${imported}`);
  }
});

test("no module writes markup, runs text as script, or asks for anything outside", () => {
  const forbidden =
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|fetch\(|XMLHttpRequest|WebSocket|sendBeacon|localStorage|document\.cookie/;
  for (const name of files) assert.doesNotMatch(code[name], forbidden, name);
});

test("every message stands in the code as one text, so that it can be collected", () => {
  for (const name of files)
    for (const [, argument] of code[name].matchAll(/(?<![\w.])tn?\(\s*([^\s)])/g))
      if (name !== "core/i18n.js") assert.equal(argument, '"', name);
});
