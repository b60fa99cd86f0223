// A pen that writes SVG and is used like that of a canvas, as far as the drawings of the map need it. So
// a picture in vectors is the very drawing of the screen.

const SIGNS_OF = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const markup = (text) => String(text).replace(/[&<>"]/g, (sign) => SIGNS_OF[sign]);
const hundredths = (n) => Math.round(n * 100) / 100;

export class SvgPen {
  constructor(measure) {
    this.measure = measure; // a canvas context, for the widths of texts
    this.parts = [];
    this.saved = [];
    this.clips = 0;
    this.open = 0; // groups that are open, for clips
    this.matrix = [1, 0, 0, 1, 0, 0];
    this.path = "";
    Object.assign(this, {
      fillStyle: "black",
      strokeStyle: "black",
      lineWidth: 1,
      lineCap: "butt",
      lineJoin: "miter",
      globalAlpha: 1,
      font: "12px sans-serif",
      textAlign: "start",
      textBaseline: "alphabetic",
      letterSpacing: "0px",
      dash: [],
    });
  }

  setTransform(...matrix) {
    this.matrix = matrix;
  }

  // A point of the drawing in the pixels of the picture.
  at(x, y) {
    const [a, , , d, e, f] = this.matrix;
    return `${hundredths(a * x + e)} ${hundredths(d * y + f)}`;
  }

  beginPath() {
    this.path = "";
  }
  moveTo(x, y) {
    this.path += `M${this.at(x, y)}`;
  }
  lineTo(x, y) {
    this.path += `L${this.at(x, y)}`;
  }
  bezierCurveTo(a, b, c, d, x, y) {
    this.path += `C${this.at(a, b)} ${this.at(c, d)} ${this.at(x, y)}`;
  }
  closePath() {
    this.path += "Z";
  }
  rect(x, y, w, h) {
    this.path += `M${this.at(x, y)}L${this.at(x + w, y)}L${this.at(x + w, y + h)}L${this.at(x, y + h)}Z`;
  }
  arc(x, y, r) {
    const size = hundredths(r * this.matrix[0]);
    this.path += `M${this.at(x - r, y)}A${size} ${size} 0 1 0 ${this.at(x + r, y)}A${size} ${size} 0 1 0 ${this.at(x - r, y)}Z`;
  }

  fill(rule) {
    this.write("path", {
      d: this.path,
      fill: this.fillStyle,
      "fill-rule": rule === "evenodd" ? rule : null,
    });
  }
  stroke() {
    this.strokePath(this.path);
  }
  fillRect(x, y, w, h) {
    const kept = this.path;
    this.path = "";
    this.rect(x, y, w, h);
    this.fill();
    this.path = kept;
  }
  strokePath(d) {
    const scale = this.matrix[0];
    this.write("path", {
      d,
      fill: "none",
      stroke: this.strokeStyle,
      "stroke-width": hundredths(this.lineWidth * scale),
      "stroke-linecap": this.lineCap === "butt" ? null : this.lineCap,
      "stroke-linejoin": this.lineJoin === "miter" ? null : this.lineJoin,
      "stroke-dasharray": this.dash.length
        ? this.dash.map((n) => hundredths(n * scale)).join(" ")
        : null,
    });
  }

  setLineDash(dash) {
    this.dash = [...dash];
  }
  measureText(text) {
    this.measure.font = this.font;
    return this.measure.measureText(text);
  }
  fillText(text, x, y) {
    this.text(text, x, y, { fill: this.fillStyle });
  }
  strokeText(text, x, y) {
    this.text(text, x, y, {
      fill: "none",
      stroke: this.strokeStyle,
      "stroke-width": hundredths(this.lineWidth * this.matrix[0]),
      "stroke-linejoin": "round",
    });
  }
  text(content, x, y, looks) {
    const [px, py] = this.at(x, y).split(" ");
    const anchor = { center: "middle", right: "end", end: "end" }[this.textAlign] ?? null;
    const found = /^(italic )?(\d+ )?([\d.]+)px (.*)$/.exec(this.font);
    const [, italic, weight, size, family] = found ?? [null, "", "", "12", "sans-serif"];
    const lift =
      this.textBaseline === "middle" ? hundredths(Number(size) * 0.35 * this.matrix[0]) : 0;
    this.write(
      "text",
      {
        x: px,
        y: hundredths(Number(py) + lift),
        "font-family": family.replaceAll('"', "'"),
        "font-size": hundredths(Number(size) * this.matrix[0]),
        "font-weight": weight?.trim() || null,
        "font-style": italic ? "italic" : null,
        "text-anchor": anchor,
        "letter-spacing": this.letterSpacing === "0px" ? null : this.letterSpacing,
        ...looks,
      },
      content,
    );
  }

  save() {
    const { fillStyle, strokeStyle, lineWidth, globalAlpha, dash, matrix, open } = this;
    this.saved.push({ fillStyle, strokeStyle, lineWidth, globalAlpha, dash, matrix, open });
  }
  restore() {
    const { open, ...rest } = this.saved.pop();
    while (this.open > open) {
      this.parts.push("</g>");
      this.open -= 1;
    }
    Object.assign(this, rest);
  }
  clip(rule) {
    this.clips += 1;
    const id = `clip${this.clips}`;
    const clipRule = rule === "evenodd" ? ' clip-rule="evenodd"' : "";
    this.parts.push(
      `<clipPath id="${id}"><path d="${this.path}"${clipRule}/></clipPath><g clip-path="url(#${id})">`,
    );
    this.open += 1;
  }

  write(tag, attributes, content = null) {
    const all = {
      ...attributes,
      opacity: this.globalAlpha < 1 ? hundredths(this.globalAlpha) : null,
    };
    const list = Object.entries(all)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => ` ${name}="${markup(value)}"`)
      .join("");
    this.parts.push(
      content === null ? `<${tag}${list}/>` : `<${tag}${list}>${markup(content)}</${tag}>`,
    );
  }

  // The whole picture as a file.
  finish(width, height, title) {
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
      `<title>${markup(title)}</title>`,
      ...this.parts,
      "</svg>\n",
    ].join("\n");
  }
}
