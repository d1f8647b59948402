// An answer spoken against the clock, and played back. With "hands free" one start is enough: a countdown, the answer
// until it is followed by silence, what was said beside the model answer, and again, until nothing is said any more.

const LONGEST = 300; // seconds, after which it stops by itself
const KEPT = "The recording is only in this machine's memory, and gone when you close the page.";
const READY = 3, AGAIN = 10; // seconds of countdown, the first time and after what was heard
const QUIET = 4, NOTHING = 10; // seconds of silence that end an answer, and that end all where nothing was said
const LOUD = 0.04; // of the meter, and at least three times what it shows between words
const READ = 2.5; // words a second of a voice that reads

// The voices of this machine that speak English; one that isn't local would send the question away.
const voices = () => (window.speechSynthesis?.getVoices() ?? []).filter((one) => one.localService && one.lang.startsWith("en"));

// Whether somebody speaks, from how loud it is: the room's own noise is the quietest of the last seconds.
function ear() {
  let floor = 1, spoken = 0, last = 0;
  return {
    hear(level, now, since) {
      floor = Math.min(floor * 1.002, Math.max(level, 0.001));
      if (level > Math.max(LOUD, 3 * floor)) [spoken, last] = [spoken + since, now];
    },
    get spoke() { return spoken > 0.5; },
    quiet: (now) => now - last,
  };
}

function render({ model, el }) {
  const limit = model.get("seconds"), answer = model.get("answer");
  const press = make("button", { type: "button", class: "bp-start" });
  const time = make("span", { class: "bp-time", role: "timer" });
  const loud = make("span", {});
  const level = make("span", { class: "bp-level", role: "img", "aria-label": "How loud the microphone hears you", hidden: true }, loud);
  const free = make("input", { type: "checkbox", class: "bp-free" });
  const read = make("input", { type: "checkbox", class: "bp-read" });
  const reading = make("label", { hidden: true }, read, " read me the question");
  const note = make("p", { class: "bp-note", role: "status" });
  const said = playback(model);
  const beside = make("details", { class: "bp-answer", hidden: true }, make("summary", {}, "A model answer"),
    ...answer.split("\n").map((line) => make("p", {}, line)));
  const { audio } = said;
  free.checked = model.get("hands_free");
  el.replaceChildren(make("div", { class: "bp-aloud", role: "group", "aria-label": "Say it aloud, against the clock" },
    make("p", { class: "bp-ask" }, model.get("prompt")),
    make("div", { class: "bp-row" }, press, time, level),
    make("div", { class: "bp-row bp-how" }, make("label", {}, free, " hands free: start once, then only speak"), reading),
    note,
    make("div", { class: "bp-both" }, said.node, beside),
    make("p", { class: "bp-deaf" }, model.get("deaf"))));

  let state = "ready", began = 0, drawing = 0, timer = 0, now = null, stream = null, why = "", heard = null, before = 0;

  function show(next) {
    state = next;
    press.textContent = { ready: "● Start", asking: "Waiting for the microphone", counting: "■ Stop", running: "■ Stop", done: "● Say it again" }[state];
    press.setAttribute("aria-disabled", state === "asking"); // disabled, it would lose the keys
    level.hidden = !(state === "running" && now);
  }

  function tick() {
    const taken = (performance.now() - began) / 1000;
    time.textContent = taken <= limit ? `${clock(Math.ceil(limit - taken))} left` : `${clock(taken - limit)} over`;
    time.classList.toggle("bp-over", taken > limit);
    if (now) {
      const height = now.level();
      loud.style.width = `${100 * height}%`;
      heard.hear(height, taken, taken - before);
      before = taken;
      if (heard.spoke && !now.sound) begin(now);
      if (free.checked && heard.quiet(taken) > (heard.spoke ? QUIET : NOTHING)) return heard.spoke ? stop() : nothing();
    } else if (free.checked && taken >= limit) return stop();
    if (taken >= LONGEST) return stop();
    drawing = requestAnimationFrame(tick);
  }

  // Something is being said, so what was said before gives way to it.
  function begin(one) {
    one.sound = crypto.getRandomValues(new Uint32Array(1))[0];
    said.show(null);
    if (!model.get("deaf")) model.send({ begin: one.sound });
  }

  function start(wait = READY) {
    audio.pause();
    if (free.checked) countdown(wait);
    else run();
  }

  // The seconds go by whether or not a voice reads the question, and whether or not it comes to its end.
  function countdown(wait) {
    const [voice] = voices(), prompt = model.get("prompt");
    let left = wait;
    if (voice && read.checked && wait === READY) {
      const words = new SpeechSynthesisUtterance(prompt);
      words.voice = voice;
      speechSynthesis.speak(words);
      left += Math.ceil(prompt.split(" ").length / READ);
    }
    show("counting");
    const count = () => {
      time.textContent = `${wait === READY ? "" : "again "}in ${left}`;
      if (!left--) return run();
      timer = setTimeout(count, 1000);
    };
    count();
  }

  async function run() {
    window.speechSynthesis?.cancel();
    show("asking");
    if (!free.checked) said.show(null);
    note.textContent = "";
    [stream, why] = await microphone("with the clock alone");
    if (!el.isConnected) return release();
    if (stream) now = recording(stream);
    [heard, before] = [ear(), 0];
    if (now && !free.checked) begin(now);
    note.textContent = why || "Recording. Speak now.";
    began = performance.now();
    show("running");
    tick();
  }

  async function stop() {
    cancelAnimationFrame(drawing);
    const all = (performance.now() - began) / 1000, ended = now;
    const taken = ended && free.checked && heard.spoke ? all - heard.quiet(all) : all; // the silence that ended it is no speech
    now = null;
    const words = taken < limit / 2 ? ` There is room for ${Math.round(limit - taken)} more.` : taken > limit + 5 ? " Cut a sentence." : "";
    note.textContent = `You spoke for ${Math.round(taken)} seconds.${words} ${ended ? `Now listen. ${KEPT}` : why}`;
    beside.hidden = !answer;
    show("done");
    if (!ended) return;
    if (!ended.sound) begin(ended);
    const sound = await ended.stop();
    if (!el.isConnected) return;
    said.show(sound);
    audio.focus({ preventScroll: true });
    if (!model.get("deaf")) {
      model.send({ end: ended.sound });
      deliver(model, ended.sound, sound, {}, said.tell);
    }
    if (free.checked) listen(all);
  }

  // Hands free: what was said is played, and then it begins again, also where no browser tells of the end.
  function listen(seconds) {
    beside.open = true;
    show("counting");
    time.textContent = "listen";
    const on = () => {
      clearTimeout(timer);
      audio.removeEventListener("ended", on);
      if (state === "counting" && el.isConnected) start(AGAIN);
    };
    audio.addEventListener("ended", on);
    timer = setTimeout(on, 1000 * (seconds + 5));
    audio.play().catch(() => { note.textContent += " Your browser wants you to press play yourself."; });
  }

  function nothing() {
    cancelAnimationFrame(drawing);
    now.stop();
    now = null;
    note.textContent = "Nothing was said, so this is the end. Start again when you like.";
    show("done");
  }

  // Somebody pressed stop between two answers.
  function halt() {
    clearTimeout(timer);
    audio.pause();
    window.speechSynthesis?.cancel();
    time.textContent = `${clock(limit)} left`;
    show("done");
  }

  function release() {
    now?.stop();
    if (!now) for (const track of stream?.getTracks() ?? []) track.stop();
    [now, stream] = [null, null];
  }

  press.addEventListener("click", () => {
    if (state === "running") stop();
    else if (state === "counting") halt();
    else if (state !== "asking") start();
  });
  const offer = () => { reading.hidden = !voices().length; };
  window.speechSynthesis?.addEventListener("voiceschanged", offer);
  offer();
  ownKeys(el);
  time.textContent = `${clock(limit)} left`;
  show("ready");
  takeKeys(el, press, el);
  return () => {
    cancelAnimationFrame(drawing);
    clearTimeout(timer);
    window.speechSynthesis?.removeEventListener("voiceschanged", offer);
    release();
    said.close();
  };
}

export default { render };
