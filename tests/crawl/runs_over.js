// What stands outside the screen, and text outside its box, five at most; the innermost first: that is what to mend.
() => {
  const isToScroll = (element) =>
    element.closest(
      ".table-scroll, pre, svg, textarea, select, [hidden], .ds-sr-only, .ds-skip-link, .table-rows thead",
    );
  const ends = (rectangle, edge) => rectangle.right > edge + 1.5;
  const boxOf = (element) =>
    getComputedStyle(element).display.startsWith("inline") ? boxOf(element.parentElement) : element;
  const found = [];
  const says = (element, why) => found.push(`${why}: ${element.outerHTML.slice(0, 160)}`);
  for (const element of [...document.querySelectorAll("body *")].reverse()) {
    if (isToScroll(element) || !element.checkVisibility()) continue;
    const box = boxOf(element).getBoundingClientRect();
    const range = document.createRange();
    for (const text of element.childNodes) {
      if (text.nodeType !== Node.TEXT_NODE || !text.data.trim()) continue;
      range.selectNodeContents(text);
      const letters = range.getBoundingClientRect();
      if (ends(letters, innerWidth)) says(element, "text outside the screen");
      else if (ends(letters, box.right)) says(element, "text outside its box");
    }
    if (ends(element.getBoundingClientRect(), innerWidth)) says(element, "outside the screen");
    if (found.length >= 5) break;
  }
  if (!found.length && document.documentElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
  return found;
};
