// What scripts add to pages that work without them: dates are read back while they are typed,
// choices are offered by part of a name, repeated rows change without loading the page anew, the key
// / leads to the search field, and a form that has to wait for others who write sends itself again.
"use strict";

const PAUSE = 250;
// The server answers a try well before that, or has lost it.
const UNANSWERED = 90_000;

/** Calls `act` once typing has paused. */
function debounced(act) {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...given), PAUSE);
  };
}

/** Answers the JSON at `address` with one parameter set, or null where the server has no answer. */
async function ask(address, name, value) {
  const url = new URL(address, document.baseURI);
  url.searchParams.set(name, value);
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

function announce(text) {
  document.getElementById("announcements").textContent = text;
}

const readDate = debounced(async (input) => {
  const output = document.getElementById(`${input.id}-understood`);
  const typed = input.value.trim();
  const answer = typed ? await ask(input.dataset.understoodUrl, "text", typed) : {};
  if (!answer || input.value.trim() !== typed) return;
  output.textContent = answer.error || answer.text || "";
  output.toggleAttribute("data-wrong", Boolean(answer.error));
});

const offerChoices = debounced(async (input) => {
  const typed = input.value.trim();
  const answer = typed ? await ask(input.dataset.optionsUrl, "q", typed) : [];
  if (!answer || input.value.trim() !== typed) return;
  const options = answer.map(({ value, label }) => {
    const option = document.createElement("option");
    option.value = value;
    if (label && label !== value) option.label = label;
    return option;
  });
  input.list.replaceChildren(...options);
});

/** Typing a name anew takes back what was chosen among the candidates above it. */
function forgetCandidate(input) {
  const radios = input.closest(".field").querySelectorAll(".candidates input:checked");
  for (const radio of radios) radio.checked = false;
}

document.addEventListener("input", ({ target }) => {
  if (target.dataset.understoodUrl) readDate(target);
  if (target.dataset.optionsUrl) {
    forgetCandidate(target);
    offerChoices(target);
  }
});

/** The key / leads to the search field, unless somebody is typing something else. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  const field = document.getElementById("q-all") ?? document.getElementById("site-search");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});
for (const key of document.querySelectorAll(".site-search kbd")) key.hidden = false;

/** Puts the focus where a person goes on after adding, removing or moving a row. */
function focusAfter(rows, act, index) {
  const all = rows.querySelectorAll(".row");
  const spot = { add: all.length - 1, up: index - 1, down: index + 1, remove: Math.min(index, all.length - 1) }[act];
  const row = all[spot];
  const wanted = {
    add: ".row-fields :is(input, select, textarea):not([type=hidden])",
    remove: "button[value$=':remove']",
    up: "button[value$=':up']:enabled, button[value$=':down']",
    down: "button[value$=':down']:enabled, button[value$=':up']",
  }[act];
  const target = row?.querySelector(wanted) ?? rows.querySelector("button[value*=':add']") ?? rows;
  target.focus();
}

/** Has the server change the rows, as without a script, but takes over only their fieldset. */
async function changeRows(form, button) {
  const [name, second, third] = button.value.split(":");
  const act = second === "add" ? second : third;
  const rows = document.getElementById(`${name}-rows`);
  rows.setAttribute("aria-busy", "true");
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button) });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const changed = page.getElementById(rows.id);
  if (!changed) throw new Error(`no ${rows.id} in the answer`);
  rows.replaceWith(changed);
  focusAfter(changed, act, Number(second));
  announce(changed.dataset[`said${act}`] ?? "");
}

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button?.name !== "rows" || button.dataset.plain) return;
  event.preventDefault();
  if (document.querySelector(".rows[aria-busy]")) return;
  changeRows(event.target, button).catch(() => {
    button.dataset.plain = "yes";
    button.click();
  });
});

/** What the page before this one left, of the same waiting: `stopped`, `focus`, and `sent`, the answer
 * from which a try was sent last. */
function waitingKept(since) {
  try {
    const kept = JSON.parse(sessionStorage.getItem("waiting"));
    return kept?.since === since ? kept : {};
  } catch {
    return {};
  }
}

/** The page that holds a form until others have written: sends it by itself, one try at a time. */
function waitToSave(form) {
  const since = document.getElementById("waiting-since");
  const next = document.getElementById("waiting-next");
  const send = document.getElementById("waiting-send");
  const stop = document.getElementById("waiting-stop");
  const how = document.getElementById("waiting-how");
  const pause = Number(form.dataset.waiting) * 1000;
  const answered = Number(form.dataset.answered);
  const clock = new Intl.DateTimeFormat(document.documentElement.lang, {
    hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  });
  const kept = waitingKept(since.dateTime);
  let stopped = Boolean(kept.stopped);
  let sent = kept.sent >= answered;
  let timer;

  const say = (word, time = "") => {
    next.textContent = next.dataset[word].replace("{time}", time);
  };
  const keep = () => {
    const focus = form.contains(document.activeElement) ? document.activeElement.id : "";
    try {
      const left = { since: since.dateTime, stopped, focus, sent: sent ? answered : kept.sent };
      sessionStorage.setItem("waiting", JSON.stringify(left));
    } catch {
      // Without storage, what is shown next begins anew.
    }
  };
  const rest = (word) => {
    clearTimeout(timer);
    stop.hidden = true;
    how.textContent = how.dataset.rests;
    say(word);
  };
  const tryLater = () => {
    say("next", clock.format(Date.now() + pause));
    timer = setTimeout(() => send.click(), pause);
  };
  const unsure = () => {
    sent = false;
    document.querySelector(".page-state").hidden = true;
    rest("unsure");
    announce(next.textContent);
  };

  form.addEventListener("submit", (event) => {
    // A second try beside the first might save twice.
    if (sent) return event.preventDefault();
    sent = true;
    clearTimeout(timer);
    say("trying");
    timer = setTimeout(unsure, UNANSWERED);
  });
  // Whoever presses the button by hand wants to wait again.
  send.addEventListener("click", ({ isTrusted }) => {
    if (isTrusted && !sent) stopped = false;
  });
  stop.addEventListener("click", () => {
    stopped = true;
    if (sent) say("stopping");
    else rest("stopped");
    stop.hidden = true;
    send.focus();
    announce(next.textContent);
  });
  window.addEventListener("pagehide", () => {
    keep();
    clearTimeout(timer);
  });
  // Shown again by the button Back: what was sent from here may be saved long since.
  window.addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    if (sent) unsure();
    else if (!stopped) tryLater();
  });

  for (const part of document.querySelectorAll(".without-script")) part.remove();
  for (const part of document.querySelectorAll(".with-script")) part.classList.remove("with-script");
  since.textContent = clock.format(new Date(since.dateTime));
  if (kept.focus) document.getElementById(kept.focus)?.focus({ preventScroll: true });
  if (sent) unsure();
  else if (stopped) rest("stopped");
  else tryLater();
  announce(`${since.closest("div").textContent}. ${next.closest("div").textContent}`.replace(/\s+/g, " "));
}

for (const form of document.querySelectorAll("form[data-waiting]")) waitToSave(form);

// Scripts of type "defer" run when the page stands: errors first, else the first field of a new form.
const summary = document.querySelector(".error-summary");
const fresh = document.querySelector("form[data-fresh]");
const first = fresh?.querySelector(":is(input, select, textarea):not([type=hidden], [readonly])");
(summary ?? first)?.focus();
