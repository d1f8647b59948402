
// A page that stands alone: what Python would send lies in the page, and this answers in its place. It follows the
// explorer's own module, which is `widget`.

const stored = (id) => document.getElementById(id)?.textContent;

// Some frames are many and much alike, so they lie in the page compressed.
async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt());
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}

// A state with what is otherwise on a narrow page put in.
function merged(state, other) {
  if (other === null || typeof other !== "object") return other;
  const both = Array.isArray(state) ? [...state] : { ...state };
  for (const [name, value] of Object.entries(other)) both[name] = merged(both[name], value);
  return both;
}

// What modules use of Jupyter's models.
class Model {
  heard = {};

  constructor(state, frames) {
    this.first = state;
    this.state = { ...state, alone: true };
    this.frames = frames;
  }

  get(name) { return this.state[name]; }

  set(values) {
    const changed = Object.keys(values).filter((name) => values[name] !== this.state[name]);
    Object.assign(this.state, values);
    for (const event of [...changed.map((name) => `change:${name}`), "change"]) this.#tell(event);
  }

  // A film has a frame for each value of its one slider: the nearest is shown.
  save_changes() {
    const { film, values } = this.state;
    if (!film) return;
    const away = ([value]) => Math.abs(value - values[film]);
    const [value, svg, words] = this.frames.reduce((best, frame) => (away(frame) < away(best) ? frame : best));
    this.set({ values: { ...values, [film]: value }, svg, words });
  }

  send(message) {
    if (message === "reset" || message.press === "Reset") this.set(this.first);
  }

  on(event, act) { (this.heard[event] ??= new Set()).add(act); }
  off(event, act) { this.heard[event]?.delete(act); }
  #tell(event) { for (const act of this.heard[event] ?? []) act(); }
}

const place = document.getElementById("explorer");
const phone = matchMedia("(max-width: 640px)");
const wide = JSON.parse(stored("wide")), narrow = JSON.parse(stored("narrow"));
const frames = stored("frames") && await unpacked(stored("frames"));
let end;

function show() {
  end?.();
  place.replaceChildren();
  end = widget.render({ model: new Model(phone.matches ? merged(wide, narrow) : wide, frames), el: place });
}

show();
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
if (parent === window && !calm) place.querySelector("button.play")?.click(); // who opens the page sees it move
// A phone that is turned goes on at the same step.
phone.addEventListener("change", () => {
  const track = () => place.querySelector("input[type=range]");
  const at = track().value;
  show();
  track().value = at;
  track().dispatchEvent(new Event("input"));
});

// Inside of another page: as high as what is shown, and in that page's colors.
if (parent !== window) {
  document.documentElement.classList.add("inside");
  const tell = () => parent.postMessage({ explorer: document.body.scrollHeight }, "*");
  new ResizeObserver(tell).observe(document.body);
  addEventListener("message", ({ data }) => {
    if (["light", "dark", "light dark"].includes(data?.scheme)) document.documentElement.style.colorScheme = data.scheme;
  });
}
