// A bare round's prompt and clock. Both run in the page: the kernel may be busy, and no network is needed.

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
const NOTES = [[300, "Five minutes left."], [0, "Time is up: hand in what there is."]];

function render({ model, el }) {
  const limit = model.get("limit"), half = limit / 2;
  const time = make("span", { class: "bp-time", role: "timer", "aria-label": "Time left" });
  const note = make("p", { class: "bp-note", role: "status" });
  const twist = make("p", { class: "bp-twist", role: "status" });
  const prompt = make("div", { class: "bp-prompt" });
  const act = button("Start", () => {
    const now = Date.now();
    if (!model.get("began")) change(model, { began: now });
    else if (!model.get("ended")) change(model, { ended: now });
  }, { class: "bp-start" });
  const root = make("section", { class: "bp-pad", "aria-label": model.get("name") },
    make("div", { class: "bp-row" }, make("strong", {}, model.get("name")), act, time), note, prompt, twist);
  el.replaceChildren(root);

  // Who types below has left the clock above: a small one stays in the corner.
  const corner = make("div", { class: "bp-pad-corner", "aria-hidden": "true" });
  const panel = () => root.closest(".jp-NotebookPanel");
  let home = null;
  const away = () => {
    home = panel() ?? home;
    if (!home?.isConnected || home.classList.contains("lm-mod-hidden")) return false;
    const box = root.getBoundingClientRect();
    return !root.isConnected || box.bottom < 60 || box.top > window.innerHeight;
  };

  function show() {
    const began = model.get("began"), ended = model.get("ended");
    act.textContent = !began ? "Start" : ended ? "Stopped" : "Stop: I am done";
    act.setAttribute("aria-disabled", Boolean(ended)); // disabled, it would lose the keys
    const spent = began ? ((ended || Date.now()) - began) / 1000 : 0, left = limit - spent;
    time.textContent = left >= 0 ? `${clock(Math.ceil(left))} left` : `${clock(-left)} over`;
    root.classList.toggle("bp-over", left < 0);
    if (began && !prompt.childElementCount) prompt.append(...model.get("paragraphs").map((one) => make("p", {}, one)));
    const added = began && spent >= half ? `The twist. ${model.get("twist")}` : "";
    if (twist.textContent !== added) twist.textContent = added;
    const said = ended ? `You took ${clock(spent)}.` : !began ? `${limit / 60} minutes. The prompt comes with the clock.`
      : NOTES.findLast(([at]) => left <= at)?.[1] ?? `At ${clock(half)} something is added.`;
    const now = began && !ended && left > 300 && added ? "The twist is there." : said;
    if (note.textContent !== now) note.textContent = now;
    corner.textContent = `${time.textContent}${added && left > 0 ? " · the twist is there" : ""}`;
    corner.hidden = !began || Boolean(ended) || !away();
  }

  document.body.append(corner);
  const ticking = setInterval(show, 250), quiet = listen(model, { "change:began": show, "change:ended": show });
  show();
  return () => {
    clearInterval(ticking);
    quiet();
    corner.remove();
  };
}

export default { render };
