// Work that the picture need not wait for: one job after the other, each when a frame has been shown.

const IN_HIDDEN_MS = 250; // a tab that is not looked at shows no frames

export function makeJobs() {
  const waiting = new Map();
  let running = false;

  // A job that waits already under this name gives way to the new one.
  function later(name, job) {
    waiting.delete(name);
    waiting.set(name, job);
    if (!running) next();
  }

  // Do at once what is still waiting.
  function finish() {
    while (waiting.size) take();
  }

  function take() {
    const [[name, job]] = waiting;
    waiting.delete(name);
    job();
  }

  function next() {
    running = waiting.size > 0;
    if (!running) return;
    let taken = false;
    const run = () => {
      if (taken) return;
      taken = true;
      if (waiting.size) take();
      next();
    };
    // The first frame is drawn after this, and shown before the second.
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(run)));
    setTimeout(run, IN_HIDDEN_MS);
  }

  return { later, finish };
}
