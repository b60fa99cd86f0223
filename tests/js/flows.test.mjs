import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { Flows, REACH_ZOOM, toReference } = await load("draw/flows");
const { distance, pointOn } = await load("core/geometry");

const PLACES = [
  { kind: "region", region: 0, at: [-4, -75] },
  { kind: "region", region: 1, at: [-12, -76] },
  { kind: "city", region: 1, at: [-13, -71] },
  { kind: "border", region: -1, at: [-16, -69] },
  { kind: "area", region: -1, at: null, label: [-11, -80] },
  { kind: "city", region: 0, at: null },
];
const radius = (kind) => (kind === "region" ? 5 : 3);
const pair = (id, from, to, evidence = 1) => ({ id, from, to, evidence });
const width = ({ evidence }) => evidence * 1.5;
const FRAME = { left: -1e5, top: -1e5, right: 1e5, bottom: 1e5 };
const VIEW = { scale: 1, origin: [0, 0] };

function drawn(pairs, { widthOf = width, view = VIEW, frame = FRAME } = {}) {
  const flows = new Flows(PLACES, radius);
  for (const _ of flows.choose(pairs, widthOf));
  flows.place(view, frame);
  return flows;
}

test("the reference zoom is Web Mercator", () => {
  const world = 256 * 2 ** REACH_ZOOM;
  assert.deepEqual(toReference([0, -180]), [0, world / 2]);
  const [x, y] = toReference([-12, -76]);
  assert.ok(Math.abs(x - ((180 - 76) / 360) * world) < 1e-9);
  const merc = Math.log(Math.tan(Math.PI / 4 - (12 * Math.PI) / 360));
  assert.ok(Math.abs(y - world * (0.5 - merc / (2 * Math.PI))) < 1e-6);
});

test("strong flows are drawn last, equal ones in a fixed order", () => {
  const flows = drawn([pair(0, 0, 1), pair(1, 1, 2, 5), pair(2, 0, 2)]);
  assert.deepEqual(flows.arrows.map((a) => a.pair.id), [2, 0, 1]);
});

test("a pair with an end that has no spot is not drawn", () => {
  assert.deepEqual(drawn([pair(0, 0, 5), pair(1, 0, 1)]).arrows.map((a) => a.pair.id), [1]);
});

test("ends that are not two places of the country have looks of their own", () => {
  const looks = drawn([pair(0, 0, 1), pair(1, 0, 4), pair(2, 2, 3), pair(3, 0, 0)]).arrows;
  assert.deepEqual(Object.fromEntries(looks.map((a) => [a.pair.id, a.looks])), {
    0: "plain",
    1: "area",
    2: "border",
    3: "plain",
  });
});

test("heads stop at the edge of the symbol, wherever the map is", () => {
  for (const view of [VIEW, { scale: 4, origin: [900, -300] }]) {
    const { arrows } = drawn([pair(0, 0, 2, 3)], { view });
    const [x, y] = toReference(PLACES[2].at);
    const end = [x * view.scale - view.origin[0], y * view.scale - view.origin[1]];
    assert.ok(Math.abs(distance(arrows[0].head[0], end) - (3 + 2.5)) < 0.15);
  }
});

test("what the frame does not touch is not placed", () => {
  const flows = drawn([pair(0, 0, 1)], { frame: { left: 0, top: 0, right: 50, bottom: 50 } });
  assert.equal(flows.arrows.length, 0);
});

test("a flow without a value of the chosen kind is thin and says so", () => {
  const [arrow] = drawn([pair(0, 0, 1)], { widthOf: () => null }).arrows;
  assert.deepEqual([arrow.width, arrow.valued], [1, false]);
  assert.equal(drawn([pair(0, 0, 1)], { widthOf: () => 0.2 }).arrows[0].valued, true);
});

test("the pointer finds the nearest arrow within reach, thin ones too", () => {
  const flows = drawn([pair(0, 0, 1), pair(1, 1, 2, 4)]);
  const [x, y] = pointOn(flows.arrows[0].shaft, 0.5);
  assert.equal(flows.find([x + 1.5, y + 1.5], 4).arrow.pair.id, 0);
  assert.equal(flows.find([x + 300, y], 4), null);
  const [dx, dy] = flows.arrows[0].head[0];
  assert.equal(flows.find([dx, dy], 1).d, 0);
});

test("of arrows that cover a point the pointer finds the one on top, else the nearest", () => {
  const flows = drawn([pair(0, 0, 1, 1), pair(1, 0, 1, 9)]);
  const { shaft } = flows.arrows.find((arrow) => arrow.pair.id === 1);
  const [x, y] = pointOn(shaft, 0.5);
  for (const arrow of flows.arrows) arrow.shaft = shaft;
  assert.equal(flows.find([x, y], 4).arrow.pair.id, 1);
  flows.arrows[1].shaft = shaft.map((v, i) => (i % 2 ? v : v + 12));
  assert.equal(flows.find([x, y], 14).arrow.pair.id, 0);
});
