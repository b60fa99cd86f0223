// Tables as CSV that a spreadsheet opens without harm, and as a file.

// What a spreadsheet would take for a formula.
const FORMULA = /^[=+\-@\t\r]/;

// Text that could be a formula gets an apostrophe before it; numbers stay as they are.
function cell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  const text = FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// Rows of numbers and texts, the first with the names of the columns.
export function toCsv(rows) {
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}
