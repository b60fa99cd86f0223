// Two languages in one page: English texts are the keys, the data block brings the Spanish ones.

import { wordOfLevel } from "./levelwords.js";

// How a language shortens the names of months; asking takes longest, and the answer is always the same.
const MONTHS = new Map();

// What an atlas says, in the language it speaks now.
export function wordsOf(atlas) {
  const spanish = () => atlas.language === "es";

  function t(text, values = {}) {
    const messages = atlas.data.messages ?? {};
    // A study of provinces or districts speaks of them where others speak of regions.
    const said = wordOfLevel(atlas.data.level, text);
    const template = spanish() && Object.hasOwn(messages, said) ? messages[said] : said;
    return template.replace(/\{(\w+)\}/g, (gap, name) =>
      Object.hasOwn(values, name) ? String(values[name]) : gap,
    );
  }

  function tn(one, many, n, values = {}) {
    return t(n === 1 ? one : many, { n: number(n), ...values });
  }

  // The text of a [Spanish, English] pair.
  function pick(pair) {
    return pair[spanish() ? 0 : 1];
  }

  function month(text) {
    const locale = spanish() ? "es-PE" : "en-US";
    if (!MONTHS.has(locale))
      MONTHS.set(locale, new Intl.DateTimeFormat(locale, { month: "short", timeZone: "UTC" }));
    const name = MONTHS.get(locale).format(new Date(`${text}-15T12:00:00Z`));
    return `${name.replace(".", "")} ${text.slice(0, 4)}`;
  }

  // A span of months as people write it: 2017, 2017–2023, Jan 2007 – Apr 2014.
  function period(start, end) {
    if (!start && !end) return t("period not stated");
    if (!end) return t("since {start}", { start: month(start) });
    if (!start) return t("until {end}", { end: month(end) });
    if (start.endsWith("-01") && end.endsWith("-12")) {
      const [first, last] = [start.slice(0, 4), end.slice(0, 4)];
      return first === last ? first : `${first}–${last}`;
    }
    return start === end ? month(start) : `${month(start)} – ${month(end)}`;
  }

  return { t, tn, pick, month, period };
}

// Written alike in Peru and in the United States. Intl would say the same; to load it takes longer
// than all else up to the first picture.
export function number(value, digits = 0) {
  const [whole, ...fraction] = value.toFixed(digits).split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...fraction].join(".");
}
