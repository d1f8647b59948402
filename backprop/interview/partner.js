// The partner's page: keeps what was tapped, counts the time, and writes the result. PLAN is defined before it.
"use strict";
const $ = id => document.getElementById(id), all = selector => [...document.querySelectorAll(selector)];
const rounds = PLAN.rounds.length;
const fresh = () => ({ at: 0, on: [], open: [], texts: {}, spent: PLAN.rounds.map(() => 0), since: null, began: null });
let state = fresh(), keeps = true;

// ---- what is kept ----

function load() {
    try {
        const kept = JSON.parse(localStorage.getItem(PLAN.key) ?? "null");
        if (kept?.spent?.length === rounds) state = { ...fresh(), ...kept };
    } catch {
        lose();
    }
}

function keep() {
    try {
        localStorage.setItem(PLAN.key, JSON.stringify(state));
    } catch {
        lose();
    }
}

function lose() {
    if (keeps) tell("This browser keeps nothing here: don't reload the page before you have handed over the result.");
    keeps = false;
}

function tell(text) {
    $("said").textContent = text;
}

// ---- where we are ----

const section = n => $(n > rounds ? "s-end" : `s-${n}`);

function show(n, focus = true) {
    state.at = Math.max(0, Math.min(rounds + 1, n));
    all("section").forEach(one => { one.hidden = one !== section(state.at); });
    $("where").textContent = `Round ${state.at} of ${rounds}`;
    $("anew").hidden = state.began === null;
    $("anew").textContent = "Begin anew";
    all("#s-0 .main")[0].textContent = state.began === null ? "Begin" : "Go on";
    if (state.at > rounds) finish();
    if (focus) {
        scrollTo(0, 0);
        section(state.at).querySelector("[tabindex]").focus();
    }
    tick();
}

function move(by) {
    halt();
    tell("");
    show(state.at + by);
    keep();
}

// ---- the clock ----

const running = () => state.since !== null;
const spent = n => state.spent[n - 1] + (running() && state.at === n ? Math.max(0, Date.now() - state.since) : 0);
const clock = seconds => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

function run() {
    state.since = Date.now();
    state.began ??= state.since;
}

function halt() {
    if (running() && inRound()) state.spent[state.at - 1] = spent(state.at);
    state.since = null;
}

const inRound = () => state.at >= 1 && state.at <= rounds;

function tick() {
    const header = document.querySelector("header");
    header.hidden = !inRound();
    if (!inRound()) return;
    const given = PLAN.rounds[state.at - 1].seconds, left = given - spent(state.at) / 1000;
    const stop = new Date(Date.now() + 1000 * left).toTimeString().slice(0, 5);
    const late = left <= 0;
    header.classList.toggle("late", late);
    $("clock").textContent = late ? `stop: ${clock(-left)} over` : `${clock(Math.ceil(left))} left, stop at ${stop}`;
    if (late && running() && $("said").textContent === "") tell("Time is up. Say: “Let's stop here.”");
    $("go").textContent = running() ? "Stop" : spent(state.at) ? "Go on" : "Start clock";
}

// ---- what is tapped ----

function changed(event) {
    const input = event.target;
    if (!input.id || input.id === "result") return;
    if (input.type === "textarea") {
        state.texts[input.id] = input.value;
    } else {
        state.on = all("input:checked").map(one => one.id);
        if (input.type === "radio") given(input);
        else if (inRound() && !running() && !spent(state.at)) run();  // nobody starts the clock while listening
    }
    keep();
    tick();
}

function given(input) {
    const axis = input.name.replace("-level-", "-given-");
    if (axis !== input.name) $(axis).textContent = input.nextElementSibling.querySelector("b").textContent;
}

function ask(button, open) {
    button.setAttribute("aria-expanded", open);
    $(button.getAttribute("aria-controls")).hidden = !open;
    state.open = all(".ask[aria-expanded=true]").map(one => one.id);
}

// ---- the result ----

const chosen = prefix => state.on.filter(id => id.startsWith(prefix)).map(id => id.slice(prefix.length));
const answers = prefix => Object.fromEntries(
    chosen(prefix).map(id => [id.replace(/-(yes|no)$/, ""), id.endsWith("-yes")]));

function result() {
    const found = PLAN.rounds.map(({ question, part }, k) => {
        const n = k + 1, asked = {}, had = answers(`r${n}-had-`), quote = (state.texts[`r${n}-quote`] ?? "").trim();
        for (const id of state.open) if (id.startsWith(`r${n}-ask-`)) asked[id.slice(`r${n}-ask-`.length)] = null;
        return {
            question, part, minutes: Math.round(spent(n) / 600) / 100,
            heard: chosen(`r${n}-heard-`), wrong: chosen(`r${n}-wrong-`), process: chosen(`r${n}-process-`),
            hints: chosen(`r${n}-hint-`).length, asked: { ...asked, ...had }, proofs: answers(`r${n}-proof-`),
            levels: Object.fromEntries(chosen(`r${n}-level-`).map(id => [id.slice(0, -2), Number(id.slice(-1))])),
            answers: [], quotes: quote ? [quote] : [],
        };
    });
    const { version, plan, seed, topic } = PLAN;
    return { "backprop interview": version, by: "partner", plan, seed, topic,
        began: state.began === null ? null : Math.round(state.began / 1000), rounds: found };
}

function finish() {
    const made = result(), left = made.rounds.flatMap((one, k) => Object.keys(one.levels).length ? [] : [k + 1]);
    $("missing").textContent = left.length ? `Not rated yet: round ${left.join(", ")}.` : "";
    $("result").value = JSON.stringify(made);
    URL.revokeObjectURL($("file").href);
    $("file").href = URL.createObjectURL(new Blob([$("result").value], { type: "application/json" }));
    $("share").hidden = !navigator.share;
}

async function copy() {
    $("result").select();
    try {
        await navigator.clipboard.writeText($("result").value);
        tell("Copied.");
    } catch {
        tell(document.execCommand("copy") ? "Copied." : "Copying isn't allowed here: hold the text, and copy it.");
    }
}

// ---- begin ----

load();
for (const id of state.on) if ($(id)) $(id).checked = true;
for (const [id, text] of Object.entries(state.texts)) if ($(id)) $(id).value = text;
for (const id of [...state.open]) if ($(id)) ask($(id), true);
all("input:checked").forEach(given);
document.addEventListener("input", changed);
all(".ask").forEach(one => one.addEventListener("click", () => {
    ask(one, one.getAttribute("aria-expanded") !== "true");
    keep();
}));
all(".to").forEach(one => one.addEventListener("click", () => move(Number(one.dataset.to))));
$("go").addEventListener("click", () => {
    if (running()) {
        halt();
        tell("");
    } else run();
    keep();
    tick();
});
$("copy").addEventListener("click", copy);
$("share").addEventListener("click", () => navigator.share({ text: $("result").value }).catch(() => {}));
$("anew").addEventListener("click", () => {
    if ($("anew").textContent === "Begin anew") {
        $("anew").textContent = "Yes, forget all of it";
        return;
    }
    state = fresh();
    keep();
    location.reload();
});
show(state.at, false);
keep();
setInterval(tick, 500);
