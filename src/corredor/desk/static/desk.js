// What is easier with a script: files that are dropped, and telling that a page is open.

document.documentElement.classList.add("scripted");

const drop = document.querySelector("[data-drop]");
if (drop) {
  const input = drop.querySelector("input[type=file]");
  const send = () => {
    const size = [...input.files].reduce((sum, file) => sum + file.size, 0);
    if (size > Number(drop.dataset.largest) * 1e6) {
      let said = drop.querySelector(".said");
      if (!said) {
        said = document.createElement("p");
        said.className = "said";
        said.setAttribute("role", "alert");
        drop.append(said);
      }
      said.textContent = drop.dataset.tooLarge;
      input.value = "";
    } else if (input.files.length) {
      drop.classList.add("busy");
      drop.requestSubmit();
    }
  };
  input.addEventListener("change", send);
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    drop.addEventListener(name, () => drop.classList.remove("over"));
  }
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      send();
    }
  });
}

// The map tells its view when it is asked; the frame keeps it from all else.
const telling = document.querySelector("[data-view]");
const frame = document.querySelector("iframe.map");
if (telling && frame) {
  let asked = false;
  telling.addEventListener("submit", (event) => {
    if (asked) return;
    event.preventDefault();
    asked = true;
    const send = () => telling.submit();
    const late = setTimeout(send, 1000);
    window.addEventListener("message", (told) => {
      if (told.source !== frame.contentWindow || typeof told.data?.view !== "string") return;
      clearTimeout(late);
      telling.elements.view.value = told.data.view;
      send();
    });
    frame.contentWindow.postMessage("corredor:view", "*");
  });
}

// A form that was sent once is on its way.
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", () => form.setAttribute("aria-busy", "true"));
}

// The desk ends when its last page is closed: each holds a stream open.
new EventSource("/alive");
