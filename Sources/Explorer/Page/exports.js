// What leaves the page: pictures, numbers and code.

import { address } from "./api.js";
import { announce, complain, element } from "./words.js";

/// Writes the links under a picture for a view.
export function linkDownloads(view, size) {
  for (const row of document.querySelectorAll(".downloads")) {
    const { figure, csv, name } = row.dataset;
    const picture = address(view.table, `figures/${figure}.svg`, view.request(size));
    if (!row.children.length) {
      row.append(
        element("a", { download: `${figure}.svg`, "aria-label": `Download ${name} as SVG` }, "SVG"),
        element("button", { type: "button", "aria-label": `Download ${name} as PNG` }, "PNG"),
        ...(csv ? [element("a", { download: csv, "aria-label": `Download ${name} as CSV` }, "CSV")] : []));
      row.querySelector("button").addEventListener("click", () => savePNG(row.querySelector("a").href, `${figure}.png`));
    }
    row.children[0].href = picture;
    if (csv) row.children[2].href = address(view.table, csv, view.request());
  }
  document.getElementById("fit-json").href = address(view.table, "fit", view.request(size));
}

/// Paints a picture at twice its size, as sharp as print wants it.
async function savePNG(source, name) {
  try {
    const response = await fetch(source);
    if (!response.ok) throw new Error(`The server answered ${response.status}.`);
    const url = URL.createObjectURL(await response.blob());
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = element("canvas", { width: image.naturalWidth * 2, height: image.naturalHeight * 2 });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(url);
    const picture = URL.createObjectURL(await new Promise((done) => canvas.toBlob(done, "image/png")));
    element("a", { href: picture, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(picture), 10_000);
  } catch (error) {
    complain("view", `The picture could not be saved as PNG: ${error.message}`);
  }
}

export function listenForCopies() {
  for (const button of document.querySelectorAll("[data-copies]")) {
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copies);
      try {
        await navigator.clipboard.writeText(source.textContent);
        button.textContent = "Copied";
        announce("Copied", 0);
      } catch {
        // Without permission the text is at least selected, one keystroke from copied.
        getSelection().selectAllChildren(source);
        button.textContent = "Selected";
      }
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
  }
}
