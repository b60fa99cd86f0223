import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { toCsv } = await load("core/csv");
const { cellsOf, csvOf, sortRows } = await load("words/tables");

test("cells with signs of CSV are quoted, quotes doubled", () => {
  assert.equal(
    toCsv([["a,b", 'say "x"', "two\nlines", "é"]]),
    '"a,b","say ""x""","two\nlines",é\r\n',
  );
});

test("what a spreadsheet would run is made text; numbers stay numbers", () => {
  assert.equal(
    toCsv([["=1+1", "+5", "-2", "@x", "\tx", '=HYPERLINK("http://x","y")', -2.5, null, NaN]]),
    `'=1+1,'+5,'-2,'@x,'\tx,"'=HYPERLINK(""http://x"",""y"")",-2.5,,\r\n`,
  );
});

test("rows of own counts say in a column of their own how they were treated", () => {
  const table = { columns: [["region"], ["value"]], rows: [{ values: ["Puno", 12] }] };
  assert.equal(csvOf(table, "Internal"), "region,value,protection\r\nPuno,12,Internal\r\n");
  assert.deepEqual(cellsOf(table), [["region", "value"], ["Puno", 12]]);
});

const rows = [
  ["b", 2],
  ["á", null],
  ["c", 10],
].map((values) => ({ values }));
const firsts = (sorted) => sorted.map(({ values }) => values[0]).join("");

test("numbers are sorted by size, texts by the alphabet, what is missing comes last", () => {
  assert.equal(firsts(sortRows(rows, 1, false)), "bcá");
  assert.equal(firsts(sortRows(rows, 1, true)), "cbá");
  assert.equal(firsts(sortRows(rows, 0, false)), "ábc");
  assert.equal(firsts(rows), "bác");
});
