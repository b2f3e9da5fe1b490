"""Text that comes in is made plain, and what a person can read is never less after it (X9)."""

import html
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ksf.text import BULLETS, UNSEEN, normalised, one_line, plain_text

WRITTEN = [
    "Per <per@haugesund.kommune.no>", "a<b og c>d", "x <b y", "3 < 5 > 2", "<3", "R&D &amp; F&U", "«Bo <hjemme>»", "\v",
    "👩‍👩‍👧", "Åse", "Guovdageaidnu", "שלום", "1\u202f000", "- punkt\n", "</", "<>", "<!", "\r\n", "\u200b",
]  # fmt: skip
texts = st.lists(st.one_of(st.sampled_from(WRITTEN), st.text(max_size=8)), max_size=12).map(" ".join)


def readable(text):
    """The signs one sees, in order; a bullet is seen as the hyphen that begins the item."""
    text = unicodedata.normalize("NFC", BULLETS.sub("- ", text.replace("\r\n", "\n").replace("\r", "\n")))
    return "".join(sign for sign in UNSEEN.sub("", text) if not sign.isspace())


@given(texts)
def test_what_can_be_read_is_never_less_after_saving(text):
    assert readable(plain_text(text)) == readable(text)
    assert readable(one_line(text)) == readable(text)
    assert readable(normalised(text)) == readable(text)


@given(texts)
def test_saved_twice_is_saved_once(text):
    assert normalised(normalised(text)) == normalised(text)
    assert plain_text(plain_text(text)) == plain_text(text)


@given(texts.filter(lambda text: not text[:1].isspace()))
def test_of_pasted_markup_only_the_tags_go(text):
    pasted = f'<p class="MsoNormal"><b>{html.escape(text)}</b></p>'
    assert readable(plain_text(pasted)).lstrip("-") == readable(text).lstrip("-·•§▪●\uf0b7\uf0a7")


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("Per <per@haugesund.kommune.no>", "Per <per@haugesund.kommune.no>"),
        ("a<b og c>d", "a<b og c>d"),
        ("A\u030ase", "Åse"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("en\vto", "en\nto"),
        ("<p>Første</p><p>·\u00a0 Andre</p>", "Første\n- Andre"),
        ("<ul><li>Én</li><li>To</li></ul>", "Én\nTo"),
        ("<style>p {}</style><p>Tekst<o:p></o:p></p>", "Tekst"),
    ],
)
def test_text_as_people_write_and_paste_it(pasted, kept):
    assert plain_text(pasted) == kept
