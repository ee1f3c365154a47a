// The state of a view: what the server calls its parameters and the page keeps in its address.

/// What the server takes where a parameter is not given. The address leaves these out.
const defaults = {
  weights: "", kernel: "gaussian", degree: "0", criterion: "loo", band: "0.95", missing: "fail",
  residuals: "0", learned: "0",
};

const names = [
  "x", "y", "weights", "kernel", "degree", "criterion", "h", "over", "at", "band", "missing",
  "residuals", "learned", "query",
];

/// A comma parts the names of a list, so that one inside a name is encoded once more.
export const joined = (list) =>
  list.map((name) => name.replace(/[%,]/g, (mark) => encodeURIComponent(mark))).join(",");

export const parted = (text) =>
  text ? text.split(",").map((name) => name.replace(/%25|%2C/gi, decodeURIComponent)) : [];

export class View {
  table = "start";
  /// What was asked for or has been resolved by the server; a name that is missing is the server's choice.
  parameters = {};

  static from(address) {
    const view = new View();
    const given = new URLSearchParams(address);
    view.table = given.get("table") || "start";
    for (const name of names) {
      if (given.has(name)) view.parameters[name] = given.get(name);
    }
    return view;
  }

  get(name) { return this.parameters[name] ?? defaults[name] ?? ""; }
  get inputs() { return parted(this.get("x")); }
  get over() { return this.get("over") || this.inputs[0]; }
  get overIndex() { return Math.max(0, this.inputs.indexOf(this.over)); }
  get bandwidths() { return numbers(this.get("h")); }
  get held() { return numbers(this.get("at")); }
  get query() { return this.parameters.query === undefined ? null : Number(this.parameters.query); }

  /// Takes a list that is no list of columns and the name of one for that one, as the server does.
  know(columns) {
    const { x } = this.parameters, names = this.inputs;
    const isList = names.every((name) => columns.includes(name)) && new Set(names).size === names.length;
    if (!isList && columns.includes(x)) this.parameters.x = joined([x]);
  }

  /// Takes over values; null forgets one and leaves it to the server.
  change(values) {
    for (const [name, value] of Object.entries(values)) {
      if (value === null) delete this.parameters[name];
      else this.parameters[name] = String(value);
    }
  }

  setBandwidth(index, bandwidth) { this.change({ h: replaced(this.get("h"), index, bandwidth) }); }
  setHeld(index, value) { this.change({ at: replaced(this.get("at"), index, value) }); }

  /// Takes from an answer what was left to the server; a person may have moved on meanwhile.
  fill(resolved) {
    // Of a list of held values some may have been left to it.
    const held = parts(resolved.at);
    if (this.parameters.at) {
      this.parameters.at = this.inputs.map((_, index) => parts(this.parameters.at)[index] || held[index] || "").join(",");
    }
    for (const name of names) {
      if (!(name in this.parameters) && resolved[name] !== undefined && resolved[name] !== "") {
        this.parameters[name] = resolved[name];
      }
    }
  }

  /// The parameters of a request, with others that belong to it alone.
  request(others = {}) {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...this.parameters, ...others })) {
      if (value !== null && value !== undefined && value !== "") parameters.set(name, value);
    }
    return parameters;
  }

  get address() {
    const parameters = new URLSearchParams();
    if (this.table !== "start") parameters.set("table", this.table);
    const several = this.inputs.length > 1;
    for (const name of names) {
      const value = this.parameters[name];
      const needless = value === undefined || value === defaults[name] || value === ""
        || (!several && (name === "over" || name === "at"));
      if (!needless) parameters.set(name, value);
    }
    // Commas may stand in a query as they are, and read better so.
    const text = parameters.toString().replaceAll("%2C", ",");
    return text ? "?" + text : location.pathname;
  }
}

const parts = (text) => (text ? text.split(",") : []);
const numbers = (text) => parts(text).map((part) => (part === "" ? NaN : Number(part)));

function replaced(list, index, value) {
  const all = parts(list);
  while (all.length <= index) all.push("");
  all[index] = String(value);
  return all.join(",");
}
