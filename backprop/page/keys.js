// JupyterLab's keys and an explorer's: who runs a cell to play with what it shows shall not have to click it first.
// This stands in front of each explorer's own module.

const NOTEBOOK = ".jp-Notebook", CELL = ".jp-Cell";
const PATIENCE = 3000; // ms, for JupyterLab to lay out the new output and to scroll to the cell that it selects next

// Whether a person has just run this cell, by Shift+Enter or Ctrl+Enter, and has not gone on to write elsewhere.
function justRun(el) {
  const cell = el.closest(CELL), active = el.closest(NOTEBOOK)?.querySelector(`${CELL}.jp-mod-active`);
  const writing = document.activeElement?.closest(".cm-editor, input, textarea, select");
  const asked = navigator.userActivation?.isActive ?? true; // opening a notebook or restarting a kernel is no request
  return Boolean(cell && active && asked && !writing && (active === cell || active === cell.nextElementSibling));
}

function reveal(el, picture) {
  const height = el.closest(".jp-WindowedPanel-outer")?.clientHeight ?? window.innerHeight;
  const whole = [el, picture].find((one) => one.getBoundingClientRect().height <= height) ?? picture;
  whole.scrollIntoView({ block: "nearest" });
}

// Give `place` the keys once it stands on the page, with the whole picture in view.
export function takeKeys(el, place, picture = place) {
  const began = performance.now();
  let taken = false;
  const look = () => {
    if (performance.now() - began > PATIENCE) return;
    if (!el.isConnected || picture.getBoundingClientRect().height === 0) return requestAnimationFrame(look);
    if (!taken && !justRun(el)) return;
    if (taken && !el.contains(document.activeElement)) return; // the person has moved on
    if (!taken) place.focus({ preventScroll: true });
    taken = true;
    reveal(el, picture);
    setTimeout(look, 100);
  };
  requestAnimationFrame(look);
}

// Shift+Enter and Ctrl+Enter stay JupyterLab's: on to the next cell (this one has been run), or run this one again.
export function handOn(event) {
  const again = event.ctrlKey || event.metaKey;
  if (event.key !== "Enter" || !(event.shiftKey || again) || !event.target.closest(CELL)) return false;
  event.preventDefault();
  event.stopPropagation();
  const cell = releaseKeys(event.target);
  const [code, keyCode] = again ? ["Enter", 13] : ["ArrowDown", 40];
  const key = { key: code, code, keyCode, ctrlKey: again, bubbles: true, cancelable: true };
  cell.dispatchEvent(new KeyboardEvent("keydown", key));
  return true;
}

// The keys are the notebook's again.
export function releaseKeys(el) {
  const cell = el.closest(CELL);
  cell?.focus({ preventScroll: true });
  return cell;
}
