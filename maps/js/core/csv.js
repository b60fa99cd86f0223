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

// Give a text to the reader as a file. A page that embeds the map in a sandbox can forbid it.
export function saveText(text, name) {
  const address = URL.createObjectURL(
    new Blob(["\uFEFF", text], { type: "text/csv;charset=utf-8" }),
  );
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
