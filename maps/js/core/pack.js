// Columns as maps/scene/pack.py packs them: digits in base 64, the highest of all rows first.

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
const VALUE = new Uint8Array(128);
for (let i = 0; i < DIGITS.length; i += 1) VALUE[DIGITS.charCodeAt(i)] = i;

// -> Float64Array: identifiers can be larger than 32 bits.
export function unpackNumbers({ codes, digits, low, step }) {
  const rows = codes.length / digits;
  const numbers = new Float64Array(rows);
  for (let digit = 0, at = 0; digit < digits; digit += 1)
    for (let row = 0; row < rows; row += 1, at += 1)
      numbers[row] = numbers[row] * 64 + VALUE[codes.charCodeAt(at)];
  for (let row = 0, before = 0; row < rows; row += 1) {
    numbers[row] += low;
    if (step) numbers[row] += before;
    before = numbers[row];
  }
  return numbers;
}

export const unpackPositions = (packed) => new Int32Array(unpackNumbers(packed));

// A column of distinct values: the value of each row by its position, unpacked when first asked for.
export class Column {
  #codes = null;

  constructor(packed) {
    this.words = packed.words;
    this.packed = packed;
  }

  get codes() {
    return (this.#codes ??= unpackPositions(this.packed));
  }

  at(row) {
    return this.words[this.codes[row]];
  }
}

export class Ids {
  #numbers = null;

  constructor(packed) {
    this.packed = packed;
  }

  get numbers() {
    return (this.#numbers ??= unpackNumbers(this.packed));
  }

  at(row) {
    if (this.packed.codes === undefined) return this.packed.words[row];
    const { prefix, places } = this.packed;
    return prefix + String(this.numbers[row]).padStart(places, "0");
  }
}
