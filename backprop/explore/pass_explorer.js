// The pass there and back, in the browser: steps, plays, opens neurons and edges, asks and answers without the kernel.
// Python sends every step as words, classes for the parts of one drawing, and a small picture of its equation. A changed
// setting goes to Python, which sends them all anew: first the drawing with the step that is shown, so that it is seen
// at once, then all steps. Text from outside is only ever set as text.

const SECONDS_A_STEP = 1.3;

// JupyterLab leaves the keys of an element alone that says so itself; that its parent does is not enough.
const OWN_KEYS = "data-lm-suppress-shortcuts";

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null) node.setAttribute(name, value);
  }
  if (node.matches("button, input, select, summary, [tabindex]")) node.setAttribute(OWN_KEYS, "true");
  node.append(...children);
  return node;
}

function drawing(svg) {
  const parsed = new DOMParser().parseFromString(svg, "image/svg+xml");
  return document.adoptNode(parsed.documentElement);
}

function render({ model, el }) {
  let current, picture, frames, sheets, k = 0, asking = false, opened = null, timer = null, since = [];

  const set = (values) => { since = []; model.set({ ...values, _step: k }); model.save_changes(); };

  // What needs all steps waits for them; after a changed setting they come a moment later than the one that is shown.
  // The answer begins where the setting was changed. What was done since is done again on it: a kernel that is busy
  // may take seconds to answer, and no key of these seconds is lost.
  const soon = (act) => (...given) => {
    since.push(() => act(...given));
    if (frames) act(...given);
  };

  // ---- what stands on the page ----

  const button = (label, says, act) => make("button", { type: "button", "aria-label": says, title: says, onclick: act }, label);
  const first = button("|◀", "To the start (Home)", () => go(0));
  const previous = button("←", "Previous step (left arrow)", () => step(-1));
  const play = button("▶ Play", "Play or pause (space)", () => toggle());
  const next = button("→", "Next step (right arrow)", () => step(1));
  const track = make("input", { type: "range", min: 0, value: 0, "aria-label": "Step", oninput: () => go(Number(track.value)) });
  const count = make("output", { class: "count" });
  const predict = make("input", { type: "checkbox", onchange: () => { pause(); set({ predict: predict.checked }); draw(); } });
  const reset = button("Reset", "Everything as it was at first", restart);
  const bar = make("div", { class: "bar" }, first, previous, play, next, track, count,
    make("label", { title: "Ask for a number of each step before it is shown" }, predict, " Predict"), reset);

  const stage = make("div", { class: "stage", tabindex: -1 });
  const equation = make("div", { class: "equation" });
  const detail = make("div", { class: "detail", role: "status", "aria-live": "polite", hidden: true });
  const says = make("p", { class: "says", role: "status", "aria-live": "polite" });

  const question = make("span");
  const answer = make("input", { type: "text", inputmode: "decimal", autocomplete: "off", size: 8, "aria-label": "Your prediction" });
  const verdict = make("output", { class: "verdict", "aria-live": "polite" });
  const guess = make("div", { class: "guess" }, make("label", {}, question, " ", answer),
    button("Check", "Check the prediction (Enter)", () => judge()),
    button("Show", "Show the number without an answer", () => reveal("")), verdict);
  const settings = make("details", { class: "settings", open: model.get("settings_open") });
  const hint = make("p", { class: "hint" }, make("strong", { class: "here" }, "The keys work here now: "),
    make("strong", { class: "away" }, "Click the picture for the keys: "),
    "← → step, space plays, Home to the start; ↑ ↓ choose a neuron or edge, Enter opens it.");
  const root = make("div", { class: "backprop-explorer", [OWN_KEYS]: "true", onkeydown: press },
    bar, stage, make("div", { class: "panel" }, equation, detail), says, make("div", { class: "below" }, hint, guess), settings);

  // ---- steps ----

  const here = () => (frames ? frames.steps[k] : current.frame);
  const last = () => current.last;
  const item = (name) => picture.querySelector(`[data-item="${name}"]`);

  const to = (there) => {
    const before = k;
    k = Math.max(0, Math.min(last(), there));
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
    guess.style.visibility = predict.checked ? "visible" : "hidden";
    hint.style.visibility = predict.checked ? "hidden" : "visible";
    answer.disabled = !asking;
    for (const one of guess.querySelectorAll("button")) one.disabled = !asking;
    question.textContent = asking ? now.ask.question : frames?.steps.some((one) => one.ask) ? "Step on, and predict." : "";
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

  function toggle() {
    if (timer) return pause();
    if (predict.checked) return;
    says.setAttribute("aria-live", "off"); // a voice can't keep up with playing
    play.textContent = "❚❚ Pause";
    if (k === last()) go(0);
    const beat = () => {
      onward();
      if (k < last()) timer = setTimeout(beat, 1000 * SECONDS_A_STEP);
      else pause();
    };
    timer = setTimeout(beat, 200);
  }

  function pause() {
    clearTimeout(timer);
    timer = null;
    play.textContent = "▶ Play";
    says.setAttribute("aria-live", "polite");
  }

  // ---- predictions ----

  function judge() {
    if (!asking) return;
    const given = Number(answer.value.replace("−", "-").replace(",", "."));
    if (answer.value.trim() === "" || !Number.isFinite(given)) {
      verdict.textContent = "Type a number, such as -0.25.";
      return;
    }
    const off = ([value]) => Math.abs(value - given);
    const nearest = here().ask.cases.reduce((best, one) => (off(one) < off(best) ? one : best));
    const known = off(nearest) <= nearest[1];
    if (known && nearest === here().ask.cases[0]) reveal(nearest[2]);
    else { verdict.textContent = known ? nearest[2] : model.get("choices").unknown; answer.select(); }
  }

  function reveal(words) {
    asking = false;
    draw();
    verdict.textContent = words;
    stage.focus({ preventScroll: true });
  }

  // ---- one neuron or edge ----

  const lines = () => frames.items[opened].rows.filter(([since]) => since <= (asking ? k - 1 : k));

  const open = soon((name) => {
    pause();
    if (opened) close();
    opened = name;
    item(name).classList.add("open");
    for (const path of frames.items[name].paths) item(path).classList.add("path");
    rove(item(name));
    detail.hidden = false;
    equation.style.visibility = "hidden";
    draw();
  });

  function close() {
    for (const lit of picture.querySelectorAll(".open, .path")) lit.classList.remove("open", "path");
    opened = null;
    detail.hidden = true;
    equation.style.visibility = "visible";
  }

  function fill() {
    const rows = lines().map(([, text, size]) => {
      const line = make("div", { class: "row" }, make("span", {}, text));
      if (size !== null) {
        const amount = make("span", { class: `amount ${size < 0 ? "minus" : "plus"}` });
        amount.style.setProperty("--size", Math.abs(size));
        line.append(amount);
      }
      return line;
    });
    const all = frames.items[opened].rows.length;
    if (rows.length < all) rows.push(make("div", { class: "later" }, "The rest comes with later steps."));
    detail.replaceChildren(make("div", { class: "head" }, make("strong", {}, frames.items[opened].title),
      button("×", "Back to the equation (Escape)", () => { close(); draw(); })), ...rows);
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

  function press(event) {
    if (handOn(event)) return;
    const typing = event.target.matches("input, select, textarea");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (opened) { close(); draw(); }
      else if (event.target === stage) releaseKeys(stage);
      else stage.focus({ preventScroll: true });
    } else if (event.key === "Enter" && event.target === answer) judge();
    else if (event.key === "Enter" && [inputs, targets].includes(event.target)) event.target.dispatchEvent(new Event("change"));
    else if (typing) return;
    else if (event.key === "ArrowRight") step(1);
    else if (event.key === "ArrowLeft") step(-1);
    else if (event.key === "Home") { pause(); go(0); }
    else if (event.key === "End") end();
    else if (event.key === "ArrowDown" && !settings.contains(event.target)) move(1);
    else if (event.key === "ArrowUp" && !settings.contains(event.target)) move(-1);
    else if (event.key === " " && !event.target.matches("button, summary")) toggle();
    else if (event.key === "Enter" && event.target.dataset.item) open(event.target.dataset.item);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

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

  const { hidden, heads } = model.get("choices");
  const redrawn = { inputs: "", targets: "" };
  const field = (label, ...controls) => make("label", {}, label, " ", ...controls);
  const select = (names, act) => make("select", { onchange: act }, ...names.map((name, i) => make("option", { value: i }, name)));
  const whole = (low, high, name, more = {}) => {
    const input = make("input", { type: "number", min: low, max: high, step: 1, oninput: () => {
      if (input.value !== "" && input.checkValidity()) set({ [name]: Number(input.value), ...more });
    } });
    return input;
  };
  const inner = (...range) => model.get("sizes").slice(...range);
  const resize = (sizes) => set({ sizes, ...redrawn });
  const boxes = make("span", { class: "widths", role: "group", "aria-label": "Widths, from the inputs to the outputs" });
  const less = button("−", "One layer less", () => resize([...inner(0, -2), ...inner(-1)]));
  const more = button("+", "One layer more", () => resize([...inner(0, -1), 3, ...inner(-1)]));
  const kind = select(hidden, () => set({ hidden: hidden[kind.value] }));
  const head = select(heads.map(([, , label]) => label), () => {
    const [loss, output] = heads[head.value];
    set({ loss, output, targets: "" });
  });
  const seed = whole(0, 999, "seed", redrawn);
  seed.addEventListener("input", () => { if (ahead[seed.value]?.step === k) begin(ahead[seed.value]); look_ahead(); });
  seed.addEventListener("focus", look_ahead);
  const samples = whole(1, 3, "samples", redrawn);
  const eta = make("input", { type: "number", min: 0.01, max: 10, step: "any", oninput: () => {
    if (eta.value !== "" && eta.checkValidity()) set({ eta: Number(eta.value) });
  } });
  const inputs = make("input", { type: "text", onchange: () => set({ inputs: inputs.value }) });
  const targets = make("input", { type: "text", onchange: () => set({ targets: targets.value }) });
  const complaint = make("p", { class: "complaint", role: "alert" });
  settings.append(make("summary", {}, "The network and its data"),
    make("div", { class: "fields" }, make("span", { class: "group" }, "widths ", boxes, less, more), field("seed", seed),
      field("η", eta), field("samples", samples)),
    make("div", { class: "fields" }, field("inside", kind), field("loss", head)),
    make("div", { class: "fields wide" }, field("input", inputs), field("target", targets)),
    complaint);

  function show_settings() {
    const sizes = model.get("sizes");
    if (boxes.children.length !== sizes.length) {
      boxes.replaceChildren(...sizes.map((_, l) => {
        const box = make("input", { type: "number", min: 1, max: 4, step: 1, oninput: () => {
          if (box.value === "" || !box.checkValidity()) return;
          resize(model.get("sizes").map((n, m) => (m === l ? Number(box.value) : n)));
        }, "aria-label": l === 0 ? "Inputs" : l === sizes.length - 1 ? "Outputs" : `Neurons in layer ${l}` });
        return box;
      }));
    }
    const write = (box, value) => { if (String(box.value) !== String(value)) box.value = value; };
    sizes.forEach((n, l) => write(boxes.children[l], n));
    less.disabled = sizes.length <= 3;
    more.disabled = sizes.length >= 5;
    predict.checked = model.get("predict");
    kind.value = hidden.indexOf(model.get("hidden"));
    head.value = heads.findIndex(([loss, output]) => loss === model.get("loss") && output === model.get("output"));
    write(seed, model.get("seed"));
    write(samples, model.get("samples"));
    write(eta, model.get("eta"));
    write(inputs, model.get("inputs") || current.inputs);
    write(targets, model.get("targets") || current.targets);
    complaint.textContent = model.get("complaint");
  }

  // What an arrow key in the field of the seed would show next is asked for in a pause, and can then be shown at once.
  let ahead = {}, pausing = null;

  function look_ahead() {
    ahead = {};
    clearTimeout(pausing);
    pausing = setTimeout(() => {
      const now = model.get("seed"), next = [now - 1, now + 1].filter((n) => n >= seed.min && n <= seed.max);
      model.send({ run: model.get("opening").run, step: k, ahead: next.map((n) => ({ seed: n, ...redrawn })) });
    }, 80);
  }

  function seen(message) {
    if (message.run !== model.get("opening").run) return;
    // What is shown ahead has been taken back, and Python never heard of it: its last pass stands, where we are in it.
    if (message.run !== current.run) { begin({ ...model.get("opening"), step: model.get("_step") }); complete(); }
    for (const one of message.ahead) ahead[one.seed] = one;
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
    if (opened) { opened = null; detail.hidden = true; equation.style.visibility = "visible"; }
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

  const heard = { "change:opening": arrive, "change:frames": complete, change: show_settings, "msg:custom": seen };
  for (const [event, act] of Object.entries(heard)) model.on(event, act);
  arrive();
  el.append(root);
  takeKeys(el, stage);
  return () => { clearTimeout(timer); clearTimeout(pausing); for (const [event, act] of Object.entries(heard)) model.off(event, act); };
}

export default { render };
