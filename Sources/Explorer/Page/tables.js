// Which table is looked at: the one given, or those that were dropped.

import { Refusal, tables, upload } from "./api.js";
import { calm, complain, counted, element } from "./words.js";

const byId = (id) => document.getElementById(id);

export class Tables {
  #opened; #working;

  /// - opened: called with the id of a table to look at.
  constructor(working, opened) {
    this.#opened = opened;
    this.#working = working;
    byId("table").addEventListener("change", (event) => opened(event.target.value));
    byId("file").addEventListener("change", (event) => {
      const [file] = event.target.files;
      event.target.value = "";
      if (file) this.#send(file);
    });
    this.#listenForDrops();
  }

  async list(chosen) {
    const all = await tables();
    byId("table").replaceChildren(...all.map((table) =>
      element("option", { value: table.id, title: table.name },
        `${table.name.split("/").pop()}, ${counted(table.rows)} ${table.rows === 1 ? "row" : "rows"}`)));
    byId("table").value = chosen;
  }

  async #send(file) {
    calm("table");
    try {
      const table = await this.#working.during(`Reading ${file.name}`, [], upload(file));
      await this.list(table.id);
      this.#opened(table.id);
    } catch (error) {
      if (!(error instanceof Refusal)) return complain("table", `${file.name} did not reach the server.`);
      complain("table", error.message.startsWith(file.name) ? error.message : `${file.name}: ${error.message}`,
        [where(error.place, error.message), error.hint].filter(Boolean).join(" "));
    }
  }

  #listenForDrops() {
    const veil = byId("drop");
    const hasFile = (event) => event.dataTransfer?.types.includes("Files");
    let depth = 0;
    addEventListener("dragenter", (event) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      depth += 1;
      veil.hidden = false;
    });
    addEventListener("dragover", (event) => { if (hasFile(event)) event.preventDefault(); });
    addEventListener("dragleave", () => {
      depth = Math.max(0, depth - 1);
      veil.hidden = depth === 0;
    });
    addEventListener("drop", (event) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      depth = 0;
      veil.hidden = true;
      const [file] = event.dataTransfer.files;
      if (file) this.#send(file);
    });
  }
}

/// Where a table is at fault, in words; empty where the server did not say or its message does.
export function where(place, message) {
  if (!place || message.includes(place.line ?? place.row)) return "";
  const parts = [
    place.line !== undefined && `line ${place.line}`, place.row !== undefined && `row ${place.row}`,
    place.column !== undefined && `column “${place.column}”`,
  ].filter(Boolean);
  return parts.length ? `See ${parts.join(", ")}.` : "";
}
