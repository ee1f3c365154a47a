// The server's pictures on the page, and marks drawn over them in their own units.

const svgSpace = "http://www.w3.org/2000/svg";

export function shape(name, attributes) {
  const made = document.createElementNS(svgSpace, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/// A value's fraction along an axis, from the left or the bottom.
export function fraction(value, axis) {
  const scale = axis.scale === "log10" ? Math.log10 : (number) => number;
  const along = (scale(value) - scale(axis.least)) / (scale(axis.greatest) - scale(axis.least));
  return axis.isReversed ? 1 - along : along;
}

/// The value at a fraction along an axis.
export function valueAt(along, axis) {
  const part = axis.isReversed ? 1 - along : along;
  if (axis.scale !== "log10") return axis.least + part * (axis.greatest - axis.least);
  const [least, greatest] = [Math.log10(axis.least), Math.log10(axis.greatest)];
  return 10 ** (least + part * (greatest - least));
}

export class Picture {
  figure = null;
  #marks = null;

  constructor(id) {
    this.holder = document.getElementById(id);
    this.box = this.holder.querySelector(".picture");
  }

  /// Reads a picture into the document's own nodes. Nothing is shown yet, so that several can change at once.
  read(figure) {
    // Each kind of picture has ids of its own, and none is on the page twice.
    const svg = new DOMParser().parseFromString(figure.svg, "image/svg+xml").documentElement;
    return () => this.#show(figure, document.adoptNode(svg));
  }

  #show(figure, svg) {
    this.figure = figure;
    this.#marks = shape("svg", {
      class: "marks", viewBox: `0 0 ${figure.width} ${figure.height}`, "aria-hidden": "true",
    });
    this.box.replaceChildren(svg, this.#marks);
    this.holder.hidden = false;
  }

  clear() {
    this.figure = null;
    this.box.replaceChildren();
  }

  mark(...shapes) { this.#marks?.replaceChildren(...shapes); }

  /// The panels that have axes; one without data has none.
  get places() { return this.figure?.places.filter(({ horizontal, vertical }) => horizontal && vertical) ?? []; }
  get place() { return this.places[0]; }

  /// Where values lie, in the picture's units.
  x(value, place = this.place) { return place.x + fraction(value, place.horizontal) * place.width; }
  y(value, place = this.place) { return place.y + (1 - fraction(value, place.vertical)) * place.height; }

  /// The value on the horizontal axis under a pointer; null outside of every panel.
  valueUnder(event) {
    if (!this.figure) return null;
    const seen = this.box.getBoundingClientRect();
    const x = (event.clientX - seen.left) / seen.width * this.figure.width;
    const y = (event.clientY - seen.top) / seen.height * this.figure.height;
    const place = this.places.find((place) =>
      x >= place.x && x <= place.x + place.width && y >= place.y && y <= place.y + place.height);
    return place ? valueAt((x - place.x) / place.width, place.horizontal) : null;
  }

  /// Threads at a value across every panel that shares the axis.
  threads(value, className = "thread") {
    return this.places.filter((place) => {
      const along = fraction(value, place.horizontal);
      return along >= 0 && along <= 1;
    }).map((place) => {
      const x = this.x(value, place);
      return shape("line", { class: className, x1: x, x2: x, y1: place.y, y2: place.y + place.height });
    });
  }
}
