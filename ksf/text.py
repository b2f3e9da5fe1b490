"""One door for text that comes in, from forms, files, interfaces and searches (X9).

What a person can read is never less after it: only signs that nobody sees are left out, and of pasted markup only the
tags that word processors and browsers write. ``a<b og c>d`` and ``Per <per@kommune.example>`` stay as they are.
"""

import html
import re
import unicodedata

NAMES = (
    "blockquote|colgroup|article|caption|section|center|figure|footer|header|strike|strong|small|style|"
    "table|tbody|tfoot|thead|title|abbr|body|cite|code|font|head|html|link|main|meta|span|big|col|del|"
    "div|img|ins|nav|o:p|pre|sub|sup|wbr|xml|br|dd|dl|dt|em|h1|h2|h3|h4|h5|h6|hr|li|ol|td|th|tr|tt|ul|a|"
    "b|i|p|s|u"
)
TAG = re.compile(rf"</?(?:{NAMES})(?:\s+[^<>]*)?\s*/?>|<!--.*?-->|<!\[(?:if|endif)[^<>]*>", re.IGNORECASE | re.DOTALL)
SILENT = re.compile(r"<(style|xml|head)(?:\s[^<>]*)?>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li|tr|h[1-6])\s*>", re.IGNORECASE)
CLOSED = re.compile(rf"</(?:{NAMES})\s*>|<br\s*/?>", re.IGNORECASE)
"""Markup that was pasted closes its elements; a sign in a sentence such as ``x <b y`` does not."""

LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
UNSEEN = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # control signs
    "\u00ad\u200b\u2060-\u2064\ufeff\ufff9-\ufffb"  # hints for line breaks and other signs of no width
    "\u202a-\u202e"  # orders to read backwards
    "\ud800-\udfff\ue000-\uf8ff\ufffe\uffff]"  # halves of signs, signs of one font's own, what is no sign
)
"""Signs that nobody sees. Joiners are not among them: without them an emoji falls apart."""

BULLETS = re.compile(r"^[ \t\u00a0]*[·•§\uf0b7\uf0a7\u25aa\u25cf][ \t\u00a0]+", re.MULTILINE)
SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+")
LONG_GAPS = re.compile(r"\n{3,}")


def normalised(text: str) -> str:
    """The same text as the portal keeps it: composed letters (NFC), one kind of line end, no sign that nobody sees."""
    return UNSEEN.sub("", unicodedata.normalize("NFC", LINE_ENDS.sub("\n", text)))


def plain_text(pasted: str) -> str:
    """The text without pasted markup and ragged space; paragraphs and list items stay on their lines."""
    text = LINE_ENDS.sub("\n", pasted)
    if CLOSED.search(text):
        text = html.unescape(TAG.sub("", BREAK.sub("\n", SILENT.sub("", text))))
    lines = (SPACES.sub(" ", line).strip() for line in normalised(BULLETS.sub("- ", text)).split("\n"))
    return LONG_GAPS.sub("\n\n", "\n".join(lines)).strip()


def one_line(pasted: str) -> str:
    """Plain text on one line, as a title is."""
    return " ".join(plain_text(pasted).split())
