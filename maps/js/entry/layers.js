// On any page with Leaflet: layers of Corredor that wait for their study to be inflated. Not part of
// a bundle; it stands in the page before the layers, once.

(() => {
  const inflate = async (id) => {
    const packed = atob(document.getElementById(id).textContent);
    const bytes = Uint8Array.from(packed, (sign) => sign.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(stream).text();
  };
  const stages = new Map();
  const stageOf = async (map, study, language) => {
    const key = `${L.stamp(map)} ${study}`;
    if (!stages.has(key))
      stages.set(
        key,
        inflate(study).then((text) => window.corredorStage(map, text, language)),
      );
    return stages.get(key);
  };

  const Layer = L.Layer.extend({
    initialize(study, kind, settings, language) {
      this.study = study;
      this.kind = kind;
      this.settings = settings;
      this.language = language;
    },
    onAdd(map) {
      this.wanted = true;
      stageOf(map, this.study, this.language).then((stage) => {
        if (this.wanted) stage.show(this.kind, this.settings);
      });
    },
    onRemove(map) {
      this.wanted = false;
      stageOf(map, this.study, this.language).then((stage) => stage.hide(this.kind));
    },
  });
  const Legend = L.Control.extend({
    initialize(studies, language, position) {
      this.studies = studies;
      this.language = language;
      this.options = { position };
    },
    onAdd(map) {
      const element = L.DomUtil.create("div", "corredor-legend");
      L.DomEvent.disableClickPropagation(element);
      L.DomEvent.disableScrollPropagation(element);
      // One set of layers for each scene; what holds for all stands once, at the end.
      this.studies.forEach(async (study, i) => {
        const part = L.DomUtil.create("div", "", element);
        const stage = await stageOf(map, study, this.language);
        stage.legend(part, i === this.studies.length - 1);
      });
      return element;
    },
  });
  window.corredorLayer = (...values) => new Layer(...values);
  window.corredorLegend = (...values) => new Legend(...values);
})();
