"""Text as people paste it, made plain: no markup from word processors, no signs nobody sees."""

import html
import re
import unicodedata

MARKUP = re.compile(r"<(?:/?[a-z][a-z0-9:]*\b[^<>]*|!--.*?--|!\[[^>]*|\?[^<>]*)>", re.IGNORECASE | re.DOTALL)
SILENT = re.compile(r"<(style|script|xml|head)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
BREAKS = re.compile(r"<(?:br\s*/?|/p|/div|/li|/tr|/h[1-6])\s*>", re.IGNORECASE)
BULLETS = re.compile(r"^[ \t\u00a0]*[·•§\uf0b7\uf0a7\u25aa\u25cf][ \t\u00a0]+", re.MULTILINE)
LONG_GAPS = re.compile(r"\n{3,}")
SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f]+")
KEPT = {"\n", "\t"}


def plain_text(pasted: str) -> str:
    """The text without markup, invisible characters and ragged space; paragraphs and list items stay on their lines."""
    text = pasted.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\u2028", "\n")
    if MARKUP.search(text):
        text = html.unescape(MARKUP.sub("", BREAKS.sub("\n", SILENT.sub("", text))))
    text = unicodedata.normalize("NFC", BULLETS.sub("- ", text))
    text = "".join(sign for sign in text if sign in KEPT or unicodedata.category(sign) not in {"Cc", "Cf", "Co", "Cs"})
    lines = (SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return LONG_GAPS.sub("\n\n", "\n".join(lines)).strip()


def one_line(pasted: str) -> str:
    """Plain text on one line, as a title is."""
    return " ".join(plain_text(pasted).split())
