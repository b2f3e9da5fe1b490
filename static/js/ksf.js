/* The portal's own script: what HTML and htmx cannot do alone. Every page works without it. */
"use strict";

const RETRY_AFTER_MS = 10000;

/* ---------- tile map: one tab stop, arrow keys along the rows of hexagons ---------- */
const DIRECTIONS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const centreOf = (link) => {
  const tile = link.querySelector(".tile");
  return [Number(tile.getAttribute("x")), Number(tile.getAttribute("y"))];
};

/** The nearest tile in a direction: sideways in the same row first, otherwise the least turn. */
const nearestTile = (links, from, [dx, dy]) => {
  const [x, y] = centreOf(from);
  let nearest = null;
  let leastCost = Infinity;
  for (const link of links) {
    const [tileX, tileY] = centreOf(link);
    const along = dx ? (tileX - x) * dx : (tileY - y) * dy;
    const across = Math.abs(dx ? tileY - y : tileX - x);
    if (along < 0.1) continue; // behind, beside, or the tile itself
    const cost = along + across * (dx ? 4 : 1.5); // sideways keeps to its row
    if (cost < leastCost) [nearest, leastCost] = [link, cost];
  }
  return nearest;
};

const enableArrowKeys = (map) => {
  const links = [...map.querySelectorAll("a")];
  if (!links.length || map.dataset.arrowKeys) return;
  map.dataset.arrowKeys = "on";
  links.forEach((link, index) => link.setAttribute("tabindex", index ? "-1" : "0"));
  map.addEventListener("keydown", (event) => {
    const direction = DIRECTIONS[event.key];
    const current = event.target.closest("a");
    if (!direction || !current) return;
    const next = nearestTile(links, current, direction);
    event.preventDefault(); // at the edge too: the page does not scroll under the map
    if (!next) return;
    current.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  });
};

/* ---------- writing: say what is saved, keep what is not ---------- */
const timeOfDay = () =>
  new Date().toLocaleTimeString("nb-NO", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");

/** What saves the form as it is typed: the form itself, into its row, or an element in it, for its writer alone. */
const saversOf = (form) => {
  if (!form) return [];
  const inside = [...form.querySelectorAll("[data-autosave]")];
  return form.matches("[data-autosave]") ? [form, ...inside] : inside;
};

/** Show one of the texts that the page carries: saving, done, refused or failed. */
const showStatus = (saver, key) => {
  const status = saver.closest("form").querySelector("[data-saved]");
  if (!status) return;
  status.hidden = false;
  status.classList.toggle("saved--waiting", key !== "done");
  status.textContent = status.dataset[key].replace("{time}", timeOfDay());
};

/** What is saved is read where one sends the form, once. */
const placeStatus = (status) => {
  const form = status.closest("form");
  const shown = form.querySelectorAll("[data-saved]");
  if (shown.length > 1) return status.remove();
  form.querySelector(".form-end")?.append(status);
};

/* What is saved as it is typed needs no button; without htmx the button stays. */
document.documentElement.classList.toggle("autosaves", "htmx" in window);

/* How much is written of what there is room for. */
document.addEventListener("input", (event) => {
  const counter = event.target.closest?.(".ds-field")?.querySelector("[data-limit]");
  if (!counter) return;
  const length = [...event.target.value].length; // in characters, as the server counts, not in UTF-16 units
  counter.textContent = counter.dataset.words.replace("{n}", length);
  counter.classList.toggle("count--over", length > Number(counter.dataset.limit));
});

/* How many times each form has been typed in since it was saved, and how many of those a request carries: an answer
   to earlier text leaves later text unsaved. */
const unsavedEdits = new Map();
const editsInRequest = new WeakMap();
window.addEventListener("beforeunload", (event) => {
  if (unsavedEdits.size) event.preventDefault();
});
document.addEventListener("input", (event) => {
  for (const saver of saversOf(event.target.closest?.("form"))) {
    unsavedEdits.set(saver, (unsavedEdits.get(saver) ?? 0) + 1);
  }
});
document.addEventListener("submit", (event) => saversOf(event.target).forEach((saver) => unsavedEdits.delete(saver)));

/* Back in this tab, from signing in or with the network again: save at once what is not saved. */
const saveNow = () => unsavedEdits.forEach((_edits, saver) => htmx.trigger(saver, "retry"));
document.addEventListener("visibilitychange", () => document.hidden || saveNow());
window.addEventListener("online", saveNow);

/* A form on its way is not kept any more: what is late would come back after it is sent. */
const formsUnderWay = new Set();
document.addEventListener("htmx:beforeRequest", (event) => {
  const saver = event.target.closest("[data-autosave]");
  if (!saver) return;
  if (formsUnderWay.has(saver.closest("form"))) return event.preventDefault();
  editsInRequest.set(event.detail.xhr, unsavedEdits.get(saver));
  showStatus(saver, "saving");
});
document.addEventListener("htmx:afterRequest", (event) => {
  const saver = event.target.closest("[data-autosave]");
  if (!saver || formsUnderWay.has(saver.closest("form"))) return;
  const code = event.detail.xhr.status; // 0 when the network is gone
  const saved = event.detail.xhr.getResponseHeader("X-Saved"); // a sign-in page or another's proxy does not say so
  if (saved === "yes") {
    if (unsavedEdits.get(saver) !== editsInRequest.get(event.detail.xhr)) return; // more is typed: its own request follows
    unsavedEdits.delete(saver);
    const isAllSaved = !saversOf(saver.closest("form")).some((other) => unsavedEdits.has(other));
    return isAllSaved && showStatus(saver, "done");
  }
  if (saved === "no" || (code >= 400 && code < 500 && ![401, 429].includes(code))) {
    return showStatus(saver, "refused"); // the page says why; trying again will not help
  }
  showStatus(saver, "failed");
  setTimeout(() => htmx.trigger(event.target, "retry"), RETRY_AFTER_MS);
});

/* ---------- signed out: the page stays as it is and says so, until something is answered again ---------- */
document.addEventListener("htmx:afterRequest", (event) => {
  const notice = document.querySelector("[data-signed-out]");
  const code = event.detail.xhr.status;
  if (notice && code) notice.hidden = code !== 401;
});

/* ---------- signed in again in another tab: the form's token is the old one's, take the browser's ---------- */
const csrfToken = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
document.addEventListener("submit", (event) => {
  const field = event.target.querySelector?.("input[name=csrfmiddlewaretoken]");
  if (field && csrfToken()) field.value = csrfToken();
});
document.addEventListener("htmx:configRequest", (event) => {
  const { parameters } = event.detail;
  if (parameters.csrfmiddlewaretoken && csrfToken()) parameters.csrfmiddlewaretoken = csrfToken();
});

/* ---------- a form on its way is not sent again: two clicks are one ---------- */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return; // htmx sends it, or it only asks
  if (formsUnderWay.has(form)) return event.preventDefault();
  formsUnderWay.add(form);
  saversOf(form).forEach((saver) => window.htmx?.trigger(saver, "htmx:abort"));
  setTimeout(() => formsUnderWay.delete(form), RETRY_AFTER_MS); // the sending was stopped, or answered with a file
});
window.addEventListener("pageshow", () => formsUnderWay.clear()); // back from the page it led to

/* ---------- files: say at once when one is too large ---------- */
document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.type !== "file" || !input.dataset.maxBytes) return;
  const isTooLarge = [...input.files].some((file) => file.size > Number(input.dataset.maxBytes));
  input.setCustomValidity(isTooLarge ? input.dataset.tooLarge : "");
  input.setAttribute("aria-invalid", String(isTooLarge));
  if (isTooLarge) input.reportValidity();
});

/* ---------- long lists of boxes: searched as one types, and what is ticked stays in sight ---------- */
const FEW_OPTIONS = 8;
const enableSearch = (box) => {
  const options = [...box.querySelectorAll(".options > *")];
  if (options.length <= FEW_OPTIONS || box.dataset.choose) return;
  box.dataset.choose = "on";
  const search = box.querySelector("input[type=search]");
  const count = box.querySelector("[role=status]");
  search.parentElement.hidden = false;
  search.addEventListener("input", () => {
    const terms = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const option of options) {
      const text = option.textContent.toLowerCase();
      option.hidden = !option.querySelector(":checked") && !terms.every((term) => text.includes(term));
    }
    const shown = options.filter((option) => !option.hidden).length;
    count.textContent = count.dataset.shown.replace("{n}", shown);
  });
  search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault()); // it sends nothing
};

/* ---------- days: written as Norwegians write them, with the browser's own calendar as a help ---------- */
const DAY_TYPED = /^(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})(?: (?:kl\. ?)?(\d{1,2})[.:](\d{2}))?$/;
const DAY_PICKED = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}))?/;
const twoDigits = (number) => String(number).padStart(2, "0");

/** What the calendar is to open on: the day that is typed, where it is one. */
const asPicked = (typed, kind) => {
  const [, day, month, year, hour = 12, minute = 0] = typed.trim().match(DAY_TYPED) ?? [];
  if (!year) return "";
  const date = `${year}-${twoDigits(month)}-${twoDigits(day)}`;
  return kind === "date" ? date : `${date}T${twoDigits(hour)}:${twoDigits(minute)}`;
};

/** What stands in the field when a day is picked. */
const asTyped = (picked) => {
  const [, year, month, day, hour, minute] = picked.match(DAY_PICKED) ?? [];
  if (!year) return "";
  return `${Number(day)}.${Number(month)}.${year}${hour ? ` ${hour}.${minute}` : ""}`;
};

const addCalendar = (field) => {
  if (field.dataset.hasCalendar || !("showPicker" in HTMLInputElement.prototype)) return;
  field.dataset.hasCalendar = "on";
  const picker = document.createElement("input");
  picker.type = field.dataset.picks;
  picker.className = "calendar__native";
  picker.tabIndex = -1;
  picker.setAttribute("aria-hidden", "true");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "ds-button";
  button.dataset.variant = "tertiary";
  button.textContent = field.dataset.calendar;
  button.addEventListener("click", () => {
    picker.value = asPicked(field.value, picker.type);
    picker.showPicker();
  });
  picker.addEventListener("input", (event) => event.stopPropagation()); // it has no name: only the field is saved
  picker.addEventListener("change", () => {
    field.value = asTyped(picker.value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  const frame = document.createElement("div");
  frame.className = "calendar";
  field.replaceWith(frame);
  frame.append(field, button, picker);
};

/* ---------- a page, and the part of one that htmx put in: errors are read first ---------- */
const prepare = (root) => {
  root.querySelectorAll(".tilemap").forEach(enableArrowKeys);
  root.querySelectorAll("[data-choose]").forEach(enableSearch);
  root.querySelectorAll("[data-picks]").forEach(addCalendar);
  root.querySelectorAll(".unsent [data-saved]").forEach(placeStatus);
};
document.addEventListener("DOMContentLoaded", () => prepare(document));
document.addEventListener("htmx:afterSettle", (event) => {
  prepare(event.target);
  event.target.querySelector(".ds-error-summary")?.focus();
});
