// The map as a picture to put into a report: what is seen, with title, legend, caveat, scale and
// sources; as PNG at twice the size of the screen, or as SVG.

import { sourceReference } from "../core/citations.js";
import { internalMark } from "../core/data.js";
import { h, replace } from "../core/dom.js";
import { saveFile } from "../core/files.js";
import { drawElement } from "../draw/dompen.js";
import { SvgPen } from "../draw/svgpen.js";
import { shownSources } from "../words/shown.js";

const SIDE = 316;
const EDGE = 20;
const SHARP = 2;
const LEAST_MAP = 360;

// `view`: { map, overlay, covered, onPaper }, as the page has them.
export function savePicture(atlas, view, kind) {
  const name = `corredor.${kind}`;
  view.onPaper(() => {
    const plan = layOut(atlas, view);
    const { width, height } = plan;
    if (kind === "svg") {
      const pen = new SvgPen(document.createElement("canvas").getContext("2d"));
      drawPicture(atlas, view, pen, plan, 1);
      saveFile(
        pen.finish(width, height, atlas.pick(atlas.data.study.title)),
        name,
        "image/svg+xml",
      );
    } else {
      const canvas = Object.assign(document.createElement("canvas"), {
        width: width * SHARP,
        height: height * SHARP,
      });
      drawPicture(atlas, view, canvas.getContext("2d"), plan, SHARP);
      canvas.toBlob((blob) => saveFile(blob, name), "image/png");
    }
    plan.parts.forEach(({ element }) => element.remove());
  });
}

// Where everything stands. The texts are laid out by the browser, out of sight.
function layOut(atlas, { map, covered }) {
  const { left, right, bottom } = covered();
  const size = map.getSize();
  const frame = {
    left,
    width: Math.max(LEAST_MAP, size.x - left - right),
    height: size.y - bottom,
  };
  const side = frame.width >= 480;
  const width = frame.width + (side ? SIDE + EDGE : 0) + 2 * EDGE;
  const parts = [];
  const put = (element, x, y, w) => {
    element.style.width = `${w}px`;
    document.body.append(element);
    parts.push({ element, x, y });
    return y + element.getBoundingClientRect().height;
  };
  const top = put(head(atlas), EDGE, EDGE, width - 2 * EDGE) + 10;
  const mapBottom = top + frame.height;
  const legendX = side ? EDGE + frame.width + EDGE : EDGE;
  const legendY = side ? top : mapBottom + 10;
  const legendBottom = put(legend(), legendX, legendY, side ? SIDE : frame.width);
  const footY = Math.max(mapBottom, legendBottom) + 12;
  const end = put(foot(atlas), EDGE, footY, width - 2 * EDGE);
  return { width, height: Math.ceil(end + EDGE), parts, frame, top };
}

function head(atlas) {
  const { data, pick } = atlas;
  const finding = document.getElementById("finding");
  return h(
    "div",
    { class: "picture-part picture-head" },
    internalMark(atlas) ? h("p", {}, h("strong", {}, internalMark(atlas))) : null,
    h("h1", {}, pick(data.study.title)),
    h("p", { class: "small" }, pick(data.study.subtitle)),
    finding.hidden ? null : h("p", {}, finding.textContent),
  );
}

// What the card of layers shows, without what one works with.
function legend() {
  const part = h("div", { class: "picture-part" });
  for (const section of document.querySelectorAll("#controls .layer")) {
    if (!section.querySelector("input:checked")) continue;
    const copy = section.cloneNode(true);
    for (const tool of copy.querySelectorAll("input, button, details, .field, .segmented, .chips"))
      tool.remove();
    part.append(copy);
  }
  return part;
}

function foot(atlas) {
  const { data, t } = atlas;
  const { figures, others } = shownSources(atlas);
  const list = (label, ids) =>
    ids.length
      ? h(
          "p",
          {},
          h("strong", {}, `${label}: `),
          ids.map((id) => sourceReference(atlas, id)).join(" · "),
        )
      : null;
  return h(
    "div",
    { class: "picture-part picture-foot" },
    h("p", {}, h("strong", {}, document.querySelector("#status .caveat").textContent)),
    h("p", {}, document.querySelector("#status .drawn").textContent),
    list(t("Source of the figures"), figures),
    others.length
      ? h(
          "p",
          {},
          h("strong", {}, `${t("Sources of flows and routes")}: `),
          [...new Set(others.map((id) => data.sources[id].publisher))].join("; "),
        )
      : null,
    h(
      "p",
      {},
      `${atlas.pick(data.study.boundaries)} ${t("Corredor {version}; fingerprint of the data {fingerprint}.", { version: data.study.version, fingerprint: data.study.fingerprint })}`,
    ),
  );
}

function drawPicture(atlas, { map, overlay }, ctx, { width, height, parts, frame, top }, k) {
  const { colours } = atlas;
  ctx.setTransform(k, 0, 0, k, 0, 0);
  ctx.fillStyle = colours.casing;
  ctx.fillRect(0, 0, width, height);
  ctx.save();
  ctx.beginPath();
  ctx.rect(EDGE, top, frame.width, frame.height);
  ctx.clip();
  const min = map.containerPointToLayerPoint([frame.left, 0]);
  const bounds = L.bounds(min, min.add([frame.width, frame.height]));
  ctx.setTransform(k, 0, 0, k, (EDGE - min.x) * k, (top - min.y) * k);
  // What stops the drawing in slices on the screen does not matter here.
  for (const step of overlay.paint(ctx, bounds)) if (step === null) break;
  ctx.setTransform(k, 0, 0, k, 0, 0);
  scaleBar(atlas, ctx, map, EDGE + 10, top + frame.height - 12);
  ctx.restore();
  ctx.strokeStyle = colours.coast;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.rect(EDGE, top, frame.width, frame.height);
  ctx.stroke();
  for (const { element, x, y } of parts) drawElement(atlas, ctx, element, x, y);
}

// The bar that Leaflet draws, of the same length and with the same words.
function scaleBar({ colours }, ctx, map, x, y) {
  const line = map.getContainer().querySelector(".leaflet-control-scale-line");
  if (!line) return;
  const length = line.offsetWidth;
  ctx.strokeStyle = colours.ink;
  ctx.fillStyle = colours.ink;
  ctx.lineWidth = 1.4;
  ctx.beginPath();
  ctx.moveTo(x, y - 5);
  ctx.lineTo(x, y);
  ctx.lineTo(x + length, y);
  ctx.lineTo(x + length, y - 5);
  ctx.stroke();
  ctx.font = "11px system-ui, sans-serif";
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  ctx.fillText(line.textContent, x + 5, y - 5);
}

// A small menu of what can be taken along.
export function drawSaveMenu(atlas, element, view) {
  const { t } = atlas;
  const item = (id, label, onclick) =>
    h("button", { type: "button", id, onclick: () => (onclick(), (element.open = false)) }, label);
  replace(
    element,
    h("summary", { id: "save" }, t("Save or share")),
    h(
      "div",
      { class: "menu" },
      item("save-png", t("Picture (PNG)"), () => savePicture(atlas, view, "png")),
      item("save-svg", t("Picture in vectors (SVG)"), () => savePicture(atlas, view, "svg")),
      item("save-print", t("Print, or save as PDF"), () => window.print()),
      item("copy-link", t("Copy the link to this view"), () => atlas.copy(window.location.href)),
      item("copy-citation", t("Copy a citation of this map"), () => atlas.copy(view.citation())),
    ),
  );
}
