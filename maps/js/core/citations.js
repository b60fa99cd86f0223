// References as one writes them below a figure: publisher, title, date, address.

// "Ministerio del Interior (2024). Base de datos ... https://... (read on 2026-11-23)", in three parts:
// the title may be in another language than the rest.
export function referenceParts(atlas, id) {
  const { data, t } = atlas;
  const { publisher, title, lang, date, url, accessed } = data.sources[id];
  const read = accessed ? ` (${t("read on {date}", { date: accessed })})` : "";
  return {
    before: `${publisher}${date ? ` (${date})` : ""}. `,
    title: title.replace(/[.\s]+$/, ""),
    lang,
    after: `.${url ? ` ${url}${read}` : ""}`,
  };
}

export function sourceReference(atlas, id) {
  const { before, title, after } = referenceParts(atlas, id);
  return before + title + after;
}

// How to cite the map itself, as it stands at this address.
export function mapReference(atlas, address) {
  const { data, pick, t } = atlas;
  const { title, version, fingerprint } = data.study;
  const made = t("Map made with Corredor {version}, data {fingerprint}.", { version, fingerprint });
  return `${pick(title).replace(/[.\s]+$/, "")}. ${made} ${address}`;
}
