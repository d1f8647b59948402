// The pass there and back, in the browser: steps, plays, opens neurons and edges, asks and answers without the kernel.
// Python sends every step as words, classes for the parts of one drawing, and a small picture of its equation. A
// changed setting goes to Python, which sends them all anew: first the drawing with the step that is shown, so that it
// is seen at once, then all steps. Text from outside is only ever set as text.

const SECONDS_A_WORD = 0.25, LEAST_SECONDS = 1.6; // a step stays as long as one needs to read its words
const SPEEDS = { "½ ×": 0.5, "1 ×": 1, "2 ×": 2, "4 ×": 4 };
const REDRAWN = { inputs: "", targets: "" };

// A sign needs a name; a word is one, and what more there is to say is its title.
const labeled = (label, says, act, more) => {
  const name = /[A-Za-z]/.test(label) ? {} : { "aria-label": says };
  return button(label, act, { ...name, title: says, ...more });
};

// A number that is typed, once it is one that may be.
const numeric = (range, act) => make("input", { type: "number", step: 1, ...range, oninput: ({ target }) => {
  if (target.value !== "" && target.checkValidity()) act(Number(target.value));
} });

function write(box, value) {
  if (String(box.value) !== String(value)) box.value = value;
}

// The widths of all layers, and a layer less or more.
function widthsOf(model, set) {
  const resize = (sizes) => set({ sizes, ...REDRAWN }), inner = (...range) => model.get("sizes").slice(...range);
  const says = "Widths, from the inputs to the outputs";
  const boxes = make("span", { class: "widths", role: "group", "aria-label": says });
  const less = labeled("−", "One layer less", () => resize([...inner(0, -2), ...inner(-1)]));
  const more = labeled("+", "One layer more", () => resize([...inner(0, -1), 3, ...inner(-1)]));
  const box = (_, l, { length }) => {
    const says = l === 0 ? "Inputs" : l === length - 1 ? "Outputs" : `Neurons in layer ${l}`;
    return numeric({ min: 1, max: 4, "aria-label": says }, (width) => resize(inner().with(l, width)));
  };
  const show = () => {
    const sizes = model.get("sizes");
    if (boxes.children.length !== sizes.length) boxes.replaceChildren(...sizes.map(box));
    sizes.forEach((n, l) => write(boxes.children[l], n));
    less.disabled = sizes.length <= 3;
    more.disabled = sizes.length >= 5;
  };
  return { widths: make("span", { class: "group" }, "widths ", boxes, less, more), show };
}

// The fields of all settings. `set` takes what is set in them, `reseed` a seed; `show` writes what holds.
function fieldsOf(model, set, reseed) {
  const { hidden, heads } = model.get("choices"), { widths, show: showWidths } = widthsOf(model, set);
  const typed = (name) => make("input", { type: "text", onchange: ({ target }) => set({ [name]: target.value }) });
  const boxes = {
    seed: numeric({ min: 0, max: 999 }, reseed),
    eta: numeric({ min: 0.01, max: 10, step: "any" }, (eta) => set({ eta })),
    samples: numeric({ min: 1, max: 3 }, (samples) => set({ samples, ...REDRAWN })),
    hidden: select(hidden, (name) => set({ hidden: name })),
    inputs: typed("inputs"),
    targets: typed("targets"),
  };
  const head = select(heads.map(([, , label]) => label), () => {
    const [loss, output] = heads[head.selectedIndex];
    set({ loss, output, targets: "" });
  });
  const complaint = make("p", { class: "complaint", role: "alert" });
  const field = (label, box) => make("label", {}, label, " ", box);
  const settings = make("details", { class: "settings", open: model.get("settings_open") },
    make("summary", {}, "The network and its data"), withoutPython(model, "These can be changed"), python(model,
      make("div", { class: "fields" }, widths, field("seed", boxes.seed), field("η", boxes.eta),
        field("samples", boxes.samples)),
      make("div", { class: "fields" }, field("inside", boxes.hidden), field("loss", head)),
      make("div", { class: "fields wide" }, field("input", boxes.inputs), field("target", boxes.targets))), complaint);
  const show = (drawn) => {
    showWidths();
    for (const [name, box] of Object.entries(boxes)) write(box, model.get(name) === "" ? drawn[name] : model.get(name));
    const loss = model.get("loss"), output = model.get("output");
    head.selectedIndex = heads.findIndex((one) => one[0] === loss && one[1] === output);
    complaint.textContent = model.get("complaint");
  };
  return { settings, seed: boxes.seed, show };
}

// What is typed as an answer: whether it is right, and what there is to say.
function judged(typed, cases, unknown) {
  const given = Number(typed.replace("−", "-").replace(",", "."));
  if (typed.trim() === "" || !Number.isFinite(given)) return [false, "Type a number, such as -0.25."];
  const off = ([value]) => Math.abs(value - given);
  const nearest = cases.reduce((best, one) => (off(one) < off(best) ? one : best));
  const known = off(nearest) <= nearest[1];
  return [known && nearest === cases[0], known ? nearest[2] : unknown];
}

// A line about a neuron or an edge, with a bar if it has a size.
function told([, text, size]) {
  const amount = { class: `amount ${size < 0 ? "minus" : "plus"}`, style: `--size: ${Math.abs(size)}` };
  return make("div", { class: "row" }, make("span", {}, text), ...(size === null ? [] : [make("span", amount)]));
}

function render({ model, el }) {
  let current, picture, frames, sheets, k = 0, asking = false, opened = null, waited = 0, since = [];

  const set = (values) => { since = []; change(model, { ...values, _step: k }); };

  const small = window.matchMedia("(max-width: 640px)");

  // What needs all steps waits for them; after a changed setting they come a moment later than the one that is shown.
  // The answer begins where the setting was changed. What was done since is done again on it: a kernel that is busy
  // may take seconds to answer, and no key of these seconds is lost.
  const soon = (act) => (...given) => {
    since.push(() => act(...given));
    if (frames) act(...given);
  };

  // ---- what stands on the page ----

  const first = labeled("|◀", "To the start (Home)", () => go(0));
  const previous = labeled("←", "Previous step (left arrow)", () => step(-1));
  const play = labeled("▶ Play", "Play or pause (space)", null, { class: "play" });
  const next = labeled("→", "Next step (right arrow)", () => step(1));
  const speed = select(Object.keys(SPEEDS));
  speed.value = "1 ×";
  speed.setAttribute("aria-label", "Speed of play");
  const track = make("input", { type: "range", "aria-label": "Step", oninput: () => go(Number(track.value)) });
  const count = make("output", { class: "count" });
  const predict = make("input", { type: "checkbox", onchange: () => foretell() });
  const reset = labeled("Reset", "Everything as it was at first", restart);
  const bar = make("div", { class: "bar" }, first, previous, play, speed, next, track, count,
    make("label", { title: "Ask for a number of each step before it is shown" }, predict, " Predict"), reset);

  const stage = make("div", { class: "stage", tabindex: -1 });
  const equation = make("div", { class: "equation" });
  const detail = make("div", { class: "detail", role: "status", "aria-live": "polite", hidden: true });
  const says = make("p", { class: "says", role: "status", "aria-live": "polite" });

  const question = make("span");
  const answer = make("input", { type: "text", inputmode: "decimal", autocomplete: "off", size: 8,
    "aria-label": "Your prediction" });
  const verdict = make("output", { class: "verdict", "aria-live": "polite" });
  const guess = make("div", { class: "guess" }, make("label", {}, question, " ", answer),
    labeled("Check", "Check the prediction (Enter)", () => judge()),
    labeled("Show", "Show the number without an answer", () => reveal("")), verdict);
  const hint = keysHint("Click the picture for the keys",
    "← → step, space plays, Home to the start; ↑ ↓ choose a neuron or edge, Enter opens it.");
  const root = make("div", { class: "backprop-explorer backprop-there-and-back" },
    bar, stage, make("div", { class: "panel" }, equation, detail), says, make("div", { class: "below" }, hint, guess));

  // ---- steps ----

  const here = () => (frames ? frames.steps[k] : current.frame);
  const last = () => current.last;
  const item = (name) => picture.querySelector(`[data-item="${name}"]`);

  const to = (there) => {
    const before = k;
    k = within(there, 0, last());
    // What is ahead is asked for, what lies behind is known.
    asking = predict.checked && k > before && Boolean(here().ask);
    verdict.textContent = "";
    if (opened) close();
    draw();
    if (asking) { answer.value = ""; answer.focus({ preventScroll: true }); }
  };
  const go = soon(to);
  const step = soon((by) => { pause(); to(k + by); });
  const end = soon(() => { pause(); to(last()); });
  const onward = soon(() => to(k + 1));

  function draw() {
    asking = asking && predict.checked;
    const now = here(), shown = asking ? now.ask : now;
    for (const part of picture.querySelectorAll("[data-part]")) {
      part.setAttribute("class", shown.state[part.dataset.part] ?? "");
    }
    picture.setAttribute("class", `backprop-pass ${now.direction}`);
    picture.setAttribute("aria-label", shown.words);
    const sheet = (sheets[k] ??= drawing(now.sheet));
    sheet.classList.toggle("asking", asking);
    sheet.setAttribute("aria-label", shown.words);
    if (equation.firstChild !== sheet) equation.replaceChildren(sheet);
    if (small.matches) equation.scrollLeft = (equation.scrollWidth - equation.clientWidth) / 2; // its middle is seen
    guess.style.visibility = predict.checked ? "visible" : "hidden";
    hint.style.visibility = predict.checked ? "hidden" : "visible";
    for (const one of guess.querySelectorAll("input, button")) one.disabled = !asking;
    const more = frames?.steps.some((one) => one.ask) ? "Step on, and predict." : "";
    question.textContent = asking ? now.ask.question : more;
    track.max = last();
    track.value = k;
    track.setAttribute("aria-valuetext", now.name);
    count.textContent = `${k} of ${last()}`;
    previous.disabled = first.disabled = k === 0;
    next.disabled = k === last();
    play.disabled = predict.checked;
    says.textContent = shown.words;
    if (opened) fill();
  }

  const stay = () => Math.max(LEAST_SECONDS, SECONDS_A_WORD * here().words.split(" ").length);
  const ready = () => {
    if (k === last() && !predict.checked) go(0);
    waited = stay() - 0.2; // the first step comes soon
    return !predict.checked;
  };
  const tick = (passed) => {
    waited += passed * SPEEDS[speed.value];
    if (waited >= stay()) {
      waited = 0;
      onward();
    }
    return k < last();
  };
  const { toggle, pause, end: stop } = player(play, says, { begin: ready, tick });

  // ---- predictions ----

  const foretell = () => { pause(); set({ predict: predict.checked }); draw(); };

  function judge() {
    if (!asking) return;
    const [right, words] = judged(answer.value, here().ask.cases, model.get("choices").unknown);
    if (right) return reveal(words);
    verdict.textContent = words;
    answer.select();
  }

  function reveal(words) {
    asking = false;
    draw();
    verdict.textContent = words;
    stage.focus({ preventScroll: true });
  }

  // ---- one neuron or edge ----

  const open = soon((name) => {
    pause();
    if (opened) close();
    opened = name;
    item(name).classList.add("open");
    for (const path of frames.items[name].paths) item(path).classList.add("path");
    rove(item(name));
    detail.hidden = false;
    draw();
  });

  function close() {
    for (const lit of picture.querySelectorAll(".open, .path")) lit.classList.remove("open", "path");
    opened = null;
    detail.hidden = true;
  }

  function fill() {
    const { title, rows } = frames.items[opened], until = asking ? k - 1 : k;
    const lines = rows.filter(([since]) => since <= until).map(told);
    if (lines.length < rows.length) lines.push(make("div", { class: "later" }, "The rest comes with later steps."));
    const back = labeled("×", "Back to the equation (Escape)", () => { close(); draw(); });
    detail.replaceChildren(make("div", { class: "head" }, make("strong", {}, title), back), ...lines);
  }

  // The drawing is one stop for Tab; up and down go through its neurons and edges.
  function rove(to) {
    for (const one of picture.querySelectorAll("[tabindex='0']")) one.setAttribute("tabindex", -1);
    to.setAttribute("tabindex", 0);
  }

  const move = soon((by) => {
    const all = Object.keys(frames.items), current = document.activeElement?.dataset?.item;
    const at = current ? all.indexOf(current) + by : by > 0 ? 0 : all.length - 1;
    const to = item(all[(at + all.length) % all.length]);
    rove(to);
    to.focus({ preventScroll: true });
  });

  // ---- keys and clicks ----

  const pressed = {
    ArrowRight: () => step(1),
    ArrowLeft: () => step(-1),
    Home: () => { pause(); go(0); },
    End: () => end(),
    ArrowDown: ({ target }) => settings.contains(target) ? "" : move(1),
    ArrowUp: ({ target }) => settings.contains(target) ? "" : move(-1),
    " ": ({ target }) => target.matches("button, summary") ? "" : toggle(),
    Enter: ({ target }) => target.dataset.item ? open(target.dataset.item) : "",
  };

  // Whether a key was one of ours.
  function press(event) {
    const { key, target } = event;
    if (key === "Escape") {
      if (opened) { close(); draw(); }
      else if (target === stage) releaseKeys(stage);
      else stage.focus({ preventScroll: true });
    } else if (key === "Enter" && target === answer) judge();
    else if (target.matches("input, select, textarea") || !pressed[key]) return false;
    else return pressed[key](event) !== "";
    return true;
  }

  ownKeys(root, press);
  stage.addEventListener("click", (event) => {
    const one = event.target.closest("[data-item]"), name = event.target.closest("[data-step]");
    if (one) { open(one.dataset.item); one.focus({ preventScroll: true }); }
    else if (name) { pause(); go(Number(name.dataset.step)); }
    else if (opened) { close(); draw(); }
  });

  function restart() {
    pause();
    asking = false;
    since = [];
    model.send("reset");
    go(0);
  }

  // ---- settings ----

  const seeded = (seed) => ({ seed, ...REDRAWN });
  const { settings, seed, ...fields } = fieldsOf(model, set, (n) => {
    set(seeded(n));
    const next = ahead.ready(seeded(n));
    if (next?.step === k) begin(next);
    look_ahead();
  });
  seed.addEventListener("focus", look_ahead);
  seed.addEventListener("blur", () => ahead.rest());
  root.append(settings);

  function show_settings() {
    predict.checked = model.get("predict");
    fields.show(current);
  }

  // What an arrow key in the field of the seed would show next.
  let asked = null;
  const ahead = lookAhead(model, () => {
    const stands = model.get("opening");
    if (asked !== stands.run) return false;
    // What is shown ahead has been taken back, and Python never heard of it: its last pass stands, where we are in it.
    if (current.run !== stands.run) { begin({ ...stands, step: model.get("_step") }); complete(); }
    return true;
  });

  function look_ahead() {
    ahead.ask(() => {
      const now = model.get("seed");
      return [now - 1, now + 1].filter((n) => n >= seed.min && n <= seed.max).map(seeded);
    }, () => ({ run: (asked = model.get("opening").run), step: k }));
  }

  // ---- data in ----

  function begin(opening) {
    const before = current;
    current = opening;
    frames = null;
    // Mostly Python draws what was shown ahead.
    if (before?.network === opening.network && before.frame.sheet === opening.frame.sheet && k === opening.step) return;
    sheets = [];
    k = opening.step;
    if (opened) close();
    picture = drawing(opening.network);
    for (const one of picture.querySelectorAll("[data-item]")) one.setAttribute(OWN_KEYS, "true");
    stage.replaceChildren(picture);
    rove(item("n0.0"));
    asking = asking && Boolean(here().ask);
    verdict.textContent = "";
    draw();
    show_settings();
  }

  function complete() {
    if (model.get("frames").run !== current.run) return; // they are still on their way
    frames = model.get("frames");
    draw();
    for (const act of since) act();
    if (seed.matches(":focus")) look_ahead(); // again, where the answer took longer than the pause
  }

  function arrive() { begin(model.get("opening")); complete(); }

  const deaf = listen(model, { "change:opening": arrive, "change:frames": complete, change: show_settings });
  arrive();
  el.append(root);
  takeKeys(el, stage);
  return () => { stop(); ahead.end(); deaf(); };
}

export default { render };
