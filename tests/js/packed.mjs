// Flows for tests, packed as maps/scene/pack.py packs them (one digit a row is enough here).

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
const EMPTY = { value: null, kind: "none", start: "", end: "", purpose: "", note: null };

const positions = (numbers) => ({
  codes: numbers.map((n) => DIGITS[n]).join(""),
  digits: 1,
  low: 0,
  step: false,
});

// rows: [{ from, to, source, ... }], with ids F1, F2, ...
export function packFlows(rows) {
  const packed = { id: { ...positions(rows.map((_, n) => n + 1)), prefix: "F", places: 1 } };
  for (const name of ["from", "to", "source"]) packed[name] = positions(rows.map((r) => r[name]));
  for (const [name, empty] of Object.entries(EMPTY)) {
    const words = [...new Set(rows.map((r) => r[name] ?? empty))];
    packed[name] = { ...positions(rows.map((r) => words.indexOf(r[name] ?? empty))), words };
  }
  return packed;
}

export const packNodes = positions;
