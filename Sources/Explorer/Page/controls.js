// What is shown: columns, kernel, degree and the like, picked from what the table has.

import { joined } from "./view.js";
import { counted, element } from "./words.js";

const kernels = [
  "gaussian", "boxcar", "constant", "triangular", "epanechnikov", "biweight", "triweight", "tricube",
  "cosine", "laplacian", "logistic", "cauchy",
];

const byId = (id) => document.getElementById(id);

export class Controls {
  #columns = [];

  /// - picked: called with what changes in the view, and whether it is another question of the data.
  constructor(picked) {
    byId("kernel").append(...kernels.map((name) => element("option", { value: name }, name)));
    const passed = (id, name, isQuestion) => byId(id).addEventListener("change", (event) => {
      const { type, checked, value } = event.target;
      picked({ [name]: type === "checkbox" ? Number(checked) : value }, isQuestion);
    });
    passed("kernel", "kernel", true);
    passed("degree", "degree", true);
    passed("band", "band", false);
    passed("residuals", "residuals", false);
    passed("learned", "learned", false);
    byId("missing").addEventListener("change", (event) =>
      picked({ missing: event.target.checked ? "drop" : "fail" }, true));
    // Bandwidths and held values belong to columns; other columns ask anew.
    byId("value").addEventListener("change", (event) => picked({ y: event.target.value, h: null }, true));
    byId("weights").addEventListener("change", (event) => picked({ weights: event.target.value || null, h: null }, true));
    byId("inputs-list").addEventListener("change", () => {
      const chosen = [...byId("inputs-list").querySelectorAll(":checked")].map((box) => box.value);
      if (chosen.length) picked({ x: joined(chosen), h: null, over: null, at: null, query: null }, true);
      else byId("inputs-list").querySelector("input:not(:disabled)").focus();
    });
    const inputs = byId("inputs");
    document.addEventListener("pointerdown", (event) => { if (!inputs.contains(event.target)) inputs.open = false; });
    inputs.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !inputs.contains(event.relatedTarget)) inputs.open = false;
    });
    inputs.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !inputs.open) return;
      event.stopPropagation();
      inputs.open = false;
      inputs.querySelector("summary").focus();
    });
    // On a phone the pickers step aside for the pictures; elsewhere there is room for both.
    const narrow = matchMedia("(max-width: 40rem)");
    const fold = () => { byId("choices").open = !narrow.matches; };
    narrow.addEventListener("change", fold);
    fold();
    byId("controls").addEventListener("submit", (event) => event.preventDefault());
  }

  /// The columns that there are to pick from; words are shown, and why they cannot be picked.
  show(table) {
    this.#columns = table.columns;
    const choices = () => table.columns.map((column) => element("option", {
      value: column.name, disabled: column.kind !== "number",
    }, column.kind === "number" ? column.name : `${column.name} (words, not numbers)`));
    byId("value").replaceChildren(...choices());
    byId("weights").replaceChildren(element("option", { value: "" }, "none"), ...choices());
    byId("inputs-list").replaceChildren(...table.columns.map((column) => {
      const isNumber = column.kind === "number";
      return element("label", { className: isNumber ? "" : "unpickable" },
        element("input", { type: "checkbox", value: column.name, disabled: !isNumber }),
        column.name,
        element("small", {}, !isNumber ? "words, not numbers"
          : column.missing ? `${counted(column.missing)} missing` : ""));
    }));
  }

  /// Lets the controls say what the view says.
  reflect(view) {
    const inputs = view.inputs;
    byId("inputs-names").textContent = inputs.join(", ") || "…";
    for (const box of byId("inputs-list").querySelectorAll("input")) {
      box.checked = inputs.includes(box.value);
      box.setAttribute("aria-invalid", "false");
    }
    byId("choices-words").textContent =
      `${view.get("y")} over ${inputs.join(", ")}, ${view.get("kernel")}, degree ${view.get("degree")}`;
    byId("value").value = view.get("y");
    byId("weights").value = view.get("weights");
    byId("kernel").value = view.get("kernel");
    byId("degree").value = view.get("degree");
    this.#reflectBand(view.get("band"));
    byId("residuals").checked = view.get("residuals") === "1";
    byId("learned").checked = view.get("learned") === "1";
    const used = [...inputs, view.get("y"), view.get("weights")];
    const drops = view.get("missing") === "drop";
    byId("missing").checked = drops;
    byId("missing-choice").hidden = !drops && !this.hasMissing(used);
  }

  hasMissing(names) {
    return this.#columns.some((column) => column.missing > 0 && names.includes(column.name));
  }

  /// Marks the control that a refusal names; null marks none.
  blame(parameter) {
    const ids = { x: "inputs", y: "value" };
    for (const field of document.querySelectorAll("#controls select")) {
      field.setAttribute("aria-invalid", String(field.id === (ids[parameter] ?? parameter)));
    }
    document.querySelector("#inputs b").classList.toggle("wrong", parameter === "x");
  }

  /// A level that came by a link need not be one of ours.
  #reflectBand(level) {
    const band = byId("band");
    if (![...band.options].some((option) => option.value === level)) {
      band.append(element("option", { value: level }, `${Number(level) * 100} %`));
    }
    band.value = level;
  }
}
