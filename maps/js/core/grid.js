// Two grids over the screen: what is where, for the pointer; and how crowded it is, for choosing.

// The number of a cell. It fits into 30 bits, which makes looking it up much faster.
const keyOf = (x, y, cell) => (Math.floor(x / cell) + 16384) * 32768 + Math.floor(y / cell) + 16384;

// Things by the cells that their points touch.
export class HitGrid {
  constructor(cell = 16) {
    this.cell = cell;
    this.cells = new Map();
  }

  // Add a thing along a line of points, each no further than a cell from the last.
  add(thing, line) {
    let last = null;
    for (const [x, y] of line) {
      const key = this.key(x, y);
      if (key === last) continue;
      last = key;
      const there = this.cells.get(key);
      if (!there) this.cells.set(key, [thing]);
      else if (there[there.length - 1] !== thing) there.push(thing);
    }
  }

  // All things whose points may lie within `slack` of a point, each once.
  near([x, y], slack) {
    const found = new Set();
    const steps = Math.ceil(slack / this.cell);
    for (let dx = -steps; dx <= steps; dx += 1)
      for (let dy = -steps; dy <= steps; dy += 1)
        for (const thing of this.cells.get(this.key(x + dx * this.cell, y + dy * this.cell)) ?? [])
          found.add(thing);
    return [...found];
  }

  key(x, y) {
    return keyOf(x, y, this.cell);
  }
}

// How crowded each cell is.
export class Crowd {
  constructor(cell = 6) {
    this.cell = cell;
    this.weights = new Map();
  }

  at(x, y) {
    return this.weights.get(this.key(x, y)) ?? 0;
  }

  add(x, y, weight) {
    const key = this.key(x, y);
    this.weights.set(key, (this.weights.get(key) ?? 0) + weight);
  }

  addBox([left, top, right, bottom], weight) {
    for (let x = left; x < right + this.cell; x += this.cell)
      for (let y = top; y < bottom + this.cell; y += this.cell)
        this.add(Math.min(x, right), Math.min(y, bottom), weight);
  }

  // The sum over the cells of a box.
  inBox([left, top, right, bottom]) {
    let sum = 0;
    for (let x = left; x < right; x += this.cell)
      for (let y = top; y < bottom; y += this.cell) sum += this.at(x, y);
    return sum;
  }

  key(x, y) {
    return keyOf(x, y, this.cell);
  }
}
