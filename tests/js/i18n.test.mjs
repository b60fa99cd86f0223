import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { load } from "./modules.mjs";

const { number, wordsOf } = await load("core/i18n");

const atlas = {};
const { month, period, pick, t, tn } = wordsOf(atlas);

beforeEach(() => {
  atlas.language = "es";
  atlas.data = {
    messages: {
      "{n} region": "{n} región",
      "{n} regions": "{n} regiones",
      "since {start}": "desde {start}",
      "until {end}": "hasta {end}",
      "period not stated": "periodo no indicado",
      "From {a} to {b}": "De {a} a {b}",
    },
  };
});

test("a message is looked up in Spanish and is its own text in English", () => {
  assert.equal(t("period not stated"), "periodo no indicado");
  atlas.language = "en";
  assert.equal(t("period not stated"), "period not stated");
});

test("a message without a translation shows its English text", () => {
  assert.equal(t("Something new"), "Something new");
  assert.equal(t("toString"), "toString");
  assert.equal(t("__proto__"), "__proto__");
});

test("gaps are filled once; what fills them is not read again", () => {
  assert.equal(t("From {a} to {b}", { a: "{b}", b: "$&" }), "De {b} a $&");
  assert.equal(t("From {a} to {b}", { a: 1 }), "De 1 a {b}");
  assert.equal(t("{toString} {constructor}"), "{toString} {constructor}");
});

test("one is told from many", () => {
  assert.equal(tn("{n} region", "{n} regions", 1), "1 región");
  assert.equal(tn("{n} region", "{n} regions", 0), "0 regiones");
  assert.equal(tn("{n} region", "{n} regions", 1433), "1,433 regiones");
});

test("numbers are written with a comma for thousands and a point for decimals in both", () => {
  for (const language of ["es", "en"]) {
    atlas.language = language;
    assert.equal(number(1433), "1,433");
    assert.equal(number(98947), "98,947");
    assert.equal(number(9.3166, 2), "9.32");
    assert.equal(number(0), "0");
    assert.equal(number(12, 1), "12.0");
  }
});

test("a text of a pair is picked by language", () => {
  assert.equal(pick(["costa", "coast"]), "costa");
  atlas.language = "en";
  assert.equal(pick(["costa", "coast"]), "coast");
});

test("months have short names and no day slips over their edge", () => {
  atlas.language = "en";
  assert.equal(month("2007-01"), "Jan 2007");
  assert.equal(month("2014-12"), "Dec 2014");
  atlas.language = "es";
  assert.match(month("2014-04"), /^abr 2014$/i);
});

test("whole years are written as years", () => {
  assert.equal(period("2017-01", "2017-12"), "2017");
  assert.equal(period("2017-01", "2023-12"), "2017–2023");
});

test("other spans are written with months", () => {
  atlas.language = "en";
  assert.equal(period("2007-01", "2014-04"), "Jan 2007 – Apr 2014");
  assert.equal(period("2019-07", "2019-07"), "Jul 2019");
  assert.equal(period("2018-02", "2018-12"), "Feb 2018 – Dec 2018");
});

test("open spans say what is known", () => {
  assert.equal(period("", ""), "periodo no indicado");
  assert.match(period("2017-01", ""), /^desde ene 2017$/i);
  assert.match(period("", "2017-12"), /^hasta dic 2017$/i);
});
