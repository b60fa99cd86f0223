// A canvas over the map. Leaflet moves it with the map; it is drawn again only when a movement ends or
// something changes. Long drawings are made in slices on a second canvas, while the first stays where
// it is, moved and scaled with the map, and are shown when they are complete.

const SLICE_MS = 6;
const PADDING = 0.15;

// What `paint` yields when all but the names is there: at the start that much is shown first.
export const ENOUGH = "enough";

// `paint(ctx, bounds)` is a generator that yields where it may pause; `isLong()` whether it should.
export class CanvasLayer {
  constructor(atlas, map, pane, { paint, isLong, ratio }) {
    this.atlas = atlas;
    this.map = map;
    this.paint = paint;
    this.isLong = isLong;
    this.ratio = ratio;
    this.turn = 0;
    this.held = true;
    this.begun = false;
    const self = this;
    const Layer = L.Renderer.extend({
      options: { padding: PADDING, pane },
      _initContainer() {
        this._container = document.createElement("canvas");
        this._container.setAttribute("aria-hidden", "true");
      },
      _destroyContainer() {
        this._container.remove();
      },
      _updatePaths() {},
      _update() {
        if (this._map._animatingZoom && this._bounds) return;
        self.update();
      },
      takeFrame() {
        L.Renderer.prototype._update.call(this);
      },
      follow() {
        if (this._bounds) this._updateTransform(this._map.getCenter(), this._map.getZoom());
      },
    });
    this.layer = new Layer();
    this.layer.addTo(map);
  }

  get element() {
    return this.layer._container;
  }

  get bounds() {
    return this.layer._bounds;
  }

  // Draw from now on: until then only the frame is kept, so that a start draws once.
  release() {
    this.held = false;
    this.update();
  }

  update() {
    this.turn += 1;
    delete this.element.dataset.drawn;
    if (this.held) {
      this.layer.takeFrame();
      return;
    }
    if (this.begun && this.isLong()) {
      this.layer.follow();
      this.inSlices(this.turn);
      return;
    }
    this.layer.takeFrame();
    this.fitTo(this.element, this.bounds);
    const steps = this.paint(this.contextOf(this.element, this.bounds), this.bounds);
    if (this.begun) this.complete(steps);
    else this.begin(steps, this.turn);
  }

  complete(steps) {
    while (!steps.next().done);
    this.element.dataset.drawn = "true";
  }

  // The first drawing is waited for: it is not spread over many frames, and shown before the names.
  begin(steps, turn) {
    this.begun = true;
    for (let step = steps.next(); !step.done && step.value !== ENOUGH;) step = steps.next();
    this.element.dataset.begun = "true";
    this.atlas.later("names", () => turn === this.turn && this.complete(steps));
  }

  // Draw on a canvas that is not shown, a slice a frame, and give up when something newer begins.
  inSlices(turn) {
    const bounds = this.frameToCome();
    this.hidden ??= document.createElement("canvas");
    let ctx = null;
    let steps = null;
    const slice = () => {
      if (turn !== this.turn) return undefined;
      const until = performance.now() + SLICE_MS;
      if (!steps) {
        this.fitTo(this.hidden, bounds);
        ctx = this.contextOf(this.hidden, bounds);
        steps = this.paint(ctx, bounds);
      }
      let done = false;
      while (!done && performance.now() < until) {
        done = steps.next().done;
        // Reading a pixel makes the browser carry out now what it would else do at once at the end.
        ctx.getImageData(0, 0, 1, 1);
      }
      if (!done) return requestAnimationFrame(slice);
      return this.show(this.hidden);
    };
    // The frame that ends a movement has enough to do.
    requestAnimationFrame(() => requestAnimationFrame(slice));
  }

  show(hidden) {
    this.layer.takeFrame();
    this.fitTo(this.element, this.bounds);
    const ctx = this.element.getContext("2d");
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.drawImage(hidden, 0, 0);
    this.element.dataset.drawn = "true";
  }

  // The bounds that Leaflet will give the canvas where the map is now.
  frameToCome() {
    const size = this.map.getSize();
    const min = this.map.containerPointToLayerPoint(size.multiplyBy(-PADDING)).round();
    return L.bounds(min, min.add(size.multiplyBy(1 + PADDING * 2)).round());
  }

  fitTo(canvas, bounds) {
    const { x, y } = bounds.getSize();
    const ratio = this.ratio();
    const [width, height] = [Math.round(x * ratio), Math.round(y * ratio)];
    // Giving a canvas its size anew takes new memory, so one that fits is only wiped.
    if (canvas.width === width && canvas.height === height) wipe(canvas);
    else Object.assign(canvas, { width, height });
    if (canvas !== this.element) return;
    canvas.style.width = `${x}px`;
    canvas.style.height = `${y}px`;
    L.DomUtil.setPosition(canvas, bounds.min);
  }

  contextOf(canvas, { min }) {
    const ctx = canvas.getContext("2d");
    const ratio = this.ratio();
    ctx.setTransform(ratio, 0, 0, ratio, -min.x * ratio, -min.y * ratio);
    return ctx;
  }
}

function wipe(canvas) {
  const ctx = canvas.getContext("2d");
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, canvas.width, canvas.height);
}
