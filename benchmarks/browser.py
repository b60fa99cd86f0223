"""How our page and folium's own layers of the same flows feel in headless Chromium, in one run.

    python benchmarks/browser.py [--bare] [FLOWS ...]

For each number of flows: time until the first flows are visible, the longest and the 95th
percentile frame of a scripted drag and of wheel zooms, and CPU while nothing happens. Leaflet is
given to folium's page from the package XStatic-Leaflet; its other scripts are answered empty, so
that nothing is downloaded. Visible means that flows stand on the canvas or as paths in the
document and one more frame has begun. Give the machine a rest first: other work shows in every
figure.
"""

import statistics
import sys
import tempfile
import time
from importlib import resources
from pathlib import Path

from corredor.geodata import protect, read_study
from corredor.maps import atlas, write_page
from many_flows import folium_map, write_study
from playwright.sync_api import Browser, Page, Route, sync_playwright
from xstatic.pkg import leaflet

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))
from chromium import FLAGS, find_chromium
from npm import find_npm_file

VIEW = {"width": 1440, "height": 900}
# From here on folium's GeoJson blocks the browser for minutes: it writes one case a feature.
FOLIUM_MOST = 20_000
# What every page of folium loads: file -> package, version and file in it.
MARKERS = ("leaflet.awesome-markers", "2.0.5")
FOLIUM_FILES = {
    "jquery-3.7.1.min.js": ("jquery", "3.7.1", "dist/jquery.min.js"),
    "bootstrap.bundle.min.js": ("bootstrap", "5.2.2", "dist/js/bootstrap.bundle.min.js"),
    "bootstrap.min.css": ("bootstrap", "5.2.2", "dist/css/bootstrap.min.css"),
    "all.min.css": ("@fortawesome/fontawesome-free", "6.2.0", "css/all.min.css"),
    "leaflet.awesome-markers.js": (*MARKERS, "dist/leaflet.awesome-markers.js"),
    "leaflet.awesome-markers.css": (*MARKERS, "dist/leaflet.awesome-markers.css"),
}
WATCH = """
window.frames = [];
window.watch = () => {
  window.watching = true;
  let last = 0;
  const tick = (now) => {
    if (last) window.frames.push(now - last);
    last = now;
    if (!window.visibleAt && window.flowsVisible()) {
      requestAnimationFrame(() => { window.visibleAt = performance.now(); });
    }
    if (window.watching) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
};
window.watch();
"""
VISIBLE = {
    "corredor": "() => document.querySelector('.leaflet-flows-pane canvas[data-begun]')",
    "folium": "() => document.querySelectorAll('.leaflet-overlay-pane path').length > 1",
    "folium canvas": """() => {
      const canvas = document.querySelector('.leaflet-overlay-pane canvas');
      return canvas && document.readyState === 'complete';
    }""",
}


def main(numbers: list[int]) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        for flows in numbers:
            pages = make_pages(Path(name), flows)
            print(f"{flows} flows     visible   drag p95 / longest   zoom p95 / longest   idle CPU")
            results = {program: measure(browser, page, program) for program, page in pages.items()}
            for program, r in results.items():
                (drag, longest_drag), (zoom, longest_zoom) = r["drag"], r["zoom"]
                print(
                    f"{program:14}{r['visible']:7.0f} ms {drag:7.0f} / {longest_drag:5.0f} ms"
                    f" {zoom:10.0f} / {longest_zoom:5.0f} ms {100 * r['idle']:10.1f} %"
                )
            if "folium" in results:
                ratio = results["corredor"]["visible"] / results["folium"]["visible"]
                print(f"visible in {ratio:.2f} of folium GeoJson's time")
        browser.close()


def make_pages(folder: Path, flows: int) -> dict[str, Path]:
    study = write_study(folder / str(flows), flows)
    pages = {"corredor": folder / f"{flows}.html"}
    write_page(atlas(protect(read_study(study))), pages["corredor"])
    if flows <= FOLIUM_MOST:
        for program, canvas in (("folium", False), ("folium canvas", True)):
            pages[program] = folder / f"{flows} {program}.html"
            folium_map(study, pages[program], canvas=canvas)
    return pages


def measure(browser: Browser, file: Path, program: str) -> dict:
    visible = []
    for _ in range(3):
        page = open_page(browser, file, program)
        visible.append(page.evaluate("window.visibleAt"))
        if len(visible) < 3:
            page.context.close()
    page.wait_for_timeout(1500)
    idle = cpu_while(page, lambda: page.wait_for_timeout(3000))
    drag = frames_of(page, drag_about)
    zoom = frames_of(page, wheel_about)
    page.context.close()
    return {"visible": statistics.median(visible), "idle": idle, "drag": drag, "zoom": zoom}


def open_page(browser: Browser, file: Path, program: str) -> Page:
    page = browser.new_context(viewport=VIEW).new_page()
    page.route("http*://**/*", answer)
    page.add_init_script(f"window.flowsVisible = {VISIBLE[program]};{WATCH}")
    page.goto(file.as_uri(), timeout=180_000)
    while not page.evaluate("window.visibleAt"):  # the policy of our page forbids wait_for_function
        page.wait_for_timeout(50)
    return page


def answer(route: Route) -> None:
    """Answer as the hosts of folium's scripts and stylesheets do, but without their delay."""
    name = route.request.url.rsplit("/", 1)[-1]
    body = ""
    if name in ("leaflet.js", "leaflet.css"):
        body = (resources.files(leaflet) / "data" / name).read_text(encoding="utf-8")
    elif name in FOLIUM_FILES and "--bare" not in sys.argv:
        file = find_npm_file(*FOLIUM_FILES[name])
        if file is None:
            sys.exit("npm is missing: install it, or compare with --bare")
        body = file.read_text(encoding="utf-8")
    kind = "text/css" if name.endswith("css") else "text/javascript"
    route.fulfill(body=body, content_type=kind)


def drag_about(page: Page) -> None:
    page.mouse.move(760, 450)
    page.mouse.down()
    for step in range(60):
        angle = step / 60 * 6.28
        page.mouse.move(760 + 150 * (1 - abs(1 - angle / 3.14)), 450 + step * 1.5)
        time.sleep(0.016)
    page.mouse.up()
    page.wait_for_timeout(700)


def wheel_about(page: Page) -> None:
    page.mouse.move(720, 480)
    for turn in (-1, -1, -1, 1, 1, -1):
        page.mouse.wheel(0, turn * 240)
        page.wait_for_timeout(900)


def frames_of(page: Page, action) -> tuple[float, float]:
    page.evaluate("window.frames.length = 0")
    action(page)
    frames = sorted(page.evaluate("window.frames"))
    return frames[int(0.95 * (len(frames) - 1))], frames[-1]


def cpu_while(page: Page, action) -> float:
    """Return the share of one core that the page's main thread works meanwhile."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.evaluate("window.watching = false")

    def busy() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return next(m["value"] for m in metrics if m["name"] == "TaskDuration")

    before, start = busy(), time.monotonic()
    action()
    share = (busy() - before) / (time.monotonic() - start)
    page.evaluate("window.watch()")
    return share


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:] if word != "--bare"] or [625, 10_000, 100_000])
