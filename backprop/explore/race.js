// The race, played in the browser. Python sends the picture, the tracks and the words of a setting (race.py); this
// module moves along them, and asks Python again only when a setting changes.

const STEPS_PER_SECOND = 15;
const LEAP = 10; // steps at a time, twice a second, for who asked for less motion

const KNOBS = {
  beta: "β = β₁, memory of g",
  rho: "ρ = β₂, memory of g²",
  decay: "λ, decay in AdamW",
};
const KINDS = [
  ["eta", "η, a factor of g", "η of SGD, Momentum and Nesterov, a factor of the gradient"],
  ["eta_adaptive", "η, a length", "η of Adagrad, RMSProp, Adam and AdamW, the length of a step"],
];
const HELP = "Click or drag in the picture to move the start. By keyboard, with the picture in focus: arrow keys move the "
  + "start (finely with Shift), Space plays and pauses, comma and period step, Home and End go to the ends.";

function render({ model, el }) {
  const options = model.get("options");
  const { steps, rules, surfaces, stops } = options;
  const [left, top, right, bottom] = options.frame;
  const [[x0, x1], [y0, y1]] = options.window;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  let at = 0; // the step that is shown, with a fraction while it plays
  let frame = null; // of the animation, while it plays
  let runners = [];

  el.innerHTML = page(options);
  const root = el.firstElementChild;
  const find = (selector) => root.querySelector(selector);
  const picture = find(".picture"), words = find(".words"), playing = find('[data-do="play"]'), scrub = find(".scrub");

  // JupyterLab's keys ("d d" deletes the cell) leave those elements alone that say so themselves.
  for (const node of root.querySelectorAll("input, button, select, summary, [tabindex]")) node.dataset.lmSuppressShortcuts = "true";

  // --- what is shown ---

  function rebuild() {
    const { svg, tracks } = model.get("scene");
    picture.innerHTML = svg;
    runners = Object.keys(tracks).map((name) => {
      const group = picture.querySelector(`.runner[data-rule="${name}"]`);
      const [trail, dots, head] = [".trail", ".dots", ".head"].map((part) => group.querySelector(part));
      const track = tracks[name];
      return { trail, dots, head, track, pairs: track.map(([x, y]) => `${x},${y}`), round: track.map(([x, y]) => `M${x} ${y}h0`) };
    });
    show();
  }

  function show() {
    const step = Math.floor(at), part = at - step;
    const { rows, words: told } = model.get("scene");
    for (const { trail, dots, head, track, pairs, round } of runners) {
      const last = Math.min(step, track.length - 1);
      let [x, y] = track[last], ahead = "";
      if (part > 0 && last + 1 < track.length) {
        x += part * (track[last + 1][0] - x);
        y += part * (track[last + 1][1] - y);
        ahead = ` ${x},${y}`;
      }
      trail.setAttribute("points", pairs.slice(0, last + 1).join(" ") + ahead);
      dots.setAttribute("d", round.slice(0, last + 1).join(""));
      const inside = (value, low, high) => Math.min(Math.max(value, low), high);
      head.setAttribute("transform", `translate(${inside(x, left, right)} ${inside(y, top, bottom)})`);
    }
    for (const row of root.querySelectorAll("tr[data-rule]")) {
      const [loss, remark] = rows[row.dataset.rule]?.[step] ?? ["", ""];
      row.cells[1].textContent = loss;
      row.cells[2].textContent = remark;
    }
    scrub.value = step;
    scrub.setAttribute("aria-valuetext", `step ${step} of ${steps}`);
    find(".step").textContent = `step ${step}`;
    words.textContent = told[step];
    picture.querySelector("svg").setAttribute("aria-label", told[step]);
  }

  function settings() {
    find("select").value = model.get("surface");
    find(".about").textContent = surfaces[model.get("surface")].about;
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

  // --- what is done ---

  function change(values) {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  }

  function moveTo(x, y) {
    const within = (value, low, high) => Math.min(Math.max(Math.round(value * 1000) / 1000, low), high);
    change({ start: [within(x, x0, x1), within(y, y0, y1)] });
  }

  function go(step) {
    at = Math.min(Math.max(step, 0), steps);
    show();
  }

  function pause() {
    cancelAnimationFrame(frame);
    frame = null;
    at = Math.floor(at);
    playing.textContent = "▶ Play";
    words.setAttribute("aria-live", "polite"); // speaks once, when the race stands still
    show();
  }

  function play() {
    if (at >= steps) at = 0;
    playing.textContent = "❚❚ Pause";
    words.setAttribute("aria-live", "off");
    let before = null, leaping = 0;
    const tick = (now) => {
      const passed = before === null ? 0 : Math.min((now - before) / 1000, 0.1); // a hidden tab does not run on
      before = now;
      leaping += passed;
      if (!calm.matches) at += passed * STEPS_PER_SECOND;
      else if (leaping >= 0.5) [at, leaping] = [Math.floor(at) + LEAP, 0];
      if (at >= steps) {
        at = steps;
        return pause();
      }
      show();
      frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
  }

  const doing = {
    play: () => (frame === null ? play() : pause()),
    back: () => (pause(), go(at - 1)),
    forward: () => (pause(), go(at + 1)),
    first: () => (pause(), go(0)),
    last: () => (pause(), go(steps)),
    reset: () => (pause(), go(0), change(options.reset)),
  };
  const keys = { " ": "play", ",": "back", ".": "forward", Home: "first", End: "last" };
  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

  root.addEventListener("click", ({ target }) => doing[target.closest("[data-do]")?.dataset.do]?.());
  root.addEventListener("input", ({ target }) => {
    if (target.matches("select")) {
      change({ surface: target.value, start: surfaces[target.value].start });
    } else if (target.matches("[type=checkbox]")) {
      change({ rules: [...root.querySelectorAll("input:checked")].map((box) => box.value) });
    } else if (target === scrub) {
      const step = Number(target.value); // before the pause shows its own
      pause();
      go(step);
    } else {
      const name = target.dataset.knob, [x, y] = model.get("start");
      if (name === "x") moveTo(Number(target.value), y);
      else if (name === "y") moveTo(x, Number(target.value));
      else change({ [name]: stops[name][target.value] });
    }
  });
  root.addEventListener("keydown", (event) => {
    if (!handOn(event) && event.key === "Escape") releaseKeys(root);
  });
  picture.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (arrows[event.key]) {
      const [x, y] = model.get("start"), size = event.shiftKey ? 0.01 : 0.1;
      moveTo(x + size * arrows[event.key][0], y + size * arrows[event.key][1]);
    } else if (keys[event.key]) doing[keys[event.key]]();
    else return;
    event.preventDefault();
  });
  const place = (event) => {
    const box = picture.querySelector("svg").getBoundingClientRect(), size = picture.querySelector("svg").viewBox.baseVal;
    const px = ((event.clientX - box.left) / box.width) * size.width, py = ((event.clientY - box.top) / box.height) * size.height;
    const x = x0 + ((px - left) / (right - left)) * (x1 - x0), y = y0 + ((bottom - py) / (bottom - top)) * (y1 - y0);
    moveTo(Math.round(x * 100) / 100, Math.round(y * 100) / 100);
  };
  picture.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    picture.setPointerCapture(event.pointerId);
    picture.focus({ preventScroll: true });
    place(event);
    event.preventDefault();
  });
  picture.addEventListener("pointermove", (event) => {
    if (picture.hasPointerCapture(event.pointerId)) place(event);
  });

  const named = Object.keys(options.reset).map((name) => `change:${name}`).join(" ");
  model.on("change:scene", rebuild);
  model.on(named, settings);
  settings();
  rebuild();
  takeKeys(el, picture);
  return () => {
    cancelAnimationFrame(frame);
    model.off("change:scene", rebuild);
    model.off(named, settings);
  };
}

function nearest(stops, value) {
  const away = stops.map((stop) => Math.abs(stop - value));
  return away.indexOf(Math.min(...away));
}

// --- the page, once ---

function page({ surfaces, rules, stops, steps, window: [[x0, x1], [y0, y1]] }) {
  const choices = Object.keys(surfaces).map((name) => `<option>${name}</option>`).join("");
  const slider = (name) => `<input type="range" data-knob="${name}" min="0" max="${stops[name].length - 1}">`;
  const rows = KINDS.map(([knob, text, label]) => `
    <tr class="kind"><th colspan="3" scope="rowgroup"><label><span>${text}</span>
      ${slider(knob).replace("<input", `<input aria-label="${label}"`)}<output></output></label></th></tr>
    ${Object.entries(rules).filter(([, rule]) => rule.adaptive === (knob === "eta_adaptive")).map(([name, { swatch }]) => `
      <tr data-rule="${name}">
        <td><label><input type="checkbox" value="${name}">${swatch}${name}</label></td><td></td><td></td>
      </tr>`).join("")}`).join("");
  const knobs = Object.entries(KNOBS).map(([name, text]) => `<label><span>${text}</span>${slider(name)}<output></output></label>`);
  const start = [["x", x0, x1], ["y", y0, y1]].map(([name, low, high]) => `
    <label><span>start, ${name}</span>
      <input type="range" data-knob="${name}" min="${low}" max="${high}" step="0.1"><output></output></label>`);
  return `<div class="backprop-race" role="group" aria-label="The race of the update rules">
    <div class="head">
      <label>Surface <select>${choices}</select></label><span class="about"></span>
      <button data-do="reset">Reset</button>
    </div>
    <div class="main">
      <div class="picture" tabindex="0" role="application" aria-label="The picture of the race. ${HELP}"></div>
      <div class="play">
        <button data-do="play">▶ Play</button>
        <button data-do="back" aria-label="One step back">−1</button>
        <button data-do="forward" aria-label="One step on">+1</button>
        <input class="scrub" type="range" min="0" max="${steps}" aria-label="Step of the race"><output class="step"></output>
      </div>
      <table>
        <caption class="hidden">The rules in the race, their loss and how they fare at the step that is shown</caption>
        <thead><tr><th scope="col">rule</th><th scope="col">loss</th><th scope="col">remark</th></tr></thead>
        <tbody>${rows}</tbody>
      </table>
      <div class="knobs">${knobs.join("")}${start.join("")}</div>
      <details class="told"><summary>The picture in words</summary><p class="words" aria-live="polite"></p></details>
    </div>
    <p class="help"><strong class="here">The keys work here now. </strong>${HELP}</p>
  </div>`;
}

export default { render };
