// A microphone, a recorder and what was said: shared by the recorders of the panel and of `aloud`. The sound stays in
// this page; only where the kernel has ears it goes there, in pieces, and to nobody else.

const KINDS = ["audio/mp4;codecs=opus", "audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const PIECE = 2 ** 20; // bytes; a message of over ten megabytes vanishes without an error
const PATIENT = [5, 20, 60, 200]; // seconds to wait for an answer to a piece, each time that it is sent
const REFUSED = {
  NotFoundError: "No microphone was found: plug one in and start again, or go on WITHOUT.",
  NotAllowedError: "The browser was not allowed to use the microphone. To hear yourself, allow it at the left of the "
    + "address bar and start again, or go on WITHOUT.",
  NotReadableError: "The microphone is in use elsewhere: close what uses it and start again, or go on WITHOUT.",
};
const INSECURE = "A browser lends its microphone only to localhost and to https. Open this page by localhost to hear "
  + "yourself, or go on WITHOUT.";
const UNKNOWN = "The microphone can't be used here: go on WITHOUT.";

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

// The microphone's stream, or the sentence that says why there is none; `without` is what one can do instead.
async function microphone(without) {
  const none = (sentence) => [null, sentence.replace("WITHOUT", without)];
  if (!window.isSecureContext) return none(INSECURE);
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) return none(UNKNOWN);
  try {
    return [await navigator.mediaDevices.getUserMedia({ audio: true }), ""];
  } catch (error) {
    return none(REFUSED[error.name] ?? `${UNKNOWN} (${error.name})`);
  }
}

// How loud it is, 0 to 1, as often as it is asked.
function loudness(stream) {
  const context = new AudioContext(), analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const level = () => {
    analyser.getFloatTimeDomainData(samples);
    return Math.min(1, 4 * Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length));
  };
  return { level, close: () => context.close() };
}

// One recording from a stream. `stop` gives its sound, and gives the microphone back.
function recording(stream) {
  const chunks = [], type = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
  const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 32000 }), meter = loudness(stream);
  recorder.ondataavailable = ({ data }) => chunks.push(data);
  const ended = new Promise((done) => { recorder.onstop = done; });
  recorder.start(1000);
  return {
    began: performance.now(),
    seconds() { return (performance.now() - this.began) / 1000; },
    level: meter.level,
    async stop() {
      if (recorder.state !== "inactive") recorder.stop();
      await ended;
      meter.close();
      for (const track of stream.getTracks()) track.stop();
      return new Blob(chunks, { type: recorder.mimeType });
    },
  };
}

// Hand a sound to the kernel, piece by piece, and tell what keeps it.
async function deliver(model, sound, blob, extra, tell) {
  const bytes = await blob.arrayBuffer(), pieces = Math.ceil(bytes.byteLength / PIECE);
  for (let piece = 0; piece < pieces; piece++) {
    const part = bytes.slice(piece * PIECE, (piece + 1) * PIECE);
    let there = false;
    for (const patience of PATIENT) {
      const answered = acknowledged(model, sound, piece, patience);
      model.send({ sound, piece, of: pieces, ...extra }, undefined, [part]);
      there = await answered;
      if (there) break;
      tell("The kernel is busy, so your recording waits. It can be played meanwhile.");
    }
    if (!there) return tell("The kernel doesn't answer, so your recording was not read. It can still be played.");
  }
}

function acknowledged(model, sound, piece, patience) {
  return new Promise((done) => {
    const answer = ({ got, sound: of }) => { if (got === piece && of === sound) end(true); };
    const late = setTimeout(() => end(false), 1000 * patience);
    const end = (there) => {
      clearTimeout(late);
      model.off("msg:custom", answer);
      done(there);
    };
    model.on("msg:custom", answer);
  });
}

// What was said: the sound, its words, each a place to play from, and the figures. `blob()` is the recording, if any.
function playback(model) {
  const audio = make("audio", { controls: true, hidden: true, "aria-label": "What you said", [OWN_KEYS]: "true" });
  const save = make("a", { class: "bp-save", hidden: true, download: "answer" }, "Save the recording");
  const words = make("p", { class: "bp-words", role: "group", hidden: true,
    "aria-label": "The words that were heard. Arrows move, Enter plays from there." });
  const title = make("p", { class: "bp-heard", hidden: true }, "Heard. Press a word to play from there:");
  const facts = make("div", { class: "bp-facts" });
  const told = make("p", { class: "bp-told", role: "status" });
  let address = "", starts = [];

  function from(second) {
    audio.currentTime = second;
    audio.play().catch(() => {}); // a browser may want a click of its own first: then its own button plays
  }

  function here(word) {
    for (const one of words.children) one.tabIndex = one === word ? 0 : -1;
    word.focus();
  }

  // At the window, where the panel stops all keys that JupyterLab would take.
  function key(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 10, ArrowUp: -10 }[event.key];
    const all = [...words.children], place = all.indexOf(event.target);
    if (!step || place < 0) return;
    event.preventDefault();
    event.stopPropagation();
    here(all[within(place + step, 0, all.length - 1)]);
  }
  window.addEventListener("keydown", key, true);

  audio.addEventListener("timeupdate", () => {
    const now = audio.paused ? -1 : starts.findLastIndex((start) => start <= audio.currentTime + 0.05);
    for (const [n, word] of [...words.children].entries()) word.classList.toggle("bp-now", n === now);
  });

  function list(title, rows) {
    return rows.length ? [make("p", {}, title), make("ul", {}, ...rows)] : [];
  }

  function draw() {
    const heard = model.get("words"), rows = model.get("rows");
    told.textContent = model.get("told");
    starts = heard.map(([, start]) => start);
    words.replaceChildren(...heard.flatMap(([text, start], n) => [
      make("button", { type: "button", tabindex: n ? -1 : 0, onclick: () => from(start) }, text),
    ]));
    title.hidden = words.hidden = !heard.length;
    facts.replaceChildren(
      ...(rows.length ? [table(rows)] : []),
      ...list("To hear again:", model.get("stretches").map(([sentence, start]) =>
        make("li", {}, sentence, " ", make("button", { type: "button", "aria-label": `Play from ${clock(start)}`, onclick: () => from(start) }, "▶")))),
      ...list("Not heard. Did you say it?", model.get("unheard").map((sentence) => make("li", {}, sentence))),
    );
  }

  function table(rows) {
    const head = ["", "you", "model answer"].map((text) => make("th", { scope: "col" }, text));
    const lines = rows.map(([name, ...values]) =>
      make("tr", {}, make("th", { scope: "row" }, name), ...values.map((value) => make("td", {}, value))));
    return make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...lines));
  }

  function show(blob) {
    if (address) URL.revokeObjectURL(address);
    address = blob ? URL.createObjectURL(blob) : "";
    audio.hidden = save.hidden = !blob;
    if (!blob) return audio.removeAttribute("src");
    audio.src = save.href = address;
    save.download = `answer.${blob.type.includes("mp4") ? "m4a" : blob.type.includes("ogg") ? "ogg" : "webm"}`;
  }

  const events = ["words", "rows", "stretches", "unheard", "told"].map((name) => `change:${name}`).join(" ");
  model.on(events, draw);
  draw();
  const node = make("div", { class: "bp-playback" }, audio, save, told, title, words, facts);
  function close() {
    window.removeEventListener("keydown", key, true);
    model.off(events, draw);
    show(null);
  }

  return { node, audio, show, close, tell: (sentence) => { told.textContent = sentence; } };
}
