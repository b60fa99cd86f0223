// Columns as maps/pack.py packs them: digits in base 64, the highest of all rows first.

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

export const unpackPositions = (packed) => Int32Array.from(unpackNumbers(packed));

// A column of distinct values: the value of each row by its position.
export class Column {
  constructor(packed) {
    this.words = packed.words;
    this.codes = unpackPositions(packed);
  }

  at(row) {
    return this.words[this.codes[row]];
  }
}

export class Ids {
  constructor(packed) {
    this.packed = packed;
    this.numbers = packed.codes === undefined ? null : unpackNumbers(packed);
  }

  at(row) {
    if (!this.numbers) return this.packed.words[row];
    const { prefix, places } = this.packed;
    return prefix + String(this.numbers[row]).padStart(places, "0");
  }
}
