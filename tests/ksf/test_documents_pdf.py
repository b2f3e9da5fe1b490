import hashlib
import re
from datetime import date
from io import BytesIO

import pikepdf
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from django.utils import translation

from ksf.documents import blocks, checks, pdf, typography
from tests import hostile
from tests.ksf import pdf_file
from tests.ksf.document_samples import SAMPLES

LANGUAGES = {"nb": "nb-NO", "nn": "nn-NO"}
WORDS = {
    ("award", "nb"): ["Tilsagn om 850 000 kroner", "Kárášjohka", "Med hilsen", "Side 1 av", "KSF-2026-0143", "560 000"],
    ("award", "nn"): ["Tilsegn om 850 000 kroner", "Kárášjohka", "Med helsing", "Side 1 av", "innan 2. april 2026"],
    ("rejection", "nb"): ["Avslag på søknad", "§§ 28 og 29", "Begrunnelse", "4,6"],
    ("rejection", "nn"): ["Avslag på søknad", "Grunngiving"],
    ("application", "nb"): ["Klynge Haugaland", "Kontrollsum (SHA-256)", "9f3a27c1 5be0d844", "Søknaden er forseglet"],
    ("application", "nn"): ["Klynge Haugaland", "Kontrollsum (SHA-256)", "Søknaden er forsegla"],
    ("need", "nb"): ["Hvem som står bak", "KB-2026-0412", "KSF Vest 4 –"],
    ("need", "nn"): ["Kven som står bak", "KB-2026-0412"],
    ("report", "nb"): ["Innhold", "Mål 1: Behov", "1 150 715", "Årsrapporten mangler", "Kommune 79"],
    ("report", "nn"): ["Innhald", "Kven som er med", "Årsrapporten manglar"],
}


@pytest.fixture(scope="module")
def files():
    """Every sample in both languages, typeset once."""
    return {
        (name, language): pdf.render(template, context(language), language=language)
        for name, (template, context) in SAMPLES.items()
        for language in LANGUAGES
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_a_document_is_tagged_and_says_what_it_is(files, name, language):
    data = files[name, language]
    assert pdf_file.faults(data) == []
    with pikepdf.open(BytesIO(data)) as file, file.open_metadata() as meta:
        assert str(file.Root.Lang) == LANGUAGES[language]
        assert meta["dc:title"] == SAMPLES[name][1](language)["title"]


@pytest.mark.parametrize(("name", "language"), WORDS)
def test_its_words_can_be_read_from_the_file(files, name, language):
    read = pdf_file.text(files[name, language])
    assert [word for word in WORDS[name, language] if word not in read] == []


def test_a_table_over_two_pages_is_one_table_with_one_head(files):
    with pikepdf.open(BytesIO(files["report", "nb"])) as file:
        tables = [tag for tag in pdf_file.tags(file) if str(tag.S) == "/Table"]
        register = [str(tag.S) for tag in pdf_file.elements(tables[-1])]
    assert register.count("/THead") == 1
    assert register.count("/TR") == 1 + 1 + 80  # the head, the group, the municipalities


def test_the_report_has_its_pictures_as_figures_and_its_cover_art_as_none(files):
    with pikepdf.open(BytesIO(files["report", "nb"])) as file:
        figures = [str(tag.Alt) for tag in pdf_file.tags(file) if str(tag.S) == "/Figure"]
    assert figures == [
        "Kart over 80 kommuner, like store.",
        "Søyler. Tallene står i tabellen under.",
        "Kart over 80 kommuner, like store.",
    ]


def test_the_same_input_gives_the_same_bytes(files):
    template, context = SAMPLES["award"]
    again = pdf.render(template, context("nb"), language="nb")
    assert hashlib.sha256(again).hexdigest() == hashlib.sha256(files["award", "nb"]).hexdigest()


def test_a_document_without_a_number_says_that_it_is_a_draft():
    template, context = SAMPLES["award"]
    draft = {key: value for key, value in context("nb").items() if key != "document"}
    assert "Utkast, ikke arkivert" in pdf_file.text(pdf.render(template, draft, language="nb"))


def test_text_is_escaped_unless_marked_safe():
    template, context = SAMPLES["need"]
    nasty = context("nb") | {"lead": "<b>5 < 6</b> & mer"}
    assert "<b>5 < 6</b> & mer" in pdf_file.text(pdf.render(template, nasty, language="nb"))


@pytest.mark.parametrize(
    "address",
    ["https://example.org/x.png", "file:///etc/passwd", "data:image/png;base64,AA==", "inter:../../x", "art:none"],
)
def test_nothing_outside_our_own_files_is_opened(address):
    with pytest.raises(ValueError, match=f"may not open {re.escape(address)}"):
        pdf.OurFilesOnly({}).fetch(address)


def test_a_folder_with_our_folder_s_name_in_front_is_not_ours():
    with pytest.raises(ValueError, match="may not open"):
        pdf.OurFilesOnly({}).fetch(pdf.FOLDER.as_uri() + "-other/x.css")


def test_missing_fonts_are_named(tmp_path):
    with override_settings(DOCUMENT_FONTS=tmp_path):
        (warning,) = checks.fonts_are_installed()
        assert "Inter-Regular.woff2" in warning.msg
        with pytest.raises(ImproperlyConfigured, match=r"Inter-SemiBold\.woff2.*npm ci"):
            pdf.shared.__wrapped__()
    assert checks.fonts_are_installed() == []


@pytest.mark.parametrize(
    ("plain", "typeset"),
    [
        ("<p>1 150 715 kroner</p>", "<p>1\u202f150\u202f715\u00a0kroner</p>"),
        ("<p>i 2025 243 kommuner</p>", "<p>i 2025 243\u00a0kommuner</p>"),
        ("<p>2,5 100</p>", "<p>2,5 100</p>"),
        ("<p>2. juni kl. 10</p>", "<p>2.\u00a0juni kl.\u00a010</p>"),
        ("<p>§§ 28</p>", "<p>§§\u00a028</p>"),
        (f"<p>{'a&amp;' * 16} b</p>", f'<p><span class="endless">{"a&amp;" * 16}</span> b</p>'),
        ('<path d="M1 200 L2 300 z"/>', '<path d="M1 200 L2 300 z"/>'),
    ],
)
def test_numbers_hold_together_endless_words_break_and_the_rest_is_left_alone(plain, typeset):
    assert typography.typeset(plain) == typeset


@pytest.mark.parametrize(
    ("value", "nb", "en"),
    [
        (1_150_715, "1\u202f150\u202f715", "1,150,715"),
        (-4, "−4", "−4"),
        (2.5, "2,5", "2.5"),
        (None, "–", "–"),
        ("S-17", "S-17", "S-17"),
        (date(2026, 3, 12), "12. mars 2026", "12 March 2026"),
    ],
)
def test_values_are_written_in_the_language_of_the_document(value, nb, en):
    with translation.override("nb"):
        assert typography.as_typeset(value) == nb
    with translation.override("en"):
        assert typography.as_typeset(value) in {en, "March 12, 2026"}


def test_a_row_with_too_few_cells_is_refused():
    columns = [blocks.Column("Post"), blocks.Column("Beløp", number=True)]
    with pytest.raises(ValueError, match="'Budsjett' has not 2 cells"):
        blocks.Table("Budsjett", columns, [("Reiser", 1), ("Lønn",)])


def test_contents_gather_the_chapters_of_a_part():
    chapters = [
        blocks.Chapter("a", "Året", []),
        blocks.Chapter("b", "Behov", [], part="Mål 1"),
        blocks.Chapter("n", "Nord", [], part="Regioner"),
        blocks.Chapter("m", "Midt", [], part="Regioner"),
        blocks.Chapter("x", "Usynlig", [], in_contents=False),
    ]
    found = [(entry.id, entry.title, [child.id for child in entry.children]) for entry in blocks.contents(chapters)]
    assert found == [("a", "Året", []), ("b", "Mål 1: Behov", []), ("n", "Regioner", ["n", "m"])]


@pytest.mark.parametrize("name", SAMPLES)
def test_hostile_text_stays_on_the_paper_and_in_its_column(name):
    template, context = SAMPLES[name]
    assert pdf_file.outside_the_margins(pdf.render(template, hostile.over(context("nb")), language="nb")) == []
