// The page's side of an explorer: labeled controls, buttons, the picture and its words. Python draws; this shows.
// Only what a hand moves is sent back, so a value that Python sets keeps all its digits.

// Each kind of control: what stands on the page, how a value is shown in it, and what its keys would set next. `send`
// takes what a hand has set.
const KINDS = {
  range({ label, min, max, step }, send) {
    const held = (value) => within(Number.isInteger(step) ? Math.round(value) : Number(value), min, max);
    const slider = make("input", { type: "range", min, max, step, oninput: () => send(Number(slider.value)) });
    const number = make("input", { type: "number", min, max, step, "aria-label": `${label}, as a number`,
      onchange: () => send(held(number.value)) });
    const show = (value) => {
      slider.value = value;
      number.value = Number(value.toFixed(4));
      slider.setAttribute("aria-valuetext", number.value);
    };
    const near = () => ["stepDown", "stepUp"].map((way) => {
      const there = slider.cloneNode();
      there[way]();
      return Number(there.value);
    });
    return { input: slider, beside: [number], show, near };
  },
  choice({ options }, send) {
    const input = select(options, send);
    return { input, show: (value) => (input.value = value) };
  },
  switch(_, send) {
    const box = make("input", { type: "checkbox", onchange: () => send(box.checked) });
    return { input: box, show: (value) => (box.checked = value) };
  },
};

// Show a trait now, and whenever it changes.
function follow(model, trait, show) {
  model.on(`change:${trait}`, show);
  show();
}

function control(model, spec, ahead, draw) {
  const set = (value) => ({ ...model.get("values"), [spec.name]: value });
  const ask = () => near && ahead.ask(() => near().map(set));
  const send = (value) => {
    change(model, { values: set(value) });
    show();
    draw(ahead.ready(model.get("values")));
    ask();
  };
  const { input, beside = [], show: put, near } = KINDS[spec.kind](spec, send);
  input.addEventListener("focus", ask);
  input.addEventListener("blur", ahead.rest);
  const show = () => put(model.get("values")[spec.name]);
  follow(model, "values", show);
  const label = make("label", {}, make("span", {}, spec.label), input);
  for (const one of [input, ...beside]) one.disabled = Boolean(model.get("alone")) && model.get("film") !== spec.name;
  const value = () => model.get("values")[spec.name];
  return { spec, send, value, input, node: make("div", { class: `control ${spec.kind}` }, label, ...beside) };
}

// A drawing may have handles, which move a control: by mouse or touch along the pixels that they name, by arrow keys.
// `press` says whether a key was a handle's own.
function handles(picture, controls) {
  const held = (handle) => controls.find(({ spec, input }) => spec.name === handle?.dataset.drag && !input.disabled);
  const put = ({ spec, send }, value) =>
    send(within(Number((Math.round(value / spec.step) * spec.step).toFixed(4)), spec.min, spec.max));
  let dragged = null;
  const move = (event) => {
    const { matrix, pixels: [p0, p1], values: [v0, v1], control } = dragged;
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix).x;
    put(control, v0 + ((at - p0) / (p1 - p0)) * (v1 - v0));
  };
  picture.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-drag]"), control = held(handle);
    if (!control || event.button !== 0) return;
    const pair = (text) => text.split(" ").map(Number);
    dragged = { control, matrix: handle.getScreenCTM().inverse(), pixels: pair(handle.dataset.pixels),
      values: pair(handle.dataset.values) };
    picture.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    event.preventDefault();
  });
  picture.addEventListener("pointermove", (event) => dragged && move(event));
  for (const over of ["pointerup", "pointercancel"]) picture.addEventListener(over, () => (dragged = null));
  return ({ key, target }) => {
    const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[key];
    const control = way && target.matches("[data-drag]") && held(target);
    if (control) put(control, control.value() + way * control.spec.step);
    return Boolean(control);
  };
}

function action(model, name) {
  const made = button(name, () => model.send({ press: name }));
  follow(model, "disabled", () => (made.disabled = model.get("disabled").includes(name)));
  return made;
}

export default {
  render({ model, el }) {
    const picture = make("div", { class: "picture" });
    const words = make("div", { class: "words" });
    const note = make("p", { class: "note", role: "status" });
    const draw = (svg, sentences) => {
      become(picture, make("div", { class: "picture" }, drawing(svg)));
      become(words, make("div", { class: "words" }, ...sentences.map((said) => make("p", {}, said))));
    };
    const ahead = lookAhead(model);
    // What the note says was done last is over as soon as something else is shown.
    const early = (drawn) => { if (drawn) { draw(...drawn); note.textContent = ""; } };
    const controls = model.get("controls").map((spec) => control(model, spec, ahead, early));
    follow(model, "svg", () => draw(model.get("svg"), model.get("words")));
    follow(model, "note", () => (note.textContent = model.get("note")));
    const own = `backprop-${model.get("title").toLowerCase().replace(" ", "-")}`;
    const root = make("div", { class: `backprop-explorer backprop-sliders ${own}` },
      make("div", { class: "controls" }, ...controls.map(({ node }) => node)), withoutPython(model, "The others move"),
      make("div", { class: "bar" }, ...model.get("buttons").map((name) => action(model, name))),
      keysHint("Click a control for the keys", "← → move a slider, Tab goes to the next control."),
      note, picture, make("details", {}, make("summary", {}, "The picture in words"), words));
    ownKeys(root, handles(picture, controls));
    el.append(root);
    takeKeys(el, root.querySelector("input"), picture);
    return ahead.end;
  },
};
