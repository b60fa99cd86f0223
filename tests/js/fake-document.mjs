// As much of a document as the element helpers need.

class Fake {
  constructor(name) {
    this.localName = name;
    this.attributes = {};
    this.children = [];
    this.listeners = {};
    const styles = (this.styles = {});
    this.style = { setProperty: (key, value) => (styles[key] = value) };
  }
  setAttribute(name, value) {
    this.attributes[name] = value;
  }
  addEventListener(name, listener) {
    this.listeners[name] = listener;
  }
  append(...children) {
    this.children.push(...children);
  }
  replaceChildren(...children) {
    this.children = children;
  }
  set innerHTML(_) {
    throw new Error("markup is never written");
  }
}

export function installFakeDocument() {
  globalThis.document = {
    createElement: (name) => new Fake(name),
    createElementNS: (space, name) => Object.assign(new Fake(name), { space }),
  };
}
