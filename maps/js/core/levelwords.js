// What a study of provinces or districts says where one of regions speaks of regions.

// Never called: the catalogue of texts is made from calls, and the texts are chosen by their key.
const t = (text) => text;

const PROVINCES = {
  Regions: t("Provinces"),
  Region: t("Province"),
  region: t("province"),
  "Figures by region": t("Figures by province"),
  "The study has no figures by region.": t("The study has no figures by province."),
  "{n} of {all} regions": t("{n} of {all} provinces"),
  "{n} region": t("{n} province"),
  "{n} regions": t("{n} provinces"),
  "{rank} of {all} regions in this view": t("{rank} of {all} provinces in this view"),
  "Sum of the regions: {sum}.": t("Sum of the provinces: {sum}."),
  "Find a region or place": t("Find a province or place"),
  "Choose a region or an arrow on the map to see its figures, flows and sources.": t(
    "Choose a province or an arrow on the map to see its figures, flows and sources.",
  ),
  "Choose a region on the map to see its figures and sources.": t(
    "Choose a province on the map to see its figures and sources.",
  ),
  "No figure for this region in the study.": t("No figure for this province in the study."),
  "Reported flows inside the region": t("Reported flows inside the province"),
  "{count}; the figure covers only part of the region, so no rate": t(
    "{count}; the figure covers only part of the province, so no rate",
  ),
  "covers only part of the region": t("covers only part of the province"),
  "covers only part of the region: no rate": t("covers only part of the province: no rate"),
  "inside one region": t("inside one province"),
  "between regions": t("between provinces"),
  "{n} row of complaints matches no region.": t("{n} row of complaints matches no province."),
  "{n} rows of complaints match no region.": t("{n} rows of complaints match no province."),
};

const DISTRICTS = {
  Regions: t("Districts"),
  Region: t("District"),
  region: t("district"),
  "Figures by region": t("Figures by district"),
  "The study has no figures by region.": t("The study has no figures by district."),
  "{n} of {all} regions": t("{n} of {all} districts"),
  "{n} region": t("{n} district"),
  "{n} regions": t("{n} districts"),
  "{rank} of {all} regions in this view": t("{rank} of {all} districts in this view"),
  "Sum of the regions: {sum}.": t("Sum of the districts: {sum}."),
  "Find a region or place": t("Find a district or place"),
  "Choose a region or an arrow on the map to see its figures, flows and sources.": t(
    "Choose a district or an arrow on the map to see its figures, flows and sources.",
  ),
  "Choose a region on the map to see its figures and sources.": t(
    "Choose a district on the map to see its figures and sources.",
  ),
  "No figure for this region in the study.": t("No figure for this district in the study."),
  "Reported flows inside the region": t("Reported flows inside the district"),
  "{count}; the figure covers only part of the region, so no rate": t(
    "{count}; the figure covers only part of the district, so no rate",
  ),
  "covers only part of the region": t("covers only part of the district"),
  "covers only part of the region: no rate": t("covers only part of the district: no rate"),
  "inside one region": t("inside one district"),
  "between regions": t("between districts"),
  "{n} row of complaints matches no region.": t("{n} row of complaints matches no district."),
  "{n} rows of complaints match no region.": t("{n} rows of complaints match no district."),
};

const WORDS = { province: PROVINCES, district: DISTRICTS };

export function wordOfLevel(level, text) {
  const words = WORDS[level];
  return words && Object.hasOwn(words, text) ? words[text] : text;
}
