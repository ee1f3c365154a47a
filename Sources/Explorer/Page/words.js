// Numbers as people read them, what is heard, and what goes wrong, said where it belongs.

/// A number with few digits and a true minus sign.
export function short(value, digits = 4) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const text = size !== 0 && (size >= 1e7 || size < 1e-4)
    ? value.toExponential(digits - 1).replace(/\.?0+e/, "e").replace("e+", "e")
    : String(Number(value.toPrecision(size >= 1 ? Math.max(digits, Math.ceil(Math.log10(size + 1))) : digits)));
  return text.replaceAll("-", "−");
}

export const counted = (count) => count.toLocaleString("en").replaceAll(",", "\u202f");

export const criterionNames = { loo: "leave-one-out error", gcv: "GCV", aicc: "AICc" };

/// Makes an element; `children` are elements or text, never markup.
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes("-") || key === "role") made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children);
  return made;
}

const announcer = document.getElementById("announcer");
let pending = 0;

/// Says something to who listens, once it has settled: a slider in motion would stammer.
export function announce(words, delay = 700) {
  clearTimeout(pending);
  pending = setTimeout(() => { announcer.textContent = words; }, delay);
}

/// The tool begins a fault with the file or a small letter; on a page it is a sentence.
const sentence = (words) => words.replace(/^[a-z][a-z-]*(?= )/, (word) => word[0].toUpperCase() + word.slice(1))
  .replace(/[^.?!]$/, "$&.");

/// Shows what was wrong beside what caused it, with buttons that mend it.
///
/// - place: "table", "view", "h", "query" or "learned", as `data-for` of the page's places for trouble.
export function complain(place, message, hint = "", actions = []) {
  const box = document.querySelector(`.problem[data-for="${place}"]`);
  box.replaceChildren(
    element("p", {}, sentence(message)), element("p", { className: "hint" }, sentence(hint)),
    ...(actions.length ? [element("div", { className: "actions" }, ...actions)] : []));
  box.hidden = false;
}

export function calm(...places) {
  for (const place of places) {
    const box = document.querySelector(`.problem[data-for="${place}"]`);
    box.hidden = true;
    box.replaceChildren();
  }
}

/// What the page is doing, told once it takes longer than people take for at once.
export class Working {
  #works = new Map(); #timer = 0; #told = ""; #toldAt = -Infinity;
  #main = document.querySelector("main");
  #line = document.getElementById("working");

  /// Runs work; `waits` are elements that show that they are out of date.
  async during(words, waits, work) {
    const token = {};
    this.#works.set(token, { words, waits, since: performance.now() });
    this.#main.setAttribute("aria-busy", "true");
    if (!this.#timer) this.#timer = setInterval(() => this.#tell(), 100);
    try {
      return await work;
    } finally {
      this.#works.delete(token);
      for (const wait of waits) {
        if (![...this.#works.values()].some((other) => other.waits.includes(wait))) wait.classList.remove("waiting");
      }
      this.#tell();
    }
  }

  #tell() {
    const now = performance.now();
    const slow = [...this.#works.values()].find(({ since }) => now - since > 300);
    this.#line.hidden = !slow;
    if (slow) {
      // The seconds are for the eye; who listens hears the words once, not at every step of a slider.
      this.#line.textContent = `${slow.words} ${((now - slow.since) / 1000).toFixed(1)} s`;
      for (const wait of slow.waits) wait.classList.add("waiting");
      if (this.#told !== slow.words || now - this.#toldAt > 10_000) announce(slow.words, 0);
      this.#told = slow.words;
      this.#toldAt = now;
    } else if (!this.#works.size) {
      clearInterval(this.#timer);
      this.#timer = 0;
      this.#main.setAttribute("aria-busy", "false");
    }
  }
}
