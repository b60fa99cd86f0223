// Goes through a map as a reader would and brings back everything that stood on the page.
// options.perRegion: how many flows and itineraries to open from each region.
(options) => {
  const seen = { texts: new Set(), labels: new Set(), tags: new Set(), attributes: new Set() };
  const links = new Set();

  function collect(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      if (parent.closest("script, style, noscript")) continue;
      const text = walker.currentNode.data.replace(/[ \n\t]+/g, " ").trim();
      if (text) seen.texts.add(text);
    }
    for (const element of root.querySelectorAll("*")) {
      seen.tags.add(element.localName);
      for (const { name } of element.attributes) seen.attributes.add(name);
      for (const name of ["aria-label", "title", "alt", "placeholder"])
        if (element.getAttribute(name)) seen.labels.add(element.getAttribute(name));
      if (element.localName === "a" && element.hasAttribute("href"))
        links.add([element.getAttribute("href"), element.target, element.rel].join(" | "));
    }
  }

  const press = (element, key) =>
    element.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  const buttons = () => [...panel.querySelectorAll("button:not([aria-label])")];
  const panel = document.getElementById("panel");
  const region = (code) => document.querySelector(`[data-region="${code}"]`);
  const titles = [];
  const opened = new Set();

  collect(document.documentElement);
  const codes = [...document.querySelectorAll("[data-region]")].map((e) => e.dataset.region);
  for (const code of codes) {
    press(region(code), "Enter");
    titles.push(document.getElementById("panel-title").textContent);
    collect(panel);
    let left = options.perRegion;
    for (let i = 0; i < buttons().length && left; i += 1) {
      const name = buttons()[i].textContent;
      if (opened.has(name)) continue;
      opened.add(name);
      left -= 1;
      buttons()[i].click();
      collect(panel);
      press(region(code), "Enter");
    }
  }
  press(document.body, "Escape");
  const corridors = document.getElementById("layer-corridors");
  if (corridors) {
    if (!corridors.checked) corridors.click();
    collect(document.documentElement);
    panel.querySelector(".corridor-list button").click();
    collect(document.documentElement);
    document.getElementById("open-table").click();
    collect(document.getElementById("table"));
    document.getElementById("table").close();
    press(document.body, "Escape");
  }
  document.getElementById("open-sources").click();
  collect(document.documentElement);
  document.getElementById("sources").close();
  window.dispatchEvent(new Event("beforeprint"));
  collect(document.documentElement);
  window.dispatchEvent(new Event("afterprint"));
  const lists = Object.entries(seen).map(([name, set]) => [name, [...set]]);
  return { ...Object.fromEntries(lists), links: [...links], titles, opened: opened.size };
};
