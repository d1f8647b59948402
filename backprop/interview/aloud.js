// An answer spoken against the clock, and played back. The sound stays in this page: nothing is stored or sent.

const KINDS = ["audio/mp4;codecs=opus", "audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const LONGEST = 300; // seconds, after which it stops by itself
const KEPT = "Only this page holds the recording. It is gone when you close it.";
const REFUSED = {
  NotFoundError: "No microphone was found: plug one in and start again, or go on with the clock alone.",
  NotAllowedError: "The browser was not allowed to use the microphone. To hear yourself, allow it at the left of the "
    + "address bar and start again; the clock runs without it.",
  NotReadableError: "The microphone is in use elsewhere: close what uses it and start again, or go on with the clock alone.",
};
const INSECURE = "A browser lends its microphone only to localhost and to https. Open this page by localhost to hear "
  + "yourself; the clock runs without it.";
const UNKNOWN = "The microphone can't be used here, so only the clock runs.";

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

// The microphone's stream, or the sentence that says why there is none.
async function microphone() {
  if (!window.isSecureContext) return [null, INSECURE];
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) return [null, UNKNOWN];
  try {
    return [await navigator.mediaDevices.getUserMedia({ audio: true }), ""];
  } catch (error) {
    return [null, REFUSED[error.name] ?? `${UNKNOWN} (${error.name})`];
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

function render({ model, el }) {
  const limit = model.get("seconds");
  el.innerHTML = `<div class="bp-aloud" role="group" aria-label="Say it aloud, against the clock">
    <p class="bp-ask"></p>
    <div class="bp-row">
      <button type="button" class="bp-start" data-lm-suppress-shortcuts="true"></button>
      <span class="bp-time" role="timer"></span>
      <span class="bp-level" role="img" aria-label="How loud the microphone hears you" hidden><span></span></span>
    </div>
    <p class="bp-note" role="status"></p>
    <audio controls hidden aria-label="What you said" data-lm-suppress-shortcuts="true"></audio>
  </div>`;
  const find = (selector) => el.querySelector(selector);
  const button = find(".bp-start"), time = find(".bp-time"), note = find(".bp-note"), audio = find("audio"), level = find(".bp-level");
  find(".bp-ask").textContent = model.get("prompt");

  let state = "ready", began = 0, drawing = 0, recorder = null, meter = null, stream = null, why = "";

  function show(next) {
    state = next;
    button.textContent = { ready: "● Start", asking: "Waiting for the microphone", running: "■ Stop", done: "● Say it again" }[state];
    button.setAttribute("aria-disabled", state === "asking"); // disabled, it would lose the keys
    level.hidden = !(state === "running" && meter);
  }

  function tick() {
    const taken = (performance.now() - began) / 1000;
    time.textContent = taken <= limit ? `${clock(Math.ceil(limit - taken))} left` : `${clock(taken - limit)} over`;
    time.classList.toggle("bp-over", taken > limit);
    if (meter) level.firstElementChild.style.width = `${100 * meter.level()}%`;
    if (taken >= LONGEST) return stop();
    drawing = requestAnimationFrame(tick);
  }

  async function start() {
    show("asking");
    forget();
    note.textContent = "";
    [stream, why] = await microphone();
    if (!el.isConnected) return release();
    if (stream) record();
    note.textContent = why || "Recording. Speak now.";
    began = performance.now();
    show("running");
    tick();
  }

  function record() {
    const chunks = [], type = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 32000 });
    recorder.ondataavailable = ({ data }) => chunks.push(data);
    recorder.onstop = () => {
      audio.src = URL.createObjectURL(new Blob(chunks, { type: recorder.mimeType }));
      audio.hidden = false;
      release();
      audio.focus({ preventScroll: true });
    };
    recorder.start(1000);
    meter = loudness(stream);
  }

  function stop() {
    cancelAnimationFrame(drawing);
    const taken = (performance.now() - began) / 1000, heard = Boolean(recorder);
    if (heard) recorder.stop();
    const said = `You spoke for ${Math.round(taken)} seconds.`;
    const words = taken < limit / 2 ? ` There is room for ${Math.round(limit - taken)} more.` : taken > limit + 5 ? " Cut a sentence." : "";
    note.textContent = `${said}${words} ${heard ? `Now listen. ${KEPT}` : why}`;
    show("done");
  }

  function release() {
    meter?.close();
    for (const track of stream?.getTracks() ?? []) track.stop();
    [recorder, meter, stream] = [null, null, null];
  }

  function forget() {
    if (audio.src) URL.revokeObjectURL(audio.src);
    audio.removeAttribute("src");
    audio.hidden = true;
  }

  button.addEventListener("click", () => {
    if (state === "running") stop();
    else if (state !== "asking") start();
  });
  ownKeys(el);
  time.textContent = `${clock(limit)} left`;
  show("ready");
  takeKeys(el, button, el);
  return () => {
    cancelAnimationFrame(drawing);
    if (recorder?.state === "recording") recorder.stop();
    release();
    forget();
  };
}

export default { render };
