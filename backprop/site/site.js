// What the site adds to its theme: explorers as high as what they show and in the page's colors, and keys for what
// scrolls sideways.

const frames = () => [...document.querySelectorAll("iframe.explorer")];

addEventListener("message", ({ data, source }) => {
  const frame = frames().find((one) => one.contentWindow === source);
  if (!frame || !(data?.explorer > 0)) return;
  frame.style.height = `${Math.ceil(data.explorer)}px`;
  color(frame);
});

function color(frame) {
  const theme = document.body.dataset.theme;
  frame.contentWindow.postMessage({ scheme: ["light", "dark"].includes(theme) ? theme : "light dark" }, "*");
}

function scrolls() {
  for (const one of document.querySelectorAll("pre, .table-wrapper, .cell_output > div, mjx-container")) {
    if (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== "visible") one.tabIndex = 0;
  }
}

addEventListener("DOMContentLoaded", () => {
  new MutationObserver(() => frames().forEach(color)).observe(document.body, { attributeFilter: ["data-theme"] });
  scrolls();
  addEventListener("resize", scrolls);
  addEventListener("toggle", scrolls, true);
});
