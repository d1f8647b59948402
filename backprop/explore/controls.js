// The page's side of an explorer: labeled controls, buttons, the picture and its words. Python draws; this shows.
// Only what a hand moves is sent back, so a value that Python sets keeps all its digits.

function node(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function parsed(svg) {
  const place = node("div", { class: "picture" });
  place.innerHTML = svg;
  return place;
}

// Make one drawing into another by what differs: to lay out all its words anew would take longer than to compute it.
export function become(old, made) {
  if (old.nodeName !== made.nodeName) return old.replaceWith(made);
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== made.data) old.data = made.data;
    return;
  }
  for (const { name } of [...old.attributes]) if (!made.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of made.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const before = [...old.childNodes], after = [...made.childNodes];
  if (before.length === after.length) before.forEach((child, n) => become(child, after[n]));
  else old.replaceChildren(...after);
}

// Each kind of control: what stands on the page, how a value is shown in it, and what its keys would set next. `send`
// takes what a hand has set.
const KINDS = {
  range({ label, min, max, step }, send) {
    const slider = node("input", { type: "range", min, max, step });
    const number = node("input", { type: "number", min, max, step, "aria-label": `${label}, as a number` });
    slider.addEventListener("input", () => send(Number(slider.value)));
    number.addEventListener("change", () => {
      const whole = Number.isInteger(step) ? Math.round(number.value) : Number(number.value);
      send(Math.min(Math.max(whole, min), max));
    });
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
    const select = node("select", {}, ...options.map((option) => node("option", {}, option)));
    select.addEventListener("change", () => send(select.value));
    return { input: select, show: (value) => (select.value = value) };
  },
  switch(_, send) {
    const box = node("input", { type: "checkbox" });
    box.addEventListener("change", () => send(box.checked));
    return { input: box, show: (value) => (box.checked = value) };
  },
};

// What a slider's keys would show next is asked for in a pause, and can then be shown at once.
function look_ahead(model, draw) {
  let asked, wanted, pausing, ready = {};
  model.on("msg:custom", (message) => {
    if (message.asked !== asked) return; // for what has changed since, or for another view
    wanted.forEach((values, n) => (ready[JSON.stringify(values)] = message.ahead[n]));
  });
  return {
    show(values) {
      const drawn = ready[JSON.stringify(values)];
      if (drawn) draw(...drawn);
    },
    ask(near) {
      clearTimeout(pausing);
      asked = Math.random();
      ready = {};
      pausing = setTimeout(() => model.send({ asked, ahead: (wanted = near()) }), 80);
    },
  };
}

function control(model, spec, ahead) {
  const set = (value) => ({ ...model.get("values"), [spec.name]: value });
  const ask = () => near && ahead.ask(() => near().map(set));
  const send = (value) => {
    model.set("values", set(value));
    model.save_changes();
    show();
    ahead.show(model.get("values"));
    ask();
  };
  const { input, beside = [], show: put, near } = KINDS[spec.kind](spec, send);
  input.addEventListener("focus", ask);
  const show = () => put(model.get("values")[spec.name]);
  model.on("change:values", show);
  show();
  const label = node("label", {}, node("span", {}, spec.label), input);
  return node("div", { class: `control ${spec.kind}` }, label, ...beside);
}

function button(model, name) {
  const made = node("button", { type: "button" }, name);
  made.addEventListener("click", () => model.send({ press: name }));
  const show = () => (made.disabled = model.get("disabled").includes(name));
  model.on("change:disabled", show);
  show();
  return made;
}

export default {
  render({ model, el }) {
    const picture = node("div", { class: "picture" });
    const words = node("div", { class: "words" });
    const folded = node("details", {}, node("summary", {}, "The picture in words"), words);
    folded.firstChild.dataset.lmSuppressShortcuts = true;
    const note = node("p", { class: "note", role: "status" });
    const draw = (svg, sentences) => {
      become(picture, parsed(svg));
      become(words, node("div", { class: "words" }, ...sentences.map((said) => node("p", {}, said))));
    };
    // What the note says was done last is over as soon as something else is shown.
    const ahead = look_ahead(model, (...drawn) => { draw(...drawn); note.textContent = ""; });
    const controls = model.get("controls").map((spec) => control(model, spec, ahead));
    const buttons = model.get("buttons").map((name) => button(model, name));
    const show = {
      svg: () => draw(model.get("svg"), model.get("words")),
      note: () => (note.textContent = model.get("note")),
    };
    for (const [name, update] of Object.entries(show)) {
      model.on(`change:${name}`, update);
      update();
    }
    el.classList.add("backprop-sliders");
    // JupyterLab would take the arrow keys for itself: by its shortcuts, or further up the page.
    el.dataset.lmSuppressShortcuts = true;
    el.addEventListener("keydown", (event) => {
      if (handOn(event)) return;
      if (event.key === "Escape") releaseKeys(el);
      if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
    });
    const keys = node("p", { class: "keys" }, node("strong", { class: "here" }, "The keys work here now: "),
      node("strong", { class: "away" }, "Click a control for the keys: "), "← → move a slider, Tab goes to the next control.");
    el.append(
      node("div", { class: "controls" }, ...controls),
      node("div", { class: "buttons" }, ...buttons),
      keys,
      note,
      picture,
      folded,
    );
    takeKeys(el, controls[0].querySelector("input"), picture);
  },
};
