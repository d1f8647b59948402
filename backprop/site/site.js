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

// What is too wide for its page scrolls by itself: the theme would cut it off. Folded formulas have no width yet.
function scrolls() {
  const room = document.querySelector("article")?.clientWidth;
  for (const one of document.querySelectorAll("mjx-container:not([display])")) {
    one.classList.toggle("wide", one.querySelector("svg")?.getBoundingClientRect().width > room);
  }
  for (const one of document.querySelectorAll("pre, .table-wrapper")) {
    if (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== "visible") one.tabIndex = 0;
  }
}

addEventListener("load", async () => {
  new MutationObserver(() => frames().forEach(color)).observe(document.body, { attributeFilter: ["data-theme"] });
  await window.MathJax?.startup?.promise;
  scrolls();
  addEventListener("resize", scrolls);
  addEventListener("toggle", scrolls, true);
});
