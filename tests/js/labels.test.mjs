import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { placeLabels } = await load("draw/labels");

const measure = (text) => 7 * text.length;
const boxOf = ({ x, y, width, height = 14 }) => [
  x - width / 2,
  y - height / 2,
  x + width / 2,
  y + height / 2,
];
const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

// Points that look scattered but are the same in every run.
const scatter = (n) =>
  Array.from({ length: n }, (_, i) => ({
    text: "Madre de Dios".slice(0, 4 + ((i * 5) % 9)),
    at: [(i * 131) % 400, (i * 71) % 300],
  }));

test("no name lies over another or over what is taken", () => {
  const taken = scatter(12).map(({ at: [x, y] }) => [x - 5, y - 5, x + 5, y + 5]);
  const placed = placeLabels(scatter(60), measure, taken).map(boxOf);
  assert.ok(placed.length > 10 && placed.length < 60);
  placed.forEach((box, i) => {
    const others = [...placed.slice(i + 1), ...taken];
    assert.ok(!others.some((other) => overlap(box, other)));
  });
});

test("more important names come first", () => {
  const both = [
    { text: "Lima", at: [50, 50], centred: true },
    { text: "Callao", at: [52, 50], centred: true },
  ];
  for (const wanted of [both, both.toReversed?.() ?? [...both].reverse()]) {
    const [first, second] = placeLabels(wanted, measure);
    assert.deepEqual([first.text, first.y], [wanted[0].text, 50]);
    // The other moves a line up or down.
    assert.notEqual(second.y, 50);
  }
});

test("a name stands to the right of its point where there is room, else elsewhere", () => {
  const [free] = placeLabels([{ text: "Puno", at: [50, 50] }], measure);
  assert.ok(free.x > 50);
  assert.equal(free.y, 50);
  const wall = [[52, 0, 200, 100]];
  const [moved] = placeLabels([{ text: "Puno", at: [50, 50] }], measure, wall);
  assert.ok(moved.x < 50);
});

test("no name is cut by the frame; one wholly outside it may wait there", () => {
  const frame = { left: 0, top: 0, right: 400, bottom: 300 };
  const placed = placeLabels([...scatter(60), { text: "Ica", at: [900, 900] }], measure, [], frame);
  for (const box of placed.map(boxOf)) {
    if (!overlap(box, [0, 0, 400, 300])) continue;
    assert.ok(box[0] >= 0 && box[1] >= 0 && box[2] <= 400 && box[3] <= 300);
  }
  assert.ok(placed.some(({ text }) => text === "Ica"));
});

test("what is wanted and what is taken stay as they were", () => {
  const wanted = [{ text: "Lima", at: [50, 50] }];
  const taken = [[0, 0, 10, 10]];
  placeLabels(wanted, measure, taken);
  assert.deepEqual(wanted, [{ text: "Lima", at: [50, 50] }]);
  assert.equal(taken.length, 1);
});
