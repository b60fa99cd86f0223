// What maps/scene/pack.py packs is read here; tests/maps/test_pack.py makes the same texts.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { Column, Ids, unpackNumbers, unpackPositions } = await load("core/pack");

test("digits are in base 64, the highest of all rows first", () => {
  const packed = { codes: "0100_A", digits: 2, low: 0, step: false };
  assert.deepEqual([...unpackNumbers(packed)], [0, 64 + 63, 10]);
  assert.deepEqual([...unpackNumbers({ ...packed, low: -5 })], [-5, 122, 5]);
});

test("steps are added up", () => {
  assert.deepEqual(
    [...unpackNumbers({ codes: "3210", digits: 1, low: -1, step: true })],
    [2, 3, 3, 2],
  );
});

test("columns give the word of a row, identifiers their number as written", () => {
  const column = new Column({
    codes: "0102",
    digits: 1,
    low: 0,
    step: false,
    words: ["a", null, 2.5],
  });
  assert.deepEqual(
    [0, 1, 2, 3].map((row) => column.at(row)),
    ["a", null, "a", 2.5],
  );
  const ids = new Ids({ codes: "0F", digits: 1, low: 1, step: false, prefix: "F", places: 3 });
  assert.deepEqual([ids.at(0), ids.at(1)], ["F001", "F016"]);
  assert.equal(new Ids({ words: ["x", "y"] }).at(1), "y");
});

const python = fileURLToPath(new URL("../../.venv/bin/python", import.meta.url));
test("what Python packs comes out here", { skip: !existsSync(python) }, () => {
  const code = `
import json, numpy as np
from corredor.maps.scene.pack import pack_numbers
rng = np.random.default_rng(3)
lists = [[], [7], [-3, 2**45, 0], rng.integers(-5000, 5000, 300).tolist(), sorted(rng.integers(0, 9**9, 99).tolist())]
print(json.dumps([[numbers, pack_numbers(numbers)] for numbers in lists]))`;
  for (const [numbers, packed] of JSON.parse(
    execFileSync(python, ["-c", code], { encoding: "utf8" }),
  )) {
    assert.deepEqual([...unpackNumbers(packed)], numbers);
    if (numbers.every((n) => Math.abs(n) < 2 ** 31))
      assert.deepEqual([...unpackPositions(packed)], numbers);
  }
});
