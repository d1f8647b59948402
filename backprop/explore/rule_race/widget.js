// The race, played in the browser. Python sends the picture, the tracks and the words of a setting; this module moves
// along them, and asks Python again only when a setting changes.

const STEPS_PER_SECOND = 15;
const LEAP = 10; // steps at a time, twice a second, for who asked for less motion

const KNOBS = { beta: "β = β₁, memory of g", rho: "ρ = β₂, memory of g²", decay: "λ, decay in AdamW",
  noise: "noise on each gradient" };
const KINDS = [
  ["eta", "η, a factor of g", "η of SGD, Momentum and Nesterov, a factor of the gradient"],
  ["eta_adaptive", "η, a length", "η of Adagrad, RMSProp, Adam and AdamW, the length of a step"],
];
const PLAYS = "Space plays and pauses, comma and period step, Home and End go to the ends.";
const HELP = "Click or drag in the picture to move the start. By keyboard, with the picture in focus: arrow keys move "
  + `the start (finely with Shift), ${PLAYS}`;

function nearest(stops, value) {
  const away = stops.map((stop) => Math.abs(stop - value));
  return away.indexOf(Math.min(...away));
}

// One rule in the picture, shown at a step and a part of the way to the next; its marker is held inside of the frame.
function runner(group, track, [left, top, right, bottom]) {
  const [trail, dots, head] = [".trail", ".dots", ".head"].map((part) => group.querySelector(part));
  const pairs = track.map(([x, y]) => `${x},${y}`), round = track.map(([x, y]) => `M${x} ${y}h0`);
  return (step, part) => {
    const last = Math.min(step, track.length - 1);
    let [x, y] = track[last], ahead = "";
    if (part > 0 && last + 1 < track.length) {
      x += part * (track[last + 1][0] - x);
      y += part * (track[last + 1][1] - y);
      ahead = ` ${x},${y}`;
    }
    trail.setAttribute("points", pairs.slice(0, last + 1).join(" ") + ahead);
    dots.setAttribute("d", round.slice(0, last + 1).join(""));
    head.setAttribute("transform", `translate(${within(x, left, right)} ${within(y, top, bottom)})`);
  };
}

// What stands on the page. Everything that can be set says by its data-knob which setting it is.
function page(model) {
  const { surfaces, presets, rules, stops, steps, window: [[x0, x1], [y0, y1]] } = model.get("options");
  const help = model.get("alone") ? `By keyboard, with the picture in focus: ${PLAYS}` : HELP;
  const knob = (name, range) => make("input", { type: "range", "data-knob": name, ...range });
  const slider = (name, more) => knob(name, { min: 0, max: stops[name].length - 1, ...more });
  const field = (text, input) => make("label", {}, make("span", {}, text), input, make("output"));
  const row = ([rule, { swatch }]) => {
    const label = make("label", {}, make("input", { type: "checkbox", value: rule }), drawing(swatch), rule);
    return make("tr", { "data-rule": rule }, make("td", {}, label), make("td"), make("td"));
  };
  const kind = ([name, text, says]) => {
    const eta = make("th", { colspan: 3, scope: "rowgroup" }, field(text, slider(name, { "aria-label": says })));
    const own = Object.entries(rules).filter(([, { adaptive }]) => adaptive === (name === "eta_adaptive"));
    return [make("tr", { class: "kind" }, eta), ...own.map(row)];
  };
  const says = `The picture of the race. ${help}`;
  const parts = {
    preset: select(["", ...Object.keys(presets)]),
    surface: select(Object.keys(surfaces)),
    formula: make("input", { type: "text", maxlength: 120, autocomplete: "off", spellcheck: "false" }),
    about: make("span", { class: "about" }),
    reset: button("Reset", null),
    complaint: make("p", { class: "complaint", role: "alert" }),
    picture: make("div", { class: "picture", tabindex: 0, role: "application", "aria-label": says }),
    losses: make("div", { class: "losses" }),
    play: button("▶ Play", null, { class: "play" }),
    back: button("−1", null, { "aria-label": "One step back" }),
    forward: button("+1", null, { "aria-label": "One step on" }),
    scrub: make("input", { class: "scrub", type: "range", min: 0, max: steps, "aria-label": "Step of the race" }),
    step: make("output", { class: "step" }),
    words: make("p", { class: "words", "aria-live": "polite" }),
  };
  const head = make("tr", {}, ...["rule", "loss", "remark"].map((name) => make("th", { scope: "col" }, name)));
  const told = "The rules in the race, their loss and how they fare at the step that is shown";
  const own = { role: "group", "aria-label": "The race of the update rules" };
  parts.own = make("label", { class: "own" }, "of x and y: ", parts.formula);
  parts.root = make("div", { class: "backprop-explorer backprop-rule-race", ...own },
    make("div", { class: "bar head" }, python(model, make("label", {}, "Show ", parts.preset),
      make("label", {}, "Surface ", parts.surface), parts.own), parts.about, parts.reset),
    parts.complaint, make("div", { class: "main" }, parts.picture, parts.losses,
      make("div", { class: "bar" }, parts.play, parts.back, parts.forward, parts.scrub, parts.step),
      python(model, make("table", {}, make("caption", { class: "hidden" }, told), make("thead", {}, head),
        make("tbody", {}, ...KINDS.flatMap(kind)))),
      make("div", { class: "knobs" }, withoutPython(model, "Surface, rules, rates and start can be changed"),
        python(model, ...Object.entries(KNOBS).map(([name, text]) => field(text, slider(name))),
          field("start, x", knob("x", { min: x0, max: x1, step: 0.1 })),
          field("start, y", knob("y", { min: y0, max: y1, step: 0.1 })))),
      make("details", { class: "told" }, make("summary", {}, "The picture in words"), parts.words)),
    make("p", { class: "hint" }, make("strong", { class: "here" }, "The keys work here now. "), help));
  return parts;
}

function render({ model, el }) {
  const options = model.get("options");
  const { steps, surfaces, presets, own, stops, losses: [first, last], frame: [left, top, right, bottom], window: [[x0, x1], [y0, y1]] } = options;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const { root, picture, words, scrub, ...parts } = page(model);
  let at = 0, runners = []; // the step that is shown, with a fraction while it plays; and who moves in the picture

  // --- what is shown ---

  function rebuild() {
    const { svg, tracks, losses, about } = model.get("scene");
    picture.replaceChildren(drawing(svg));
    parts.losses.replaceChildren(drawing(losses));
    parts.about.textContent = about;
    runners = Object.entries(tracks).map(([name, track]) =>
      runner(picture.querySelector(`.runner[data-rule="${name}"]`), track, options.frame));
    show();
  }

  function show() {
    const step = Math.floor(at);
    const { rows, words: told } = model.get("scene");
    for (const moved of runners) moved(step, at - step);
    for (const row of root.querySelectorAll("tr[data-rule]")) {
      [row.cells[1].textContent, row.cells[2].textContent] = rows[row.dataset.rule]?.[step] ?? ["", ""];
    }
    const here = first + (at / steps) * (last - first), now = parts.losses.querySelector(".now");
    now.setAttribute("x1", here);
    now.setAttribute("x2", here);
    scrub.value = step;
    scrub.setAttribute("aria-valuetext", `step ${step} of ${steps}`);
    parts.step.textContent = `step ${step}`;
    words.textContent = told[step];
    picture.firstChild.setAttribute("aria-label", told[step]);
  }

  function settings() {
    parts.surface.value = model.get("surface");
    parts.own.hidden = model.get("surface") !== own;
    parts.formula.value = model.get("formula");
    parts.preset.value = Object.keys(presets).find((name) => same(presets[name])) ?? "";
    parts.complaint.textContent = model.get("complaint");
    for (const box of root.querySelectorAll("input[type=checkbox]")) {
      box.checked = model.get("rules").includes(box.value);
      box.closest("tr").classList.toggle("off", !box.checked);
    }
    for (const knob of root.querySelectorAll("[data-knob]")) {
      const name = knob.dataset.knob, axis = { x: 0, y: 1 }[name];
      const value = axis === undefined ? model.get(name) : model.get("start")[axis];
      knob.value = axis === undefined ? nearest(stops[name], value) : value;
      knob.setAttribute("aria-valuetext", value);
      knob.parentElement.querySelector("output").textContent = String(value).replace("-", "−");
    }
  }

  // Whether these are the settings. What came from Python and what was set here is compared as text.
  const same = (preset) => Object.entries(preset).every(([name, value]) =>
    JSON.stringify(value) === JSON.stringify(model.get(name)));

  // --- what is done ---

  function moveTo(x, y) {
    if (model.get("alone")) return; // the new race would be Python's to run
    const thousandth = (value) => Math.round(value * 1000) / 1000;
    change(model, { start: [within(thousandth(x), x0, x1), within(thousandth(y), y0, y1)] });
  }

  function go(step) {
    race.pause();
    at = within(step, 0, steps);
    show();
  }

  let leaping = 0;
  const tick = (passed) => {
    leaping += passed;
    if (!calm.matches) at += passed * STEPS_PER_SECOND;
    else if (leaping >= 0.5) [at, leaping] = [Math.floor(at) + LEAP, 0];
    at = Math.min(at, steps);
    show();
    return at < steps;
  };
  const begin = () => {
    if (at >= steps) at = 0;
    leaping = 0;
  };
  const race = player(parts.play, words, { begin, tick, stopped: () => { at = Math.floor(at); show(); } });

  const back = () => go(Math.floor(at) - 1), forward = () => go(Math.floor(at) + 1);
  const reset = () => { go(0); change(model, options.reset); };
  const nudge = (dx, dy) => ({ shiftKey }) => {
    const [x, y] = model.get("start"), size = shiftKey ? 0.01 : 0.1;
    moveTo(x + size * dx, y + size * dy);
  };
  const keys = {
    " ": race.toggle, ",": back, ".": forward, Home: () => go(0), End: () => go(steps),
    ArrowLeft: nudge(-1, 0), ArrowRight: nudge(1, 0), ArrowUp: nudge(0, 1), ArrowDown: nudge(0, -1),
  };

  for (const [name, act] of Object.entries({ back, forward, reset })) parts[name].addEventListener("click", act);
  const checked = () => [...root.querySelectorAll("input:checked")].map((box) => box.value);
  root.addEventListener("input", ({ target }) => {
    const name = target.dataset.knob, [x, y] = model.get("start");
    if (target === parts.formula) return; // once it is written to its end, below
    if (target === parts.preset) {
      go(0);
      change(model, presets[target.value] ?? options.reset);
    } else if (target === parts.surface) change(model, { surface: target.value, start: surfaces[target.value].start });
    else if (target.type === "checkbox") change(model, { rules: checked() });
    else if (target === scrub) go(Number(target.value));
    else if (name === "x") moveTo(Number(target.value), y);
    else if (name === "y") moveTo(x, Number(target.value));
    else change(model, { [name]: stops[name][target.value] });
  });
  parts.formula.addEventListener("change", () => change(model, { formula: parts.formula.value }));
  ownKeys(root, (event) => {
    if (event.target !== picture || !keys[event.key]) return false;
    keys[event.key](event);
    return true;
  });
  const place = (event) => {
    const box = picture.firstChild.getBoundingClientRect(), size = picture.firstChild.viewBox.baseVal;
    const px = ((event.clientX - box.left) / box.width) * size.width;
    const py = ((event.clientY - box.top) / box.height) * size.height;
    const x = x0 + ((px - left) / (right - left)) * (x1 - x0), y = y0 + ((bottom - py) / (bottom - top)) * (y1 - y0);
    moveTo(Math.round(x * 100) / 100, Math.round(y * 100) / 100);
  };
  picture.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || model.get("alone")) return;
    picture.setPointerCapture(event.pointerId);
    picture.focus({ preventScroll: true });
    place(event);
    event.preventDefault();
  });
  picture.addEventListener("pointermove", (event) => {
    if (picture.hasPointerCapture(event.pointerId)) place(event);
  });

  const deaf = listen(model, { "change:scene": rebuild, change: settings });
  settings();
  rebuild();
  el.append(root);
  takeKeys(el, picture);
  return () => { race.end(); deaf(); };
}

export default { render };
