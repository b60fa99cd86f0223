// What a study of provinces or districts says where one of regions speaks of regions.

// Never called: the catalogue of texts is made from calls, and the texts are chosen by their key.
const t = (text) => text;

const PROVINCES = {
  Regions: t("Provinces"),
  Region: t("Province"),
  region: t("province"),
  [t("Figures by region")]: t("Figures by province"),
  [t("The study has no figures by region.")]: t("The study has no figures by province."),
  [t("{n} of {all} regions")]: t("{n} of {all} provinces"),
  [t("{n} region")]: t("{n} province"),
  [t("{n} regions")]: t("{n} provinces"),
  [t("{rank} of {all} regions in this view")]: t("{rank} of {all} provinces in this view"),
  [t("Sum of the regions: {sum}.")]: t("Sum of the provinces: {sum}."),
  [t("Find a region or place")]: t("Find a province or place"),
  [t("Choose a region or an arrow on the map to see its figures, flows and sources.")]: t(
    "Choose a province or an arrow on the map to see its figures, flows and sources.",
  ),
  [t("Choose a region on the map to see its figures and sources.")]: t(
    "Choose a province on the map to see its figures and sources.",
  ),
  [t("No figure for this region in the study.")]: t("No figure for this province in the study."),
  [t("Reported flows inside the region")]: t("Reported flows inside the province"),
  [t("{count}; the figure covers only part of the region, so no rate")]: t(
    "{count}; the figure covers only part of the province, so no rate",
  ),
  [t("covers only part of the region")]: t("covers only part of the province"),
  [t("covers only part of the region: no rate")]: t("covers only part of the province: no rate"),
  [t("inside one region")]: t("inside one province"),
  [t("between regions")]: t("between provinces"),
  [t("{n} row of complaints matches no region.")]: t("{n} row of complaints matches no province."),
  [t("{n} rows of complaints match no region.")]: t("{n} rows of complaints match no province."),
};

const DISTRICTS = {
  Regions: t("Districts"),
  Region: t("District"),
  region: t("district"),
  [t("Figures by region")]: t("Figures by district"),
  [t("The study has no figures by region.")]: t("The study has no figures by district."),
  [t("{n} of {all} regions")]: t("{n} of {all} districts"),
  [t("{n} region")]: t("{n} district"),
  [t("{n} regions")]: t("{n} districts"),
  [t("{rank} of {all} regions in this view")]: t("{rank} of {all} districts in this view"),
  [t("Sum of the regions: {sum}.")]: t("Sum of the districts: {sum}."),
  [t("Find a region or place")]: t("Find a district or place"),
  [t("Choose a region or an arrow on the map to see its figures, flows and sources.")]: t(
    "Choose a district or an arrow on the map to see its figures, flows and sources.",
  ),
  [t("Choose a region on the map to see its figures and sources.")]: t(
    "Choose a district on the map to see its figures and sources.",
  ),
  [t("No figure for this region in the study.")]: t("No figure for this district in the study."),
  [t("Reported flows inside the region")]: t("Reported flows inside the district"),
  [t("{count}; the figure covers only part of the region, so no rate")]: t(
    "{count}; the figure covers only part of the district, so no rate",
  ),
  [t("covers only part of the region")]: t("covers only part of the district"),
  [t("covers only part of the region: no rate")]: t("covers only part of the district: no rate"),
  [t("inside one region")]: t("inside one district"),
  [t("between regions")]: t("between districts"),
  [t("{n} row of complaints matches no region.")]: t("{n} row of complaints matches no district."),
  [t("{n} rows of complaints match no region.")]: t("{n} rows of complaints match no district."),
};

const WORDS = { province: PROVINCES, district: DISTRICTS };

export function wordOfLevel(level, text) {
  const words = WORDS[level];
  return words && Object.hasOwn(words, text) ? words[text] : text;
}
