// A query picked on a picture: where it lies, which rows it attends to and how much.

import { Picture, shape } from "./figure.js";
import { counted, element, short } from "./words.js";

const byId = (id) => document.getElementById(id);

export class Query {
  picture = new Picture("stems");
  #answer = null; #axis = null; #isPinned = false; #pictures; #picked; #name = "";

  /// - pictures: those that share the input's axis; the first is the scatter.
  /// - picked: called with a value, or null when the query is dropped.
  constructor(pictures, picked) {
    this.#pictures = pictures;
    this.#picked = picked;
    for (const picture of [...pictures, this.picture]) this.#followPointer(picture);
    this.#listen();
  }

  /// Moves the thread and the slider; what the server knows of the query comes later.
  reflect(view) {
    const axis = this.#pictures[0].place?.horizontal;
    if (axis) this.#axis = axis;
    this.#name = view.over ?? "";
    byId("query-label").replaceChildren("Query at ", element("b", {}, this.#name));
    const value = view.query;
    const range = byId("query-range"), number = byId("query-number");
    range.classList.toggle("idle", value === null);
    byId("query-drop").hidden = value === null;
    if (this.#axis) {
      Object.assign(range, { min: this.#axis.least, max: this.#axis.greatest });
      range.value = value ?? (this.#axis.least + this.#axis.greatest) / 2;
    }
    range.setAttribute("aria-valuetext", value === null ? "no query picked" : `query ${this.#name} = ${short(value)}`);
    if (document.activeElement !== number) number.value = value === null ? "" : Number(value.toPrecision(6));
    if (value === null) this.#forget();
    this.mark(value);
  }

  take(answer, show, view) {
    this.#answer = answer;
    show();
    this.#tell(answer, view);
    this.mark(view.query);
  }

  mark(value) {
    for (const picture of [...this.#pictures, this.picture]) {
      picture.mark(...(value === null ? [] : picture.threads(value)));
    }
    const [scatter] = this.#pictures;
    if (value === null || !this.#answer || !scatter.place) return;
    const { over, contributors, estimate } = this.#answer;
    const inside = (x, y) => {
      const place = scatter.place;
      return x >= place.x && x <= place.x + place.width && y >= place.y && y <= place.y + place.height;
    };
    const scale = scatter.figure.width < 600 ? 0.7 : 1;
    const heaviest = Math.max(...contributors.map(({ weight }) => weight), 0);
    const rings = contributors.filter(({ weight }) => weight > 0).map((key) => [
      scatter.x(key.inputs[over]), scatter.y(key.value), scale * (4 + 4 * Math.sqrt(key.weight / heaviest)),
    ]).filter(([x, y]) => inside(x, y)).map(([cx, cy, r]) =>
      shape("circle", { class: "contributor", cx, cy, r, "stroke-width": 1.8 }));
    const at = estimate === null ? null : [scatter.x(this.#answer.query[over]), scatter.y(estimate)];
    const dot = at && inside(...at) ? [shape("circle", { class: "at-query", cx: at[0], cy: at[1], r: 5 * scale })] : [];
    scatter.mark(...scatter.threads(value), ...rings, ...dot);
  }

  /// Keeps the query where it is while the pointer moves.
  pin() { this.#isPinned = true; }

  /// Takes weights off the page that are not those of the query any more.
  lose() {
    this.#answer = null;
    this.picture.holder.hidden = true;
    byId("contributors").hidden = true;
    byId("query-words").textContent = "";
    for (const picture of this.#pictures) picture.mark();
  }

  drop() {
    this.#isPinned = false;
    this.#picked(null);
  }

  #forget() {
    this.#answer = null;
    this.#isPinned = false;
    this.picture.holder.hidden = true;
    byId("contributors").hidden = true;
    byId("query-words").textContent = "Move over a picture or this slider to see which rows a query attends to.";
  }

  #tell(answer, view) {
    const { contributors, remainder, estimate, effectiveSampleSize, entropy } = answer;
    const held = view.inputs.map((name, index) => `${name} = ${short(answer.query[index])}`).join(", ");
    byId("query-words").textContent = estimate === null
      ? `No row supports a query at ${held}: there is no estimate.`
      : `At ${held} the estimate of ${view.get("y")} is ${short(estimate)}. The attention is spread as if over `
        + `${short(effectiveSampleSize)} equal rows (effective sample size); its entropy is ${short(entropy)} nats.`;
    const percent = (weight) => element("data", { value: weight },
      weight > 0 && weight < 5e-5 ? "< 0.01 %" : `${(weight * 100).toFixed(2)} %`);
    const head = ["row", ...view.inputs, view.get("y"), "weight", "contribution"];
    const rows = contributors.map((key) => element("tr", {},
      element("th", { scope: "row" }, counted(key.row)),
      ...key.inputs.map((input) => element("td", {}, short(input))),
      element("td", {}, short(key.value)),
      element("td", {}, percent(key.weight)),
      element("td", {}, element("data", { value: key.contribution }, short(key.contribution)))));
    const rest = element("tr", {},
      element("th", { scope: "row", colSpan: view.inputs.length + 2 }, `${counted(remainder.rows)} other rows`),
      element("td", {}, percent(remainder.weight)), element("td", {}, ""));
    const table = byId("contributors");
    table.replaceChildren(element("table", {},
      element("caption", {}, "Largest contributors, rows counted from 0"),
      element("thead", {}, element("tr", {}, ...head.map((name) => element("th", { scope: "col" }, name)))),
      element("tbody", {}, ...rows, ...(remainder.rows ? [rest] : []))));
    table.hidden = estimate === null;
  }

  #followPointer(picture) {
    const pick = (event) => {
      const value = picture.valueUnder(event);
      if (value !== null) this.#picked(Number(value.toPrecision(5)));
      return value !== null;
    };
    // A finger that scrolls picks nothing; a tap is a click.
    picture.box.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "touch" && !this.#isPinned) pick(event);
    });
    picture.box.addEventListener("click", (event) => {
      if (pick(event)) this.#isPinned = event.pointerType === "mouse" && !this.#isPinned;
    });
  }

  #listen() {
    const range = byId("query-range"), number = byId("query-number");
    const pick = (value) => {
      this.#isPinned = true;
      this.#picked(Number(value.toPrecision(5)));
    };
    range.addEventListener("input", () => pick(Number(range.value)));
    const steps = {
      ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -20, PageUp: 20,
      Home: -Infinity, End: Infinity,
    };
    range.addEventListener("keydown", (event) => {
      const step = steps[event.key];
      if (!step || !this.#axis || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const { least, greatest } = this.#axis;
      const value = Number(range.value) + step * (greatest - least) / (event.shiftKey ? 1000 : 200);
      pick(Math.min(greatest, Math.max(least, value)));
    });
    number.addEventListener("change", () => {
      if (Number.isFinite(number.valueAsNumber)) pick(number.valueAsNumber);
    });
    byId("query-drop").addEventListener("click", () => {
      this.drop();
      range.focus();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !byId("query-drop").hidden) this.drop();
    });
  }
}
