// *Speak* beside the notes. A recording belongs to the model, not to what is drawn: it goes on while the panel draws its
// next screen, and ends when nothing shows it any more.

const PRODUCT = /@|\b(dot|matmul|einsum)\(/;
const AWAY = 3000; // ms without anything that shows the recorder

function speaker(model) {
  const views = new Set();
  const lines = new Map(); // of code with a product, by what stands before the =: [second, text]
  let state = "ready", now = null, blob = null, why = "", away = 0;

  const tell = () => { for (const draw of views) draw(); };
  const change = (next) => {
    state = next;
    tell();
  };

  // The line is read after each key: it began when its product was first there.
  function written({ target }) {
    const editor = target.closest?.(".jp-CodeCell .cm-content");
    for (const line of editor?.querySelectorAll(".cm-line") ?? []) {
      const text = line.textContent.trim(), name = text.split("=")[0].trim();
      if (/^[@#]/.test(text) || !PRODUCT.test(text.split("#")[0])) continue;
      lines.set(name, [lines.get(name)?.[0] ?? Math.round(10 * now.seconds()) / 10, text]);
    }
  }

  async function start() {
    blob = null;
    change("asking");
    const [stream, refused] = await microphone("typing");
    why = refused;
    if (!stream) return change("ready");
    now = recording(stream);
    now.sound = crypto.getRandomValues(new Uint32Array(1))[0];
    lines.clear();
    if (model.get("coded")) document.addEventListener("keyup", written, true);
    model.send({ begin: now.sound });
    change("running");
  }

  async function stop(kept = true) {
    const ended = now;
    now = null;
    document.removeEventListener("keyup", written, true);
    change("ready");
    model.send(kept ? { end: ended.sound } : { gone: ended.sound });
    const sound = await ended.stop();
    if (!kept) return;
    blob = sound;
    tell();
    if (!model.get("deaf")) deliver(model, ended.sound, blob, { lines: [...lines.values()] }, (sentence) => {
      why = sentence;
      tell();
    });
  }

  function show(draw) {
    clearTimeout(away);
    views.add(draw);
    return () => {
      views.delete(draw);
      if (!views.size) away = setTimeout(() => { if (now) stop(false); }, AWAY);
    };
  }

  return {
    show,
    press: () => { if (state === "running") stop(); else if (state === "ready") start(); },
    get state() { return state; },
    get why() { return why; },
    get blob() { return blob; },
    get now() { return now; },
  };
}

function view({ model, el }, own) {
  const longest = Math.max(600, 3 * model.get("seconds"));
  const level = make("span", {});
  const meter = make("span", { class: "bp-loudness", role: "img", "aria-label": "How loud the microphone hears you", hidden: true }, level);
  const press = make("button", { type: "button", class: "bp-speak", onclick: own.press });
  const time = make("span", { class: "bp-taken", role: "timer" });
  const note = make("p", { class: "bp-note", role: "status" });
  const deaf = make("p", { class: "bp-deaf" }, model.get("deaf"));
  const said = playback(model);
  let shown = null, drawing = 0;
  el.classList.add("bp-voice");
  el.replaceChildren(make("div", { class: "bp-line-up" }, press, time, meter), note, deaf, said.node);

  function tick() {
    if (!own.now) return;
    time.textContent = clock(own.now.seconds());
    level.style.width = `${100 * own.now.level()}%`;
    if (own.now.seconds() >= longest) return own.press();
    drawing = requestAnimationFrame(tick);
  }

  function draw() {
    const running = own.state === "running";
    const label = { ready: own.blob ? "● Speak again" : "● Speak", asking: "Waiting for the microphone", running: "■ Stop" };
    press.textContent = label[own.state];
    press.setAttribute("aria-disabled", own.state === "asking"); // disabled, it would lose the keys
    meter.hidden = !running;
    note.textContent = running ? "You are being recorded. Speak now." : own.why;
    if (own.blob !== shown) said.show(own.blob);
    shown = own.blob;
    cancelAnimationFrame(drawing);
    if (running) tick();
  }

  const hide = own.show(draw);
  draw();
  return () => {
    hide();
    cancelAnimationFrame(drawing);
    said.close();
  };
}

export default () => {
  let own = null;
  return {
    initialize({ model }) {
      own = speaker(model);
      model.send({ gone: 0 }); // no recording of an earlier page is under way
    },
    render: (shown) => view(shown, own),
  };
};
