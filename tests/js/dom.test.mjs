import assert from "node:assert/strict";
import { before, test } from "node:test";
import { installFakeDocument } from "./fake-document.mjs";
import { load } from "./modules.mjs";

const { h, link, replace, svg } = await load("core/dom");

before(installFakeDocument);

test("an element takes attributes, listeners, styles and children", () => {
  const listener = () => {};
  const element = h(
    "button",
    {
      type: "button",
      disabled: true,
      hidden: false,
      title: null,
      onclick: listener,
      style: { color: "red" },
    },
    "text",
    [["deep"], null, undefined, false, 0],
  );
  assert.equal(element.localName, "button");
  assert.deepEqual(element.attributes, { type: "button", disabled: "" });
  assert.equal(element.listeners.click, listener);
  assert.deepEqual(element.styles, { color: "red" });
  assert.deepEqual(element.children, ["text", "deep", 0]);
});

test("text enters as text", () => {
  const element = h("p", { title: '"><b>' }, "<b>bold</b>");
  assert.deepEqual(element.children, ["<b>bold</b>"]);
  assert.equal(element.attributes.title, '"><b>');
});

test("drawings are made in their own namespace", () => {
  assert.equal(svg("circle", { r: 2 }).space, "http://www.w3.org/2000/svg");
  assert.equal(svg("circle", { r: 2 }).attributes.r, "2");
});

test("replace puts new children in the place of the old ones", () => {
  const element = h("p", {}, "old");
  replace(element, ["new", [null, "er"]]);
  assert.deepEqual(element.children, ["new", "er"]);
});

for (const address of ["https://example.org/a?b=c#d", "http://example.org/"])
  test(`${address} becomes a link that tells nobody where it stood`, () => {
    const element = link(address, "words");
    assert.equal(element.localName, "a");
    assert.equal(element.attributes.href, address);
    assert.equal(element.attributes.target, "_blank");
    assert.equal(element.attributes.rel, "noopener noreferrer");
    assert.deepEqual(element.children, ["words"]);
  });

for (const address of [
  "javascript:alert(1)",
  " JaVaScRiPt:alert(1)",
  "java\nscript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:x",
  "file:///etc/hosts",
  "blob:https://example.org/1",
  "//example.org/",
  "example.org",
  "https://[",
  "",
])
  test(`${JSON.stringify(address)} stays text`, () => {
    assert.equal(link(address, "words"), "words");
  });
