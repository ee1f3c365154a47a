// The page: what a person moves changes the view, the view is asked for, the answer is shown at once.

import { Latest, Refusal, Silence, ask } from "./api.js";
import { Bandwidth } from "./bandwidth.js";
import { Controls } from "./controls.js";
import { linkDownloads, listenForCopies } from "./exports.js";
import { Picture } from "./figure.js";
import { Query } from "./query.js";
import { Tables, where } from "./tables.js";
import { View } from "./view.js";
import { Working, announce, calm, complain, criterionNames, element, short } from "./words.js";

const byId = (id) => document.getElementById(id);
const dark = matchMedia("(prefers-color-scheme: dark)");

let view = View.from(location.search);
let table = null;
/// Whether the bandwidth is to go to the criterion's minimum once that is known.
let follows = !("h" in view.parameters);
/// Which question the path on the page answers; bandwidths along it are none of its parameters.
let pathQuestion = "";
let learnedQuestion = "";

const working = new Working();
const pictures = { fit: new Picture("fit"), attention: new Picture("attention"), residuals: new Picture("residual-plot") };
const learned = new Picture("learned-plot");

const bandwidth = new Bandwidth({
  moved(index, h) {
    follows = false;
    bandwidth.note("");
    view.setBandwidth(index, h);
    refresh();
  },
  held(index, value) {
    view.setHeld(index, value);
    refresh();
  },
  along(input) {
    bandwidth.note("");
    pick({ over: input, query: null }, false);
  },
  criterion(name) { pick({ criterion: name }, true); },
});

const controls = new Controls(pick);

const query = new Query([pictures.fit, pictures.attention, pictures.residuals], (value) => {
  calm("query");
  view.change({ query: value });
  query.reflect(view);
  remember();
  if (value === null) attention.drop();
  else attention.ask();
});

const tableList = new Tables(working, look);

// MARK: - What changes the view

/// Takes over a pick. Another question of the data is one whose best bandwidth may be another: where the
/// bandwidth was the criterion's own, it goes to the new minimum.
function pick(changes, isQuestion) {
  if (isQuestion && (changes.h === null || follows || bandwidth.isAtChosen(view))) {
    changes = { ...changes, h: null };
    follows = true;
  }
  remember({ at: "once" });
  view.change(changes);
  if ("over" in changes || "x" in changes) view.change({ query: null });
  controls.reflect(view);
  bandwidth.reflect(view);
  refresh({ supersedes: true, pushes: "x" in changes || "y" in changes || "weights" in changes || "kernel" in changes || "degree" in changes });
}

function refresh({ supersedes = false, pushes = false } = {}) {
  if (pushes) history.pushState(null, "", view.address);
  else remember();
  askFrame(supersedes);
}

let remembering = 0;

/// Writes the address, not at every step of a slider: browsers refuse to do that often.
function remember({ at = "rest" } = {}) {
  clearTimeout(remembering);
  const write = () => history.replaceState(null, "", view.address);
  if (at === "once") write();
  else remembering = setTimeout(write, 100);
}

// MARK: - Frames

const boxWidth = (picture) => {
  const width = picture.box.clientWidth || pictures.fit.box.clientWidth;
  return Math.round(Math.min(2000, Math.max(280, width)));
};
const theme = () => (dark.matches ? "dark" : "light");
const looks = (picture) => ({ theme: theme(), width: boxWidth(picture) });

const frames = new Latest(({ quick }, signal) => {
  const words = quick ? "Computing the fit…" : "Computing the interval and the criterion…";
  return working.during(words, quick ? [byId("pictures")] : [], frame(quick, signal));
}, failed);

/// How long, in milliseconds, a slider rests before what does not follow its moves is asked for.
const rest = 250;
let resting = 0;
/// Whether that is under way: work that a move makes useless.
let completes = false;

function askFrame(supersedes = false) {
  clearTimeout(resting);
  frames.ask({ quick: true }, { supersedes: supersedes || completes });
  completes = false;
}

function complete() {
  completes = true;
  frames.ask({ quick: false });
}

async function frame(quick, signal) {
  const asked = view;
  // Asked for now: once the document has changed, to ask for a width is to lay out all of it.
  const size = looks(pictures.fit), pathSize = looks(bandwidth.picture);
  const request = asked.request(size);
  const attends = asked.query !== null && "h" in asked.parameters;
  const [fit, weights] = await Promise.all([
    ask(asked.table, "fit", asked.request({ ...size, quick: quick ? "1" : null }), signal),
    attends ? ask(asked.table, "attention", request, signal).catch(withoutStems) : null,
  ]);
  if (asked !== view) return;
  const isFirst = !("h" in view.parameters) || !pictures.fit.figure;
  view.fill({ ...fit.view, h: fit.bandwidth.join(",") });
  // All pictures are read before any is shown, so that they change together.
  const shows = Object.entries(fit.figures).map(([name, figure]) => pictures[name].read(figure));
  const showStems = weights && query.picture.read(weights.figure);
  document.body.classList.remove("vacant", "tableless");
  for (const show of shows) show();
  pictures.residuals.holder.hidden = !fit.figures.residuals;
  calm("view", "h", "table");
  controls.blame(null);
  byId("banner").hidden = true;
  tell(fit);
  bandwidth.between(fit.ranges, view, table.columns);
  // A slider that has moved on keeps its place; only what was left open is set from the answer.
  if (isFirst) {
    controls.reflect(view);
    remember();
  }
  bandwidth.reflect(view);
  if (weights && view.query !== null) {
    calm("query");
    query.take(named(weights), showStems, view);
  }
  query.reflect(view);
  if (view.query !== null && !attends) attention.ask();
  linkDownloads(view, size);
  askPath(pathSize);
  askLearned(size);
  clearTimeout(resting);
  if (!fit.isComplete) resting = setTimeout(complete, rest);
}

/// A query can be at fault where the view is not; then the view is shown without it.
function withoutStems(error) {
  if (error.name === "AbortError") throw error;
  refused(error);
  return null;
}

function refused(error) {
  query.lose();
  failed(error, "query");
}

const named = (answer) => ({ ...answer, over: view.overIndex });

let writing = 0;

function tell(fit) {
  const name = criterionNames[view.get("criterion")] ?? fit.criterion.name;
  const { value } = fit.criterion;
  const readings = [
    [name[0].toUpperCase() + name.slice(1), short(value)],
    ["Degrees of freedom", short(fit.effectiveDegreesOfFreedom)],
    ["R²", short(fit.rSquared)],
  ];
  byId("readings").replaceChildren(...readings.map(([name, value]) =>
    element("div", {}, element("dt", {}, name), element("dd", {}, value))));
  byId("summary").textContent = fit.words.summary;
  document.title = `${fit.words.title} · Nadaraya explorer`;
  byId("warnings").hidden = !fit.warnings.length;
  byId("warnings").replaceChildren(...fit.warnings.map((words) => element("li", {}, words)));
  // The code may hold all numbers of a small table; pictures come first.
  clearTimeout(writing);
  writing = setTimeout(() => {
    byId("command").textContent = fit.command;
    byId("code").textContent = fit.code;
  }, 60);
  announce([
    `bandwidth ${fit.bandwidth.map((h) => short(h)).join(", ")}`,
    value !== null && `${name} ${short(value)}`,
    fit.effectiveDegreesOfFreedom !== null && `effective degrees of freedom ${short(fit.effectiveDegreesOfFreedom)}`,
  ].filter(Boolean).join(", "));
}

// MARK: - What is asked beside frames

const attention = new Latest(async (order, signal) => {
  const asked = view;
  const answer = await working.during("Computing the weights…", [query.picture.holder],
    ask(asked.table, "attention", asked.request(looks(pictures.fit)), signal));
  if (asked !== view || view.query === null) return;
  query.take(named(answer), query.picture.read(answer.figure), view);
  announce(byId("query-words").textContent);
  calm("query");
  linkDownloads(view, looks(pictures.fit));
}, refused);

const paths = new Latest(async ({ request, question, asked }, signal) => {
  const name = criterionNames[asked.get("criterion")];
  const path = await working.during(`Tracing the ${name} along the bandwidth…`, [bandwidth.picture.holder],
    ask(asked.table, "path", request, signal));
  if (asked !== view || question !== pathQuestion) return;
  bandwidth.take(path, view, bandwidth.picture.read(path.figure));
  if (!follows) return;
  follows = false;
  const chosen = path.minima.find(({ isChosen }) => isChosen)?.bandwidth ?? path.chosen;
  if (!(chosen > 0)) return;
  const words = `Moved from the rule of thumb to the minimum of the ${name}, h = ${short(chosen)}.`;
  view.setBandwidth(view.overIndex, chosen);
  bandwidth.reflect(view);
  bandwidth.note(words);
  announce(words, 0);
  refresh();
}, (error) => failed(error, "h"), 0);

function askPath(size) {
  const request = view.request({ points: 80, ...size, query: null });
  // The path runs over this bandwidth, whatever it is.
  const others = new URLSearchParams(request);
  others.set("h", view.bandwidths.filter((h, index) => index !== view.overIndex).join(","));
  for (const name of ["band", "residuals", "learned", "at"]) others.delete(name);
  const question = `${view.table}?${others}`;
  if (question === pathQuestion) return;
  pathQuestion = question;
  bandwidth.forget();
  paths.ask({ request, question, asked: view }, { supersedes: true });
}

const learning = new Latest(async ({ request, question, asked }, signal) => {
  byId("learned-words").textContent = "";
  const answer = await working.during("Learning the similarity…", [learned.holder], ask(asked.table, "learned", request, signal));
  if (asked !== view || question !== learnedQuestion) return;
  learned.read(answer.figure)();
  byId("learned-words").textContent = answer.sentence;
  byId("learned-scales").textContent = answer.importance?.length
    ? `Learned scale: ${answer.importance.map(({ input, scale }) => `${input} ${short(scale)}`).join(", ")}. ` : "";
  calm("learned");
}, (error) => failed(error, "learned"), 0);

function askLearned(size) {
  const isShown = view.get("learned") === "1";
  byId("learned-part").hidden = !isShown;
  if (!isShown) {
    learnedQuestion = "";
    return learning.drop();
  }
  const request = view.request({ ...size, query: null });
  const question = `${view.table}?${request}`;
  if (question === learnedQuestion) return;
  learnedQuestion = question;
  learning.ask({ request, question, asked: view }, { supersedes: true });
}

// MARK: - Trouble

/// - place: where it is said if the server names no parameter.
function failed(error, place = "view") {
  const isVacant = !pictures.fit.figure;
  document.body.classList.toggle("vacant", isVacant);
  document.body.classList.toggle("tableless", !table);
  if (error instanceof Silence) {
    byId("banner").hidden = false;
    return;
  }
  if (!(error instanceof Refusal)) {
    complain("view", `The page failed: ${error.message}`);
    return console.error(error);
  }
  if (error.status === 404) return void lost(error);
  const places = { h: "h", query: "query", learned: "learned" };
  const hint = [where(error.place, error.message), error.hint].filter(Boolean).join(" ");
  const actions = [];
  const columns = [...view.inputs, view.get("y"), view.get("weights")];
  if (error.status === 422 && view.get("missing") !== "drop" && controls.hasMissing(columns.length > 2 ? columns : names())) {
    const button = element("button", { type: "button" }, "Leave those rows out");
    button.addEventListener("click", () => pick({ missing: "drop" }, true));
    actions.push(button);
  }
  if (isVacant) actions.push(freshly("Show the table from the beginning", view.table));
  complain(isVacant ? "view" : places[error.parameter] ?? place, error.message, hint, actions);
  controls.blame(error.parameter ?? null);
}

const names = () => table?.columns.map(({ name }) => name) ?? [];

/// A table that the server no longer holds: dropped tables last as long as the server, and eight at most.
function lost(error) {
  complain("table", error.message,
    "The server keeps the latest eight dropped tables until it stops. Drop the file again to see it.",
    view.table === "start" ? [] : [freshly("Show the table given at the start", "start")]);
}

function freshly(words, id) {
  const button = element("button", { type: "button" }, words);
  button.addEventListener("click", () => look(id));
  return button;
}

// MARK: - Coming and going

/// Looks at a table with everything left to the server.
function look(id) {
  view = new View();
  view.table = id;
  follows = true;
  open({ pushes: true });
}

/// Takes what is known of one table off the page, so that nothing of it stands beside another.
function vacate() {
  for (const picture of [...Object.values(pictures), bandwidth.picture, learned]) picture.clear();
  byId("readings").replaceChildren();
  byId("summary").textContent = byId("command").textContent = byId("code").textContent = "";
  byId("warnings").hidden = true;
}

let shownTable = null;

/// Shows the table of the view, from nothing.
async function open({ pushes = false } = {}) {
  if (pushes) history.pushState(null, "", view.address);
  if (view.table !== shownTable) vacate();
  shownTable = view.table;
  if (view.query !== null) query.pin();
  calm("table", "view", "h", "query", "learned");
  pathQuestion = learnedQuestion = "";
  bandwidth.forget();
  bandwidth.note("");
  const asked = view;
  try {
    table = await ask(view.table, "", null);
    if (asked !== view) return;
    byId("banner").hidden = true;
    document.body.classList.remove("tableless");
    view.know(names());
    controls.show(table);
    controls.reflect(view);
    bandwidth.reflect(view);
    query.reflect(view);
    askFrame(true);
    await tableList.list(view.table);
  } catch (error) {
    failed(error);
    if (error instanceof Refusal) tableList.list(view.table).catch(failed);
  }
}

addEventListener("popstate", () => {
  clearTimeout(remembering);
  view = View.from(location.search);
  follows = !("h" in view.parameters);
  open();
});

byId("retry").addEventListener("click", () => (table ? refresh({ supersedes: true }) : open()));
dark.addEventListener("change", () => refresh());

let width = 0, resizing = 0;
new ResizeObserver(() => {
  const now = boxWidth(pictures.fit);
  if (width && Math.abs(now - width) > 4) {
    clearTimeout(resizing);
    resizing = setTimeout(() => refresh(), 150);
  }
  width = now;
}).observe(pictures.fit.box);

listenForCopies();
open();
