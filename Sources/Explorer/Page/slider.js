// A slider with its name, an exact number beside it, and a scale that may be logarithmic.

import { element, short } from "./words.js";

export class Slider {
  #least = 0; #greatest = 1; #isLogarithmic; #value = NaN;

  /// - words: `(value) → text` for who listens.
  /// - moved: called with the value, and whether it came from sliding.
  constructor({ id, label, exactly, isLogarithmic = false, isAligned = false, words, moved }) {
    this.#isLogarithmic = isLogarithmic;
    this.words = words;
    this.range = element("input", { type: "range", id, min: "0", max: "1", step: "any" });
    this.number = element("input", { type: "number", id: `${id}-number`, step: "any", "aria-label": exactly });
    this.label = element("label", { htmlFor: id }, ...label);
    this.element = element("div", { className: isAligned ? "slider aligned" : "slider" },
      element("div", { className: "slider-words" }, this.label, this.number), this.range);
    this.#listen(moved);
  }

  get value() { return this.#value; }

  /// The ends of the slider. A value beyond them is held all the same, with the thumb at the end.
  between(least, greatest) {
    this.#least = least;
    this.#greatest = greatest > least ? greatest : least + 1;
    this.#place();
  }

  show(value) {
    this.#value = value;
    // Digits that a person is typing are theirs.
    if (document.activeElement !== this.number) this.number.value = Number.isFinite(value) ? Number(value.toPrecision(6)) : "";
    this.#place();
  }

  /// Lays the track along part of the width, as fractions of it.
  align(from, length) {
    this.range.style.setProperty("--from", from);
    this.range.style.setProperty("--length", length);
  }

  #scale(value) { return this.#isLogarithmic ? Math.log(value) : value; }

  #place() {
    const [least, greatest] = [this.#scale(this.#least), this.#scale(this.#greatest)];
    const along = (this.#scale(this.#value) - least) / (greatest - least);
    this.range.value = Number.isFinite(along) ? Math.min(1, Math.max(0, along)) : 0.5;
    this.range.setAttribute("aria-valuetext", Number.isFinite(this.#value) ? this.words(short(this.#value)) : "not set");
  }

  #at(along) {
    const [least, greatest] = [this.#scale(this.#least), this.#scale(this.#greatest)];
    const value = least + along * (greatest - least);
    const short = Number((this.#isLogarithmic ? Math.exp(value) : value).toPrecision(5));
    // Rounding leads beyond no end.
    return Math.min(this.#greatest, Math.max(this.#least, short));
  }

  #listen(moved) {
    const slide = (along) => {
      this.show(this.#at(Math.min(1, Math.max(0, along))));
      moved(this.#value, true);
    };
    this.range.addEventListener("input", () => slide(Number(this.range.value)));
    // Steps of our own: what a browser makes of step="any" is coarse, and differs.
    const steps = {
      ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -20, PageUp: 20,
      Home: -Infinity, End: Infinity,
    };
    this.range.addEventListener("keydown", (event) => {
      const step = steps[event.key];
      if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      slide(Number(this.range.value) + step / (event.shiftKey ? 1000 : 200));
    });
    this.number.addEventListener("change", () => {
      const value = this.number.valueAsNumber;
      if (!Number.isFinite(value)) return this.show(this.#value);
      this.#value = value;
      this.#place();
      moved(value, false);
    });
  }
}
