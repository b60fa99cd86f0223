// The first script of the page: inflates the data block and the script, then runs the script.
// It is not part of the bundle. The policy of the page allows what it starts by its hash.

(async () => {
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  const inflate = async (id) => {
    const packed = document.getElementById(id).textContent;
    const bytes =
      Uint8Array.fromBase64?.(packed) ?? Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(stream).text();
  };
  const sorry = document.getElementById("stopped");
  sorry.hidden = "DecompressionStream" in window;
  if (!sorry.hidden) return;
  sorry.remove();
  // An empty frame that is being written to holds back the load event of the page until all is drawn,
  // so that a browser that takes a picture at that event takes a whole one. A sandbox forbids it.
  const held = document.createElement("iframe");
  held.hidden = true;
  document.body.append(held);
  held.contentDocument?.open();
  document.addEventListener("corredor-ready", () => {
    held.contentDocument?.close();
    held.remove();
  });
  try {
    const [data, code] = await Promise.all([inflate("corredor-data"), inflate("corredor-script")]);
    document.getElementById("corredor-data").textContent = data;
    const script = document.createElement("script");
    script.textContent = code;
    document.body.append(script);
  } catch (error) {
    document.dispatchEvent(new Event("corredor-ready"));
    throw error;
  }
})();
