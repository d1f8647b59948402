// The timer of an interview: it runs here, by the kernel's clock, so that it moves smoothly and survives a reload.
// It also moves the keyboard's focus to what is to be done next, and lets Ctrl+Enter press the main button.

const FRAMES = 90; // how long to wait for a widget that is still being drawn
const FOLLOWED = 30; // how often a link is pressed again
const OTHERWISE = ["pointerdown", "wheel", "keydown"];

function words(seconds) {
  const whole = Math.floor(Math.abs(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function render({ model, el }) {
  el.classList.add("bp-watch");
  el.innerHTML = '<span class="bp-time" role="timer"></span><div class="bp-bar" aria-hidden="true"><div></div></div>'
    + '<span class="bp-hidden" role="status"></span>';
  const [time, bar, told] = [el.children[0], el.children[1].firstChild, el.children[2]];
  let ahead = 0; // seconds that the kernel's clock is ahead of this one
  let waiting = 0;
  let drawing = 0;
  let held = null; // a button that was pressed, until the kernel answers
  let released = null;
  let following = 0;

  function draw() {
    const limit = model.get("limit");
    const running = model.get("running");
    const taken = running ? Math.max(0, Date.now() / 1000 + ahead - model.get("began")) : model.get("taken");
    const over = taken > limit;
    const about = model.get("about");
    const said = running
      ? `${words(over ? taken - limit : Math.ceil(limit - taken))} ${over ? "over" : "left"}`
      : `${words(taken)} of ${words(limit)}`;
    if (time.textContent !== said) {
      time.textContent = said;
      time.setAttribute("aria-label", `${said} for ${about}`);
    }
    bar.style.width = `${100 * Math.min(1, limit ? taken / limit : 0)}%`;
    el.classList.toggle("bp-over", over);
    const due = running && over ? `The time for ${about} is over.` : "";
    if (told.textContent !== due) told.textContent = due;
    drawing = running ? requestAnimationFrame(draw) : 0;
  }

  function redraw() {
    cancelAnimationFrame(drawing);
    draw();
  }

  // ipywidgets gives its radio buttons no name: without one, arrows don't move between them and Tab stops at each.
  function group(root) {
    for (const box of root.querySelectorAll(".widget-radio:not([role])")) {
      const label = box.querySelector(".widget-label");
      box.setAttribute("role", "radiogroup");
      box.setAttribute("aria-label", label?.textContent ?? "");
    }
    for (const radio of root.querySelectorAll(".widget-radio input:not([name])")) {
      const box = radio.closest(".widget-radio");
      box.dataset.group ??= `bp-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
      radio.name = box.dataset.group;
    }
  }

  function panel() {
    return el.closest(".backprop-interview");
  }

  function dress() {
    const root = panel();
    if (!root || root.hasAttribute("role")) return;
    root.setAttribute("role", "region");
    root.setAttribute("aria-label", "Mock interview");
    root.querySelector(".bp-said")?.setAttribute("role", "status");
    group(root);
    new MutationObserver(() => group(root)).observe(root, { childList: true, subtree: true });
  }

  // JupyterLab would take keys that belong to the panel: an arrow selects another cell, a d typed twice deletes one.
  function key(event) {
    const root = panel();
    if (!root || !root.contains(event.target)) return;
    const enter = event.key === "Enter" && (event.ctrlKey || event.metaKey || event.shiftKey);
    if (enter || !(event.ctrlKey || event.metaKey || event.altKey)) event.stopPropagation();
    if (!enter) return;
    event.preventDefault();
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
    const row = event.target.closest("input") && event.target.closest(".bp-row");
    (row?.querySelector("button") ?? root.querySelector("button.bp-main"))?.click();
  }

  // While the kernel is busy with what was typed, what is typed on waits here, and a click would overtake it. So a
  // click waits for an answer of the kernel: by then everything that was typed before it is on its way.
  function click(event) {
    const button = event.target.closest?.("button");
    if (!button || button.closest(".bp-voice") || !panel()?.contains(button)) return; // a recorder stops at once
    if (button === released) {
      released = null;
      return;
    }
    event.stopImmediatePropagation();
    event.preventDefault();
    held = button;
    model.send({ ask: "press" });
  }

  // JupyterLab looks for the section of a notebook that it has just opened before the cells are there, and stays at the
  // top. So the link is pressed again until the section shows, or until somebody does something else.
  function follow(event) {
    const link = event.target.closest?.(".backprop-report a");
    if (!link?.hash || !event.isTrusted || !panel()?.contains(link)) return;
    const section = CSS.escape(decodeURIComponent(link.hash.slice(1)));
    const own = link.closest(".jp-NotebookPanel");
    let left = FOLLOWED;
    clearInterval(following);
    following = setInterval(() => {
      const open = [...document.querySelectorAll(".jp-NotebookPanel:not(.lm-mod-hidden)")];
      const found = open.map((it) => it.querySelector(`:is([id="${section}"], [data-jupyter-id="${section}"])`));
      const tops = found.map((it) => it?.getBoundingClientRect().top ?? -1);
      const shown = tops.some((top) => top >= 0 && top < innerHeight);
      if (shown || left-- === 0) clearInterval(following);
      else if (open.some((it) => it !== own)) link.click();
    }, 500);
  }
  const unfollow = () => clearInterval(following);

  function focus(frames = FRAMES) {
    dress();
    const root = panel();
    const place = root?.querySelector(`.bp-step-${model.get("step")}`);
    const fields = "textarea, input, select, button, .backprop-report h1";
    const target = place?.matches("button") ? place : place?.querySelector(fields);
    if (!target) {
      if (frames > 0) waiting = requestAnimationFrame(() => focus(frames - 1));
      return;
    }
    const asked = root.querySelector(".bp-ask");
    if (asked) {
      asked.id = `bp-ask-${model.get("step")}`;
      target.setAttribute("aria-describedby", asked.id);
    }
    if (target.matches("h1")) { // a report opens at its top
      target.tabIndex = -1;
      target.focus({ preventScroll: true });
      root.scrollIntoView({ block: "start" });
      return;
    }
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "nearest" });
    root.scrollIntoView({ block: "nearest" });
  }

  const clock = (message) => {
    if (message.now) ahead = message.now - Date.now() / 1000;
    if (message.ask === "press" && held) {
      [released, held] = [held, null];
      released.click();
    }
    redraw();
  };
  const refocus = () => focus();
  model.on("change:began change:limit change:taken change:running change:about", redraw);
  model.on("change:step", refocus);
  model.on("msg:custom", clock);
  model.send({ ask: "now" });
  window.addEventListener("keydown", key, true);
  window.addEventListener("click", click, true);
  window.addEventListener("click", follow, true);
  for (const done of OTHERWISE) window.addEventListener(done, unfollow, true);
  const dressing = setTimeout(dress, 0); // once this is inside of the panel
  redraw();

  return () => {
    model.off("change:began change:limit change:taken change:running change:about", redraw);
    model.off("change:step", refocus);
    model.off("msg:custom", clock);
    cancelAnimationFrame(drawing);
    cancelAnimationFrame(waiting);
    clearTimeout(dressing);
    window.removeEventListener("keydown", key, true);
    window.removeEventListener("click", click, true);
    window.removeEventListener("click", follow, true);
    for (const done of OTHERWISE) window.removeEventListener(done, unfollow, true);
    unfollow();
  };
}

export default { render };
