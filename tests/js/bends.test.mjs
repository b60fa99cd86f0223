import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const bends = await load("draw/bends");
const { bend, distanceToLine, flatten, loop } = await load("core/geometry");
const { Crowd, HitGrid } = await load("core/grid");

const REACH = 420;
// The answer of a generator, all at once.
function answer(steps) {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}
const chooseBends = (...given) => answer(bends.chooseBends(...given));
const flow = (from, to, start, end, width = 2) => ({ from, to, start, end, width });
const symbol = (id, at, radius = 6) => ({ id, at, radius, name: null });
const clearance = ({ start, end }, turn, at) =>
  distanceToLine(at, flatten(bend(start, end, REACH, turn), 60));

test("a flow alone bends in the usual way", () => {
  const one = flow(0, 1, [0, 0], [300, 0]);
  assert.deepEqual(chooseBends([one], [symbol(0, [0, 0]), symbol(1, [300, 0])], REACH), [1]);
});

test("a flow does not run under the symbol of another place", () => {
  const one = flow(0, 1, [0, 0], [300, 0]);
  const onTheWay = flatten(bend([0, 0], [300, 0], REACH), 2)[1];
  const [turn] = chooseBends([one], [symbol(0, [0, 0]), symbol(1, [300, 0]), symbol(2, onTheWay)], REACH);
  assert.notEqual(turn, 1);
  assert.ok(clearance(one, turn, onTheWay) > 6);
});

test("nor under a name, unless there is no better way", () => {
  const one = flow(0, 1, [0, 0], [300, 0]);
  const [x, y] = flatten(bend([0, 0], [300, 0], REACH), 2)[1];
  const name = { id: "name", at: [x, y], radius: 0, name: [x - 30, y - 8, x + 30, y + 8] };
  const [turn] = chooseBends([one], [name], REACH);
  assert.ok(clearance(one, turn, [x, y]) > 8);
});

test("the two directions of a pair stay on their sides, whatever is in the way", () => {
  const there = flow(0, 1, [0, 0], [300, 0]);
  const back = flow(1, 0, [300, 0], [0, 0]);
  const blocked = [0.5, 1, 1.5].map((turn, n) => {
    const [, at] = flatten(bend([0, 0], [300, 0], REACH, turn), 2);
    return symbol(n + 2, at);
  });
  for (const turn of chooseBends([there, back], blocked, REACH)) assert.ok(turn > 0);
});

test("a loop turns away from what stands above its place", () => {
  const within = flow(0, 0, [0, 0], [0, 0]);
  const [angle] = chooseBends([within], [symbol(0, [0, 0]), symbol(1, [0, -34], 12)], REACH);
  assert.notEqual(angle, -Math.PI / 2);
  assert.ok(distanceToLine([0, -34], flatten(loop([0, 0], 19, angle))) > 12);
});

test("the same flows always bend the same way", () => {
  const flows = Array.from({ length: 40 }, (_, n) =>
    flow(n % 7, (n * 3) % 5, [(n % 7) * 60, 0], [((n * 3) % 5) * 80, 200], 1 + (n % 3)),
  );
  const obstacles = Array.from({ length: 7 }, (_, n) => symbol(n, [n * 60, 0]));
  assert.deepEqual(chooseBends(flows, obstacles, REACH), chooseBends(flows, obstacles, REACH));
});

test("with very many flows nothing is weighed", () => {
  const flows = Array.from({ length: 2000 }, () => flow(0, 1, [0, 0], [300, 0]));
  assert.ok(chooseBends(flows, [], REACH).every((turn) => turn === 1));
});

test("the grid gives what is near, once each, and nothing far", () => {
  const grid = new HitGrid(16);
  grid.add("a", flatten([0, 0, 30, 0, 60, 0, 90, 0], 12));
  grid.add("b", [[500, 500]]);
  assert.deepEqual(grid.near([45, 5], 4), ["a"]);
  assert.deepEqual(grid.near([45, 200], 4), []);
  assert.deepEqual(grid.near([490, 490], 20), ["b"]);
  assert.deepEqual(grid.near([-40, -40], 4), []);
});

test("a crowd adds up in its cells and over boxes", () => {
  const crowd = new Crowd(5);
  crowd.add(2, 2, 1);
  crowd.add(4, 4, 2);
  assert.equal(crowd.at(0, 0), 3);
  assert.equal(crowd.at(6, 0), 0);
  assert.equal(crowd.inBox([0, 0, 20, 20]), 3);
  crowd.addBox([20, 20, 29, 24], 1);
  assert.ok(crowd.at(22, 22) >= 1 && crowd.at(27, 22) >= 1);
});
