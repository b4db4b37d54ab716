/** The page: gets its data, draws them, and draws them anew when something happens. */
import { embeddedData, Refused, Service } from "./data.js";
import { draw, fillSelect, listOf, make, shown } from "./elements.js";
import {
  axesOf,
  bestFigure,
  denoisingFigure,
  drawnTrials,
  importanceFigure,
  parallelFigure,
  placesIn,
  reportFigure,
  scaleOf,
  sliceFigure,
  themeOf,
  timelineFigure,
} from "./figures.js";
import { isMeasured, valueAt } from "./statistics.js";
import { detailsOf, TrialTable } from "./table.js";

const at = (id) => document.getElementById(id);
const service = new Service();

/** Milliseconds between two drawings, and between two looks at what is costly to compute. */
const pace = 1000, slowPace = 10_000;

/** What is shown. `chosen`: numbers of the trials that the brush leaves; undefined without one. `now`: of a file. */
const state = { study: undefined, trials: [], recommendation: undefined, chosen: undefined };

const theme = () => themeOf(getComputedStyle(document.documentElement));
const table = new TrialTable({
  table: at("trials"),
  search: at("search"),
  previous: at("previous"),
  next: at("next"),
  count: at("count"),
}, openDetails);

function drawHeader() {
  const { study, trials } = state;
  document.title = study.name;
  at("name").textContent = study.name;
  const counts = Object.entries(Object.groupBy(trials, ({ state }) => state));
  at("counts").replaceChildren(
    make("span", { textContent: `${study.goal}, by ${study.method}` }),
    ...counts.map(([name, some]) =>
      make("span", { className: name, textContent: `${some.length} ${name}` })
    ),
  );
}

function drawRecommendation() {
  const { recommendation } = state;
  at("deploy").hidden = recommendation === undefined;
  if (recommendation === undefined) return;
  const { configuration, estimate, trials, confidence } = recommendation;
  const measured = `Measured by trial${trials.length === 1 ? "" : "s"} ${trials.join(", ")}.`;
  at("estimate").textContent = `Estimated value ${shown(estimate)}${
    sureness(confidence)
  } ${measured}`;
  at("configuration").replaceChildren(listOf(configuration));
}

/** How sure an estimate is, in words. */
function sureness(confidence) {
  if (confidence === undefined) return ".";
  const { standardDeviation, probabilityOfBest, valueOfMeasuring, noise } = confidence;
  if (noise === 0) return ": the measurements show no noise, so the best of them is the best.";
  const percent = Math.round(100 * probabilityOfBest);
  return ` ± ${shown(standardDeviation)} (one standard deviation; a measurement has ` +
    `${shown(noise)}). It is the best of all that were tried with a probability of ${percent} %; ` +
    `measuring it again is expected to improve the choice by ${shown(valueOfMeasuring)}.`;
}

async function drawFigures() {
  const looks = theme(), { study, trials } = state;
  const measured = trials.filter(isMeasured).length;
  document.body.classList.toggle("empty", measured === 0);
  if (trials.length > 0) {
    await draw(at("timeline"), timelineFigure(state, looks, state.now ?? Date.now()), looks);
  }
  if (measured === 0) return;
  await draw(at("best"), bestFigure(state, looks), looks);
  await draw(at("importances"), importanceFigure(state, looks), looks);
  if (state.chosen === undefined) await drawParallel(looks); // a new drawing would lose the brush
  const names = axesOf(study).slice(0, -1);
  const places = at("slices");
  if (places.childElementCount !== names.length) {
    places.replaceChildren(...names.map(() => make("div", { className: "figure" })));
  }
  for (const [i, name] of names.entries()) {
    await draw(places.children[i], sliceFigure(state, looks, name), looks);
  }
}

async function drawParallel(looks) {
  const drawn = drawnTrials(state);
  const measured = state.trials.filter(isMeasured).length;
  at("drawn").textContent = drawn.length < measured
    ? `The best and the last ${drawn.length} of ${measured} trials.`
    : "";
  const view = await draw(at("parallel"), parallelFigure(state, looks), looks);
  const leave = (ranges) => choose(view, drawn, ranges);
  view.addSignalListener("brush", (_name, { axis: axes = [], position }) => {
    const ranges = axes.map((axis) => [axis, position]);
    showRange(...ranges.length === 1 ? ranges[0] : []);
    leave(ranges);
  });
  fillSelect(at("axis"), axesOf(state.study));
  at("axis").onchange = () => {
    showRange(at("axis").value);
    leave([]);
  };
  at("low").oninput = at("high").oninput = () => {
    const ends = [at("low"), at("high")].map(({ value }) => value / 100).sort((a, b) => a - b);
    const axis = at("axis").value, isWhole = ends[0] === 0 && ends[1] === 1;
    describeRange(axis, ends);
    leave(isWhole ? [] : [[axis, ends]]);
  };
  at("all").onclick = async () => {
    state.chosen = undefined;
    showRange(at("axis").value);
    table.show(state.study, state.trials);
    at("all").hidden = true;
    await drawParallel(theme());
  };
}

/** Sets the controls to a range of an axis, by default to all of it. */
function showRange(axis = at("axis").value, ends = [0, 1]) {
  at("axis").value = axis;
  const [low, high] = ends.map((end) => Math.min(Math.max(end, 0), 1));
  at("low").value = Math.round(100 * low);
  at("high").value = Math.round(100 * high);
  describeRange(axis, [low, high]);
}

/** Says in words, also to who cannot see the figure, what the controls are set to. */
function describeRange(axis, ends) {
  const scale = scaleOf(state, axis);
  const [low, high] = ends.map((end) => shown(valueAt(scale, end)));
  at("low").ariaValueText = low;
  at("high").ariaValueText = high;
  at("range").textContent = ends[0] === 0 && ends[1] === 1 ? "" : `${low} to ${high}`;
}

/** Leaves the trials that are within these ranges of these axes; `drawn` are those that the figure shows. */
function choose(view, drawn, ranges) {
  const placesOf = placesIn(state);
  const isWithin = (trial) => {
    const places = new Map(placesOf(trial).map(({ axis, position }) => [axis, position]));
    return ranges.every(([axis, [low, high]]) =>
      places.get(axis) >= low && places.get(axis) <= high
    );
  };
  const left = state.trials.filter((trial) => isMeasured(trial) && isWithin(trial));
  state.chosen = ranges.length === 0 ? undefined : new Set(left.map(({ number }) => number));
  const numbers = drawn.map(({ number }) => number).filter((number) => state.chosen?.has(number));
  view.signal("chosen", state.chosen === undefined ? null : numbers).runAsync();
  at("all").hidden = state.chosen === undefined;
  table.show(state.study, state.chosen === undefined ? state.trials : left);
}

async function openDetails(trial) {
  at("details-title").textContent = `Trial ${trial.number}`;
  at("details-body").replaceChildren(...detailsOf(trial));
  at("details").showModal();
  at("details-figure").hidden = trial.intermediateValues.length === 0;
  if (trial.intermediateValues.length === 0) return;
  const looks = theme();
  await draw(at("details-figure"), reportFigure(trial, looks), looks);
}

/** What the model makes of the trials: samples at several timesteps. */
async function drawDenoising(denoising) {
  at("denoising").hidden = denoising === undefined || denoising.columns.length < 2;
  if (at("denoising").hidden) return;
  const { columns, frames } = denoising;
  const [first, second] = [at("first"), at("second")];
  const places = frames.map(() => make("div", { className: "figure" }));
  at("frames").replaceChildren(...places);
  const numbers = columns.filter((name) =>
    ["real", "integer"].includes(state.study.space[name].type)
  );
  const wished = numbers.length < 2 ? columns : numbers;
  if (fillSelect(first, columns)) first.value = wished[0];
  if (fillSelect(second, columns)) second.value = wished[1];
  const drawAll = async () => {
    const looks = theme();
    for (const [index, place] of places.entries()) {
      const pair = [first.value, second.value];
      await draw(place, denoisingFigure(denoising, looks, pair, index), looks);
    }
  };
  first.onchange = second.onchange = drawAll;
  await drawAll();
}

async function drawAll() {
  drawHeader();
  if (state.chosen === undefined) table.show(state.study, state.trials);
  await drawFigures();
  document.documentElement.dataset.drawn = String(state.trials.length);
}

/** Runs a function soon, once for all calls until then; at most a quarter of the time is spent in it. */
function paced(milliseconds, run) {
  let wait = milliseconds, isWaiting = false, isRunning = false;
  const wake = async () => {
    if (isWaiting) return;
    isWaiting = true;
    await new Promise((resolve) => setTimeout(resolve, wait));
    isWaiting = false;
    if (isRunning) return wake();
    isRunning = true;
    const begun = performance.now();
    await run().catch(showError);
    wait = Math.max(milliseconds, 3 * (performance.now() - begun));
    isRunning = false;
  };
  return wake;
}

async function loadDerived(path) {
  state.recommendation = await service.get(`${path}/recommendation`);
  drawRecommendation();
  if (!state.study.method.startsWith("diffusion")) return; // another method chooses otherwise
  await drawDenoising(await service.get(`${path}/denoising`));
}

async function follow(name) {
  const path = `studies/${encodeURIComponent(name)}`;
  const drawSoon = paced(pace, drawAll);
  const deriveSoon = paced(slowPace, () => loadDerived(path));
  const onEvent = (type, data) => {
    if (type === "ready") return;
    if (type === "trial") state.trials[data.number] = data;
    else {
      const { intermediateValues } = state.trials[data.number];
      intermediateValues.push({ step: data.step, value: data.value });
    }
    drawSoon();
    if (data.state === "complete") deriveSoon();
  };
  const events = service.follow(path, new AbortController().signal, onEvent, (isLive) => {
    at("live").textContent = isLive ? "live" : "waiting for the service";
    at("live").className = isLive ? "running" : "fail";
  });
  state.study = await service.get(path);
  const early = state.trials; // of events that came in the meantime
  state.trials = await service.trials(path);
  early.forEach((trial) => state.trials[trial.number] = trial);
  await drawAll();
  await loadDerived(path);
  await events;
}

async function start() {
  const embedded = embeddedData();
  if (embedded !== undefined) {
    at("live").hidden = true;
    Object.assign(state, embedded);
    await drawAll();
    drawRecommendation();
    return await drawDenoising(embedded.denoising);
  }
  const { studies } = await service.get("studies");
  const names = studies.map(({ name }) => name);
  const hash = decodeURIComponent(location.hash.slice(1));
  at("studies").replaceChildren(...names.map((name) => make("option", { textContent: name })));
  at("studies").parentElement.hidden = names.length < 2;
  at("studies").onchange = () => {
    location.hash = encodeURIComponent(at("studies").value);
    location.reload();
  };
  const name = names.includes(hash) ? hash : names.at(-1);
  if (name === undefined) return showError(new Error("The service has no study yet."));
  at("studies").value = name;
  await follow(name);
}

function showError(error) {
  const isLocked = error instanceof Refused && error.status === 401;
  at("login").hidden = !isLocked;
  at("error").textContent = isLocked ? "" : error.message;
  document.documentElement.dataset.error = error.message;
}

at("login").addEventListener("submit", (event) => {
  event.preventDefault();
  service.token = at("token").value;
  location.reload();
});
document.addEventListener("securitypolicyviolation", ({ violatedDirective }) => {
  document.documentElement.dataset.violation = violatedDirective;
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  if (state.study !== undefined) drawAll();
});
start().catch(showError);
