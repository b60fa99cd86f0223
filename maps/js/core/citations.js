// References as one writes them below a figure: publisher, title, date, address.

// "Ministerio del Interior (2024). Base de datos ... https://... (read on 2026-11-23)"
export function sourceReference(atlas, id) {
  const { data, t } = atlas;
  const { publisher, title, date, url, accessed } = data.sources[id];
  const read = accessed ? ` (${t("read on {date}", { date: accessed })})` : "";
  return `${publisher}${date ? ` (${date})` : ""}. ${title.replace(/[.\s]+$/, "")}.${url ? ` ${url}${read}` : ""}`;
}

// How to cite the map itself, as it stands at this address.
export function mapReference(atlas, address) {
  const { data, pick, t } = atlas;
  const { title, version, fingerprint } = data.study;
  const made = t("Map made with Corredor {version}, data {fingerprint}.", { version, fingerprint });
  return `${pick(title).replace(/[.\s]+$/, "")}. ${made} ${address}`;
}
