import gettext
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.utils.translation import gettext as translated
from django.utils.translation import override

from local import catalogues
from local.catalogues import SourceError

ROOT = Path(__file__).resolve().parents[2]


def messages_of(entries):
    """Text, context and plural of each."""
    return [(entry.msgid, entry.msgctxt, entry.msgid_plural) for entry in entries]


def write(root, path, text):
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def translate(root, app, language, **texts):
    path = catalogues.path_of(root, app, language)
    catalogue = catalogues.read(path)
    for entry in catalogue:
        if entry.msgid in texts:
            entry.msgstr = texts[entry.msgid]
    catalogue.save(str(path))


class TestPythonMessages:
    def test_every_function_and_alias(self):
        source = """
from django.utils import translation
from django.utils.translation import gettext_lazy as _, pgettext_lazy as state, ngettext, npgettext_lazy as many
a = _("One")
b = state("call", "Open")
c = ngettext("%(n)s need", "%(n)s needs", n) % {"n": n}
d = many("place", "seat", "seats", "n")
e = translation.gettext("Two " "parts")
f = _(variable)
g = other.gettext("Not ours")
"""
        assert messages_of(catalogues.python_messages(source)) == [
            ("One", None, ""),
            ("Open", "call", ""),
            ("seat", "place", "seats"),
            ("Two parts", None, ""),
            ("%(n)s need", None, "%(n)s needs"),
        ]

    def test_note_stands_on_the_line_above(self):
        source = '# Translators: a verb\nlabel = _("Return")\n'
        (message,) = catalogues.python_messages(source)
        assert (message.msgid, message.comment) == ("Return", "a verb")

    @pytest.mark.parametrize("argument", ['f"Hi {name}"', '"Hi " + name'])
    def test_glued_sentences_are_refused_with_their_place(self, argument):
        with pytest.raises(SourceError, match=r"views\.py:1"):
            list(catalogues.python_messages(f"_({argument})", "views.py"))


class TestTemplateMessages:
    @pytest.mark.parametrize(
        ("source", "message"),
        [
            ('{% translate "One" %}', ("One", None, "")),
            ("{% translate 'It is \"so\"' %}", ('It is "so"', None, "")),
            ('{% translate "Open" context "call" as label %}', ("Open", "call", "")),
            ('{% include "x.html" with title=_("Two") %}', ("Two", None, "")),
            ('{{ value|default:_("None yet") }}', ("None yet", None, "")),
            (
                "{% blocktranslate trimmed %}\n  Of {{ name }},\n  100 %\n{% endblocktranslate %}",
                ("Of %(name)s, 100 %%", None, ""),
            ),
            (
                "{% blocktranslate count n=rows|length context 'x' %}{{ n }} row{% plural %}"
                "{{ n }} rows{% endblocktranslate %}",
                ("%(n)s row", "x", "%(n)s rows"),
            ),
        ],
    )
    def test_tags(self, source, message):
        assert messages_of(catalogues.template_messages(source)) == [message]

    def test_text_and_comments_hold_none(self):
        source = 'gettext("No") {% comment %}{% translate "No" %}{% endcomment %}'
        assert list(catalogues.template_messages(source)) == []


class TestUpdate:
    def test_owners_sharing_and_keeping(self, tmp_path):
        write(tmp_path, "ksf/web.py", '_("Save")')
        write(tmp_path, "grants/views.py", '_("Save"); _("Award")')
        write(tmp_path, "templates/mails/grants/awarded.txt", '{% translate "Awarded" %}')
        write(tmp_path, "templates/account/login.html", '{% translate "Sign in" %}')
        catalogues.update(tmp_path)

        def held(app):
            return [entry.msgid for entry in catalogues.read(catalogues.path_of(tmp_path, app, "nb"))]

        assert held("ksf") == ["Save", "Sign in"]
        assert held("grants") == ["Award", "Awarded"]

        translate(tmp_path, "grants", "nb", Award="Tildel", Awarded="Tildelt")
        write(tmp_path, "grants/views.py", '_("Apply")')
        write(tmp_path, "ksf/web.py", '_("Save"); _("Award")')
        catalogues.update(tmp_path)
        assert held("grants") == ["Apply", "Awarded"]
        moved = catalogues.read(catalogues.path_of(tmp_path, "ksf", "nb")).find("Award")
        assert moved.msgstr == "Tildel"

    def test_second_run_changes_nothing(self, tmp_path):
        write(tmp_path, "needs/views.py", '_("A long sentence ' + "that wraps " * 30 + '"); _p("state", "Open")')
        assert catalogues.update(tmp_path) != []
        assert catalogues.update(tmp_path) == []

    def test_compiled_file_is_read_by_gettext(self, tmp_path):
        write(tmp_path, "needs/views.py", 'ngettext("%(n)s need", "%(n)s needs", n); _("Need")')
        catalogues.update(tmp_path)
        path = catalogues.path_of(tmp_path, "needs", "nb")
        catalogue = polib.pofile(str(path))
        catalogue.find("Need").msgstr = "Behov på æøå"
        catalogue.find("%(n)s need").msgstr_plural = {0: "ett behov", 1: "%(n)s behov"}
        catalogue.save()
        assert path.with_suffix(".mo") in catalogues.compile_all(tmp_path)
        assert catalogues.compile_all(tmp_path) == []
        with path.with_suffix(".mo").open("rb") as file:
            compiled = gettext.GNUTranslations(file)
        assert compiled.gettext("Need") == "Behov på æøå"
        assert [compiled.ngettext("%(n)s need", "%(n)s needs", n) for n in (1, 2)] == ["ett behov", "%(n)s behov"]

    def test_what_was_read_before_is_read_again_once_compiled(self, tmp_path, settings):
        write(tmp_path, "needs/views.py", '_("A word nobody has said before")')
        catalogues.update(tmp_path)
        path = catalogues.path_of(tmp_path, "needs", "nb")
        settings.LOCALE_PATHS = [path.parents[2]]
        with override("nb"):
            assert translated("A word nobody has said before") == "A word nobody has said before"
        catalogue = polib.pofile(str(path))
        catalogue.find("A word nobody has said before").msgstr = "Et nytt ord"
        catalogue.save()
        catalogues.compile_all(tmp_path)
        with override("nb"):
            assert translated("A word nobody has said before") == "Et nytt ord"


class TestFaults:
    @pytest.fixture
    def root(self, tmp_path):
        write(tmp_path, "needs/views.py", '_("Of %(year)s")')
        write(tmp_path, "grants/views.py", '_("Award")')
        catalogues.update(tmp_path)
        for language in catalogues.LANGUAGES:
            translate(tmp_path, "needs", language, **{"Of %(year)s": "Av %(year)s"})
            translate(tmp_path, "grants", language, Award="Tildel")
        return tmp_path

    def test_complete_catalogues_have_none(self, root):
        assert list(catalogues.faults(root)) == []

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("", "not translated"),
            ("Av året", "placeholders differ"),
            ("Av %(year)s og %(month)s", "placeholders differ"),
            ("Av %(year)s\n", "line breaks"),
        ],
    )
    def test_wrong_translation(self, root, text, fault):
        translate(root, "needs", "nn", **{"Of %(year)s": text})
        (line,) = catalogues.faults(root)
        assert line.startswith(f"locale/needs/nn: {fault}")

    def test_missing_and_stale(self, root):
        write(root, "needs/views.py", '_("Until %(year)s")')
        assert sorted(catalogues.faults(root)) == [
            "locale/needs/nb: missing: 'Until %(year)s'",
            "locale/needs/nb: stale: 'Of %(year)s'",
            "locale/needs/nn: missing: 'Until %(year)s'",
            "locale/needs/nn: stale: 'Of %(year)s'",
        ]

    def test_one_word_two_translations(self, root):
        write(root, "needs/views.py", '_("Of %(year)s"); _("Award")')
        catalogues.update(root)
        assert list(catalogues.faults(root)) == []  # the translation known from grants came with it
        translate(root, "grants", "nb", Award="Tildeling")
        assert [line.partition(": 'Award'")[0] for line in catalogues.faults(root)] == [
            "locale/grants/nb: translated differently than in needs"
        ]

    def test_fuzzy(self, root):
        path = catalogues.path_of(root, "needs", "nb")
        catalogue = catalogues.read(path)
        catalogue[0].flags.append("fuzzy")
        catalogue.save(str(path))
        assert list(catalogues.faults(root)) == ["locale/needs/nb: fuzzy: 'Of %(year)s'"]


def test_command_needs_neither_settings_nor_services():
    command = [sys.executable, "manage.py", "messages", "--compile"]
    assert subprocess.run(command, cwd=ROOT, env={}, capture_output=True, check=False).returncode == 0
