// The bandwidth's sliders, the criterion's curve under the first of them, and its minima as buttons.

import { Picture, fraction, shape, valueAt } from "./figure.js";
import { Slider } from "./slider.js";
import { announce, criterionNames, element, short } from "./words.js";

const byId = (id) => document.getElementById(id);

export class Bandwidth {
  picture = new Picture("criterion");
  /// The criterion's path, as the server told it last; null until it has.
  path = null;
  #sliders = []; #held = []; #shape = ""; #ranges = []; #minima = element("div"); #actions;

  /// - actions: `moved(index, h)`, `held(index, value)`, `along(input)`, `criterion(name)`.
  constructor(actions) {
    this.#actions = actions;
    for (const [name, words] of Object.entries(criterionNames)) {
      const radio = element("input", { type: "radio", name: "criterion", value: name, className: "unseen" });
      radio.addEventListener("change", () => actions.criterion(name));
      byId("criteria").append(element("label", {}, radio,
        element("span", { className: "segment" }, name === "loo" ? "leave-one-out" : words)));
    }
    this.#followPointer();
  }

  /// Makes the sliders that the inputs of a view need.
  reflect(view) {
    const inputs = view.inputs;
    for (const radio of byId("criteria").querySelectorAll("input")) radio.checked = radio.value === view.get("criterion");
    const wanted = JSON.stringify([inputs, view.over]);
    if (wanted !== this.#shape) {
      this.#shape = wanted;
      this.#build(inputs, view.overIndex);
    }
    const bandwidths = view.bandwidths;
    this.#sliders.forEach((slider, index) => slider.show(bandwidths[index] ?? NaN));
    const held = view.held;
    this.#held.forEach((slider, index) => slider?.show(held[index] ?? NaN));
    this.mark(bandwidths[view.overIndex]);
  }

  /// Sensible ends of sliders, from an answer; the curve's own axis once there is one.
  between(ranges, view, columns) {
    this.#ranges = ranges;
    ranges.forEach(({ least, greatest }, index) => {
      if (index !== view.overIndex || !this.path) this.#sliders[index]?.between(least, greatest);
    });
    view.inputs.forEach((name, index) => {
      const column = columns.find((column) => column.name === name);
      if (column?.minimum !== undefined) this.#held[index]?.between(column.minimum, column.maximum);
    });
  }

  /// Takes in a path; `show` puts its picture on the page.
  take(path, view, show) {
    this.path = path;
    show();
    const { place, figure } = this.picture;
    if (!place) return;
    const slider = this.#sliders[view.overIndex];
    slider.between(place.horizontal.least, place.horizontal.greatest);
    slider.align(place.x / figure.width, place.width / figure.width);
    this.#placeMinima(path, view);
    this.mark(slider.value);
  }

  /// A path that no longer belongs to the view.
  forget() {
    this.path = null;
    this.#minima.replaceChildren();
    this.picture.mark();
  }

  note(words) { byId("bandwidth-note").textContent = words; }

  /// Moves the marker on the curve. It needs no answer of the server, so it never waits.
  mark(bandwidth) {
    const { picture, path } = this;
    if (!picture.place || !path || !(bandwidth > 0)) return picture.mark();
    const along = fraction(bandwidth, picture.place.horizontal);
    if (!(along >= 0 && along <= 1)) return picture.mark();
    const marks = picture.threads(bandwidth, "marker");
    const value = valueBetween(path.bandwidths, path.values, bandwidth);
    if (value !== null) {
      const y = picture.y(value);
      if (y >= picture.place.y && y <= picture.place.y + picture.place.height) {
        marks.push(shape("circle", { class: "marker-dot", cx: picture.x(bandwidth), cy: y, r: 5 }));
      }
    }
    picture.mark(...marks);
  }

  isAtChosen(view) {
    const chosen = this.path?.minima.find(({ isChosen }) => isChosen);
    return Boolean(chosen) && Math.abs(view.bandwidths[view.overIndex] / chosen.bandwidth - 1) < 1e-9;
  }

  #build(inputs, overIndex) {
    const several = inputs.length > 1;
    const moved = this.#actions;
    const along = byId("along");
    along.hidden = !several;
    along.replaceChildren(element("legend", {}, "along"), ...inputs.map((name, index) => {
      const radio = element("input", {
        type: "radio", name: "along", value: name, className: "unseen", checked: index === overIndex,
      });
      radio.addEventListener("change", () => moved.along(name));
      return element("label", {}, radio, element("span", { className: "segment" }, name));
    }));
    this.#sliders = inputs.map((name, index) => new Slider({
      id: `bandwidth-${index}`,
      label: ["Bandwidth of ", element("b", {}, name)],
      exactly: `Bandwidth of ${name}, exact value`,
      isLogarithmic: true,
      isAligned: index === overIndex,
      words: (text) => `bandwidth ${text}, in the units of ${name}`,
      moved: (value) => {
        if (index === overIndex) this.mark(value);
        moved.moved(index, value);
      },
    }));
    this.#held = inputs.map((name, index) => index === overIndex ? null : new Slider({
      id: `held-${index}`,
      label: [element("b", {}, name), " held at"],
      exactly: `${name} held at, exact value`,
      words: (text) => `${name} held at ${text}`,
      moved: (value) => moved.held(index, value),
    }));
    this.#sliders[overIndex]?.label.classList.add("name");
    this.#sliders[overIndex]?.align(0.1, 0.86);
    byId("bandwidth-over").replaceChildren(...(this.#sliders[overIndex] ? [this.#sliders[overIndex].element] : []));
    byId("bandwidth-others").replaceChildren(...inputs.flatMap((name, index) => index === overIndex ? []
      : [element("div", { className: "other" }, this.#sliders[index].element, this.#held[index].element)]));
    if (this.#ranges.length === inputs.length) {
      this.#ranges.forEach(({ least, greatest }, index) => this.#sliders[index].between(least, greatest));
    }
  }

  #placeMinima(path, view) {
    const { picture } = this;
    const criterion = criterionNames[path.criterion] ?? criterionNames[view.get("criterion")];
    this.#minima = element("div");
    for (const { bandwidth, value, isChosen } of path.minima) {
      const along = fraction(bandwidth, picture.place.horizontal);
      if (!(along >= 0 && along <= 1)) continue;
      const words = `local minimum h = ${short(bandwidth)}, ${criterion} ${short(value)}${isChosen ? ", chosen" : ""}`;
      const button = element("button", { type: "button", className: "minimum", title: words, "aria-label": words });
      button.style.left = `${picture.x(bandwidth) / picture.figure.width * 100}%`;
      const y = Math.min(Math.max(picture.y(value), picture.place.y), picture.place.y + picture.place.height);
      button.style.top = `${y / picture.figure.height * 100}%`;
      button.addEventListener("click", () => {
        this.#sliders[view.overIndex].show(bandwidth);
        this.mark(bandwidth);
        announce(words);
        this.#actions.moved(view.overIndex, bandwidth);
      });
      this.#minima.append(button);
    }
    picture.box.append(this.#minima);
  }

  /// The curve itself can be pressed and dragged along, as the slider can.
  #followPointer() {
    const { box } = this.picture;
    const move = (event) => {
      const { place, figure } = this.picture;
      const index = this.#sliders.findIndex((slider) => slider.element.classList.contains("aligned"));
      if (!place || index < 0) return;
      const seen = box.getBoundingClientRect();
      const along = ((event.clientX - seen.left) / seen.width * figure.width - place.x) / place.width;
      const bandwidth = Number(valueAt(Math.min(1, Math.max(0, along)), place.horizontal).toPrecision(5));
      this.#sliders[index].show(bandwidth);
      this.mark(bandwidth);
      this.#actions.moved(index, bandwidth);
    };
    box.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || event.target.closest("button") || event.pointerType === "touch") return;
      box.setPointerCapture(event.pointerId);
      move(event);
    });
    box.addEventListener("pointermove", (event) => { if (box.hasPointerCapture(event.pointerId)) move(event); });
    box.addEventListener("click", (event) => {
      if (!event.target.closest("button") && event.pointerType === "touch") move(event);
    });
  }
}

/// The criterion between two bandwidths of a path, along the logarithm as the curve is drawn.
function valueBetween(bandwidths, values, bandwidth) {
  const after = bandwidths.findIndex((other) => other >= bandwidth);
  if (after < 0) return null;
  if (bandwidths[after] === bandwidth || after === 0) return bandwidths[after] === bandwidth ? values[after] : null;
  const [left, right] = [values[after - 1], values[after]];
  if (left === null || right === null) return null;
  const along = Math.log(bandwidth / bandwidths[after - 1]) / Math.log(bandwidths[after] / bandwidths[after - 1]);
  return left + along * (right - left);
}
