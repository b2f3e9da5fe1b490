/* The portal's own script: what HTML and htmx cannot do alone. Every page works without it. */
"use strict";

/* ---------- tile map: one tab stop, arrow keys along the rows of hexagons ---------- */
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const middle = (link) => {
  const tile = link.querySelector(".tile");
  return [Number(tile.getAttribute("x")), Number(tile.getAttribute("y"))];
};

/** The nearest tile in a direction: sideways in the same row first, otherwise the least turn. */
const neighbour = (links, from, [dx, dy]) => {
  const [x, y] = middle(from);
  let best = null;
  let least = Infinity;
  for (const link of links) {
    const [tx, ty] = middle(link);
    const along = dx ? (tx - x) * dx : (ty - y) * dy;
    const across = Math.abs(dx ? ty - y : tx - x);
    if (along < 0.1) continue;
    const cost = along + across * (dx ? 4 : 1.5);
    if (cost < least) [best, least] = [link, cost];
  }
  return best;
};

const rove = (map) => {
  const links = [...map.querySelectorAll("a")];
  if (!links.length || map.dataset.roving) return;
  map.dataset.roving = "on";
  links.forEach((link, place) => link.setAttribute("tabindex", place ? "-1" : "0"));
  map.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const here = event.target.closest("a");
    if (!step || !here) return;
    const next = neighbour(links, here, step);
    event.preventDefault();
    if (!next) return;
    here.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  });
};

const RETRY = 10000;

/* ---------- writing: say what is saved, keep what is not ---------- */
const clock = () =>
  new Date().toLocaleTimeString("nb-NO", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
const status = (form, key) => {
  const place = form.querySelector("[data-saved]");
  if (!place) return;
  place.hidden = false;
  place.classList.toggle("saved--waiting", key !== "done");
  place.textContent = place.dataset[key].replace("{time}", clock());
};

/* What is saved as it is typed needs no button; without htmx the button stays. */
document.documentElement.classList.toggle("autosaves", "htmx" in window);

/* How much is written of what there is room for. */
document.addEventListener("input", (event) => {
  const place = event.target.closest?.(".ds-field")?.querySelector("[data-limit]");
  if (!place) return;
  const written = [...event.target.value].length;
  place.textContent = place.dataset.words.replace("{n}", written);
  place.classList.toggle("count--over", written > Number(place.dataset.limit));
});

/* How many times each form has been typed in since it was saved, and how many of those a request carries: an answer
   to earlier words leaves later ones unsaved. */
const unsaved = new Map();
const carried = new WeakMap();
window.addEventListener("beforeunload", (event) => {
  if (unsaved.size) event.preventDefault();
});
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-autosave]");
  if (form) unsaved.set(form, (unsaved.get(form) ?? 0) + 1);
});
document.addEventListener("submit", (event) => unsaved.delete(event.target));
/* Back in this tab, from signing in or with the network again: save at once what is not saved. */
const save = () => unsaved.forEach((_times, form) => htmx.trigger(form, "retry"));
document.addEventListener("visibilitychange", () => document.hidden || save());
window.addEventListener("online", save);

/* Signed in again in another tab, the form's token is the old one's: take the browser's. */
const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
document.addEventListener("submit", (event) => {
  const field = event.target.querySelector?.("input[name=csrfmiddlewaretoken]");
  if (field && token()) field.value = token();
});
document.addEventListener("htmx:configRequest", (event) => {
  const { parameters } = event.detail;
  if (parameters.csrfmiddlewaretoken && token()) parameters.csrfmiddlewaretoken = token();
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target.closest("form[data-autosave]");
  if (!form) return;
  carried.set(event.detail.xhr, unsaved.get(form));
  status(form, "saving");
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest("form[data-autosave]");
  if (!form) return;
  const code = event.detail.xhr.status; // 0 when the network is gone
  const signedOut = form.querySelector("[data-signed-out]");
  if (signedOut) signedOut.hidden = code !== 401;
  if (code >= 200 && code < 400) {
    if (unsaved.get(form) !== carried.get(event.detail.xhr)) return; // more is typed: its own request follows
    unsaved.delete(form);
    return status(form, "done");
  }
  if (code >= 400 && code < 500 && !(signedOut && code === 401)) {
    return status(form, "refused"); // the page says why; trying again will not help
  }
  status(form, "failed");
  setTimeout(() => htmx.trigger(event.target, "retry"), RETRY);
});

/* ---------- a form on its way is not sent again: two clicks are one ---------- */
const underWay = new Set();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return; // htmx sends it, or it only asks
  if (underWay.has(form)) return event.preventDefault();
  underWay.add(form);
  setTimeout(() => underWay.delete(form), RETRY); // the sending was stopped, or answered with a file
});
window.addEventListener("pageshow", () => underWay.clear()); // back from the page it led to

/* ---------- files: say at once when one is too large ---------- */
document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.type !== "file" || !input.dataset.maxBytes) return;
  const tooLarge = [...input.files].some((file) => file.size > Number(input.dataset.maxBytes));
  input.setCustomValidity(tooLarge ? input.dataset.tooLarge : "");
  input.setAttribute("aria-invalid", String(tooLarge));
  if (tooLarge) input.reportValidity();
});

/* ---------- long lists of boxes: found by words, and what is ticked stays in sight ---------- */
const FEW = 8;
const choosing = (box) => {
  const options = [...box.querySelectorAll(".options > *")];
  const find = box.querySelector("input[type=search]");
  if (options.length <= FEW || box.dataset.choose) return;
  box.dataset.choose = "on";
  find.parentElement.hidden = false;
  const narrow = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const option of options) {
      const text = option.textContent.toLowerCase();
      option.hidden =
        !option.querySelector(":checked") && !words.every((word) => text.includes(word));
    }
    const told = box.querySelector("[role=status]");
    told.textContent = told.dataset.shown.replace(
      "{n}",
      options.filter((option) => !option.hidden).length,
    );
  };
  find.addEventListener("input", narrow);
  find.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault()); // it sends nothing
};

/* ---------- lists that filter as one types: the count is read aloud, focus stays ---------- */
const ready = (root) => {
  root.querySelectorAll(".tilemap").forEach(rove);
  root.querySelectorAll("[data-choose]").forEach(choosing);
};
document.addEventListener("DOMContentLoaded", () => ready(document));
document.addEventListener("htmx:afterSettle", (event) => {
  ready(event.target);
  event.target.querySelector(".ds-error-summary")?.focus();
});
