import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { load } from "./modules.mjs";

let frames = [];
let timers = [];
globalThis.requestAnimationFrame = (job) => frames.push(job);
const timeout = globalThis.setTimeout;
globalThis.setTimeout = (job, ms = 0) => (ms ? timers : frames).push(job);
const { finish, later } = (await load("core/later")).makeJobs();
globalThis.setTimeout = (job, ms = 0) =>
  [0, 250].includes(ms) ? (ms ? timers : frames).push(job) : timeout(job, ms);

const pass = (n) => {
  for (let i = 0; i < n; i += 1) frames.splice(0).forEach((job) => job());
};
let done = [];
const job = (name) => () => done.push(name);

beforeEach(() => {
  finish();
  pass(9);
  [frames, timers, done] = [[], [], []];
});

test("jobs wait until two frames have begun, and come one by one", () => {
  later("a", job("a"));
  later("b", job("b"));
  pass(2);
  assert.deepEqual(done, []);
  pass(1);
  assert.deepEqual(done, ["a"]);
  pass(3);
  assert.deepEqual(done, ["a", "b"]);
});

test("a job gives way to a newer one of its name", () => {
  later("a", job("old"));
  later("b", job("b"));
  later("a", job("new"));
  pass(6);
  assert.deepEqual(done, ["b", "new"]);
});

test("what waits can be done at once, and is not done twice", () => {
  later("a", job("a"));
  later("b", job("b"));
  finish();
  assert.deepEqual(done, ["a", "b"]);
  pass(9);
  assert.deepEqual(done, ["a", "b"]);
});

test("in a tab without frames a timer takes their place", () => {
  later("a", job("a"));
  timers.splice(0).forEach((timer) => timer());
  assert.deepEqual(done, ["a"]);
  pass(3);
  assert.deepEqual(done, ["a"]);
});
