// Two languages in one page: English texts are the keys, the data block brings the Spanish ones.

let messages = {};
let language = "es";
const months = {}; // how a language shortens the names of months; asking takes longest

export function setMessages(table) {
  messages = table;
}

export function setLanguage(name) {
  language = name;
}

export function getLanguage() {
  return language;
}

export function t(text, values = {}) {
  const template = language === "es" && Object.hasOwn(messages, text) ? messages[text] : text;
  return template.replace(/\{(\w+)\}/g, (gap, name) =>
    Object.hasOwn(values, name) ? String(values[name]) : gap,
  );
}

export function tn(one, many, n, values = {}) {
  return t(n === 1 ? one : many, { n: number(n), ...values });
}

// The text of a [Spanish, English] pair.
export function pick(pair) {
  return pair[language === "es" ? 0 : 1];
}

function locale() {
  return language === "es" ? "es-PE" : "en-US";
}

// Written alike in Peru and in the United States. Intl would say the same; to load it takes longer
// than all else up to the first picture.
export function number(value, digits = 0) {
  const [whole, ...fraction] = value.toFixed(digits).split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...fraction].join(".");
}

export function month(text) {
  months[locale()] ??= new Intl.DateTimeFormat(locale(), { month: "short", timeZone: "UTC" });
  const name = months[locale()].format(new Date(`${text}-15T12:00:00Z`));
  return `${name.replace(".", "")} ${text.slice(0, 4)}`;
}

// A span of months as people write it: 2017, 2017–2023, Jan 2007 – Apr 2014.
export function period(start, end) {
  if (!start && !end) return t("period not stated");
  if (!end) return t("since {start}", { start: month(start) });
  if (!start) return t("until {end}", { end: month(end) });
  if (start.endsWith("-01") && end.endsWith("-12")) {
    const [first, last] = [start.slice(0, 4), end.slice(0, 4)];
    return first === last ? first : `${first}–${last}`;
  }
  return start === end ? month(start) : `${month(start)} – ${month(end)}`;
}
