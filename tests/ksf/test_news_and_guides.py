"""News: written by national staff, read by all, in the reader's language. Guides: every one, its links and images."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from ksf import audit
from ksf.accounts.roles import Role
from ksf.content import services
from ksf.content.guides import FIRST, FOLDER, NAMES, path_of
from ksf.content.lifecycle import NEWS, NewsState
from ksf.content.models import NewsItem
from ksf.lifecycle import StepNotAllowed
from tests.ksf.factories import appoint

pytestmark = pytest.mark.django_db
WORDS = {"title_nb": "Ny utlysning", "text_nb": "Se https://example.org/nytt\n\nFristen er i mars."}


@pytest.fixture
def item(staff):
    return services.write_news(by=staff, **WORDS)


class TestNews:
    def test_steps(self, staff, item):
        allowed = {(NewsState.DRAFT, "publish"), (NewsState.PUBLISHED, "take_back")}
        for state in NewsState:
            item.state = state
            assert {(state, step.name) for step in NEWS.steps_for(staff, item)} == {a for a in allowed if a[0] == state}

    def test_a_draft_is_for_those_who_write(self, client, staff, item):
        for user, status in ((None, 404), (appoint(Role.OBSERVER), 404), (staff, 200)):
            if user:
                client.force_login(user)
            assert client.get(item.get_absolute_url()).status_code == status
            assert (item.title_nb in client.get(reverse("news_list")).text) is (status == 200)

    def test_published_it_stands_on_the_front_page_and_its_own(self, client, staff, item):
        assert "Ny utlysning" not in client.get("/").text
        services.publish(item, by=staff)
        for url in ("/", reverse("news_list"), item.get_absolute_url()):
            assert "Ny utlysning" in client.get(url).text
        page = client.get(item.get_absolute_url()).text
        assert 'href="https://example.org/nytt"' in page
        assert "Historikk" not in page
        assert client.post(item.get_absolute_url()).status_code == 405

    def test_taken_back_and_published_again_it_keeps_its_day(self, client, staff, item):
        first = services.publish(item, by=staff).published_at
        with pytest.raises(StepNotAllowed):
            services.publish(item, by=staff)
        item.refresh_from_db()
        services.take_back(item, by=staff)
        assert client.get(item.get_absolute_url()).status_code == 404
        item.refresh_from_db()
        assert services.publish(item, by=staff).published_at == first
        verbs = [entry.verb for entry in audit.history(item)]
        assert verbs == ["news.publish", "news.take_back", "news.publish", "news.written"]

    def test_nynorsk_for_those_who_read_it(self, client, staff, item):
        services.edit_news(item, by=staff, title_nn="Ny utlysing", text_nn="Fristen er i mars.")
        item.refresh_from_db()
        services.publish(item, by=staff)
        assert "Ny utlysning" in client.get(item.get_absolute_url()).text
        client.cookies["django_language"] = "nn"
        assert "Ny utlysing" in client.get(item.get_absolute_url()).text

    def test_others_write_nothing(self, client, item):
        contact = appoint(Role.OBSERVER)
        with pytest.raises(PermissionDenied):
            services.write_news(by=contact, **WORDS)
        with pytest.raises(PermissionDenied):
            services.edit_news(item, by=contact, title_nb="X")
        client.force_login(contact)
        for url in (reverse("news_new"), reverse("news_edit", args=[item.pk])):
            assert client.get(url).status_code == client.post(url, WORDS).status_code == 403
        assert client.post(reverse("news_step", args=[item.pk, "publish"])).status_code == 403

    def test_on_the_pages(self, client, staff):
        client.force_login(staff)
        assert "Ingen nyheter" in client.get(reverse("news_list")).text
        half = client.post(reverse("news_new"), {**WORDS, "title_nn": "Berre tittel"})
        assert half.status_code == 422
        assert "nynorsk, eller ingen" in half.text
        client.post(reverse("news_new"), WORDS)
        item = NewsItem.objects.get()
        client.post(reverse("news_edit", args=[item.pk]), {**WORDS, "title_nb": "Rettet"})
        assert client.post(reverse("news_step", args=[item.pk, "fly"])).status_code == 404
        client.post(reverse("news_step", args=[item.pk, "publish"]))
        item.refresh_from_db()
        assert (item.title_nb, item.state) == ("Rettet", NewsState.PUBLISHED)
        assert "Historikk" in client.get(item.get_absolute_url()).text

    def test_asks_as_much_for_one_and_sixty(self, client, staff, django_assert_max_num_queries):
        counts = set()
        for more in (1, 59):
            for _ in range(more):
                services.publish(services.write_news(by=staff, **WORDS), by=staff)
            with django_assert_max_num_queries(4) as asked:
                client.get(reverse("news_list"))
            counts.add(len(asked.captured_queries))
        assert len(counts) == 1


class TestGuides:
    @pytest.mark.parametrize("name", sorted(NAMES))
    def test_each_is_a_page_with_its_images(self, client, name):
        page = client.get(reverse("help_page", args=[name])).text
        shots = re.findall(r'<img[^>]*src="/static/help/([^"]+)"', page)
        assert shots
        for shot in shots:
            file = finders.find(f"help/{shot}")
            assert file
            assert Path(file).stat().st_size <= 150 * 1024
        assert "**" not in page
        ids = re.findall(r'<h2[^>]* id="([^"]+)"', page)
        assert len(ids) == len(set(ids)) > 2
        assert {f"#{part}" for part in ids} >= set(re.findall(r'href="(#[^"]+)"', page)) - {"#main"}

    def test_the_first_page_leads_to_them_all_and_the_footer_to_it(self, client):
        page = client.get(reverse("help_front")).text
        assert {reverse("help_page", args=[name]) for name in NAMES} <= set(re.findall(r'href="([^"]+)"', page))
        assert f'href="{reverse("help_front")}"' in client.get("/").text
        assert client.get(reverse("help_page", args=["readme"])).status_code == 404

    @pytest.mark.parametrize("tongue", ["nb", "nn"])
    def test_every_guide_in_the_folder_is_known_and_every_image_used(self, tongue):
        texts = {path.stem: path.read_text(encoding="utf-8") for path in path_of(FIRST, tongue).parent.glob("*.md")}
        assert texts.keys() == NAMES | {FIRST}
        used = {name for text in texts.values() for name in re.findall(r"\((?:\.\./)?img/([^)]+)\)", text)}
        assert used == {path.name for path in (FOLDER / "img").iterdir()}

    @pytest.mark.parametrize("tongue", ["nb", "nn"])
    def test_what_a_guide_says_to_press_is_on_the_screen(self, tongue):
        on_screen = {text.lower() for text in _translations(tongue)}
        for name in {*NAMES, FIRST}:
            named = re.findall(r"\*\*([^*]+)\*\*", path_of(name, tongue).read_text(encoding="utf-8"))
            pressed = {" ".join(text.split()).rstrip(".").lower() for text in named if not text.endswith("?")}
            assert pressed <= on_screen

    def test_the_guides_say_the_same_in_both_language_forms(self):
        lines = re.compile(r"^(#+|\d\.|-|!|\|)", re.MULTILINE)
        for name in {*NAMES, FIRST}:
            nb, nn = (lines.findall(path_of(name, tongue).read_text(encoding="utf-8")) for tongue in ("nb", "nn"))
            assert nb == nn

    def test_in_nynorsk_for_those_who_read_nynorsk(self, client):
        client.cookies["django_language"] = "nn"
        page = client.get(reverse("help_page", args=["koordinator"])).text
        assert "Rettleiing for koordinatorar" in page
        assert '<h1 class="ds-heading" data-size="lg" lang="nn">' in page


def _translations(tongue):
    for path in Path(settings.BASE_DIR).glob(f"locale/*/{tongue}/LC_MESSAGES/django.po"):
        for entry in polib.pofile(str(path)):
            yield from (entry.msgstr, *entry.msgstr_plural.values())
