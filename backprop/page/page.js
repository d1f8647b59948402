// What the pages of explorers share: elements, drawing in place, keys, play, and what is shown before Python answers.

// JupyterLab leaves the keys of an element alone that says so itself; that its parent does is not enough.
export const OWN_KEYS = "data-lm-suppress-shortcuts";

// An element. Text is only ever set as text; on… is a listener, and an attribute that is false or null is left out.
export function make(tag, attributes = {}, ...children) {
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

export function button(label, act, attributes = {}) {
  return make("button", { type: "button", onclick: act, ...attributes }, label);
}

export function select(names, act = () => {}) {
  const options = names.map((name) => make("option", {}, name));
  return make("select", { onchange: ({ target }) => act(target.value) }, ...options);
}

// Controls that ask Python. In a page that stands alone nobody would answer, so there they are disabled, and
// `withoutPython` says so in a sentence.
export function python(model, ...children) {
  return make("fieldset", { class: "python", disabled: Boolean(model.get("alone")) }, ...children);
}

export function withoutPython(model, what) {
  return model.get("alone") ? make("p", { class: "without-python" }, `${what} in the notebook, where Python answers.`) : "";
}

export const within = (value, low, high) => Math.min(Math.max(value, low), high);

// What a hand has set goes to Python.
export function change(model, values) {
  model.set(values);
  model.save_changes();
}

// Do what `heard` says for each event of a model, until what is returned is called.
export function listen(model, heard) {
  const each = (way) => Object.entries(heard).forEach(([event, act]) => model[way](event, act));
  each("on");
  return () => each("off");
}

// A drawing from Python. Read as a page's, for that takes half as long as reading it as a file.
export function drawing(svg) {
  return document.adoptNode(new DOMParser().parseFromString(svg, "text/html").body.firstChild);
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

// An explorer's keys: `press` says whether a key was its own. The others stay here too, for JupyterLab would take the
// arrow keys for itself further up the page; Escape gives the keys back.
export function ownKeys(root, press = () => false) {
  root.setAttribute(OWN_KEYS, "true");
  root.addEventListener("keydown", (event) => {
    if (handOn(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (press(event)) event.preventDefault();
    else if (event.key === "Escape") releaseKeys(root);
    event.stopPropagation();
  });
}

export function keysHint(away, keys) {
  return make("p", { class: "hint" }, make("strong", { class: "here" }, "The keys work here now: "),
    make("strong", { class: "away" }, `${away}: `), keys);
}

// Play and pause, on a button. `begin` makes ready, or says false; `tick` moves on by the seconds that have passed, and
// says whether there is more. A voice can't keep up: what is said in `words` is spoken once, when it stands still.
export function player(button, words, { begin, tick, stopped = () => {} }) {
  let frame = null;
  const show = (playing) => {
    button.textContent = playing ? "❚❚ Pause" : "▶ Play";
    words.setAttribute("aria-live", playing ? "off" : "polite");
  };
  const pause = () => {
    if (frame === null) return;
    cancelAnimationFrame(frame);
    frame = null;
    show(false);
    stopped();
  };
  const toggle = () => {
    if (frame !== null) return pause();
    if (begin() === false) return;
    let before = null;
    const next = (now) => {
      const passed = before === null ? 0 : Math.min((now - before) / 1000, 0.1); // a hidden tab does not run on
      before = now;
      frame = requestAnimationFrame(next);
      if (!tick(passed)) pause();
    };
    show(true);
    frame = requestAnimationFrame(next);
  };
  button.addEventListener("click", toggle);
  return { toggle, pause, end: () => cancelAnimationFrame(frame) };
}

// What a control's keys would show next is asked for in a pause, and can then be shown at once. `heard` may refuse it.
export function lookAhead(model, heard = () => true) {
  let asked, wanted, pausing, ready = {};
  const hear = (message) => {
    if (message.asked !== asked || !heard()) return; // for what has changed since, or for another view
    wanted.forEach((values, n) => (ready[JSON.stringify(values)] = message.ahead[n]));
  };
  model.on("msg:custom", hear);
  const rest = () => clearTimeout(pausing);
  return {
    ready: (values) => ready[JSON.stringify(values)],
    ask(near, more = () => ({})) {
      rest();
      asked = Math.random();
      ready = {};
      pausing = setTimeout(() => model.send({ asked, ahead: (wanted = near()), ...more() }), 80);
    },
    rest, // a control that has lost the focus has no next key
    end() {
      rest();
      model.off("msg:custom", hear);
    },
  };
}
