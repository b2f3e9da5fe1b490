import re
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.db import models
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils import timezone
from django.utils.translation import override

from grants.lifecycle import ApplicationState
from grants.models import Application
from ksf.panels import Panel
from ksf.web import lists
from regions.models import Region
from tests.ksf.helpers import on_one_line
from tests.regions.factories import make_region


class State(models.TextChoices):
    DRAFT = "draft", "draft"
    SUBMITTED = "submitted", "submitted"
    AWARDED = "awarded", "awarded"
    RETURNED = "returned", "returned"


LINE = [State.DRAFT, State.SUBMITTED, State.AWARDED]


def render(source, request=None, **context):
    bound = RequestContext(request, context) if request else Context(context)
    return on_one_line(Template(source).render(bound))


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0\u00a0kr"),
        (999, "999\u00a0kr"),
        (1_250_000, "1\u202f250\u202f000\u00a0kr"),
        (-5_000, "\u22125\u202f000\u00a0kr"),
        (None, ""),
    ],
)
def test_amount(number, shown):
    assert render("{{ n|amount }}", n=number) == shown


def test_number_and_percent():
    assert (
        render("{{ n|number }}|{{ p|percent }}|{{ m|number }}{{ m|percent }}", n=5000, p=64.4, m=None)
        == "5\u202f000|64\u00a0%|"
    )


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("nb", "22. november 2026", "22. november 2026 kl. 13.05"),
        ("nn", "22. november 2026", "22. november 2026 kl. 13.05"),
        ("en", "22 November 2026", "22 November 2026 at 13:05"),
    ],
)
def test_days_and_moments_in_oslos_time(language, day, moment):
    at = datetime(2026, 11, 22, 12, 5, tzinfo=UTC)
    with override(language):
        assert render("{{ at|day }}", at=at) == f'<time datetime="2026-11-22">{day}</time>'
        assert render("{{ at|moment }}", at=at) == f'<time datetime="2026-11-22T13:05:00+01:00">{moment}</time>'


@pytest.mark.parametrize(
    ("ends_on", "shown"), [(None, "1. mars 2024"), (date(2026, 6, 1), "1. mars 2024 – 1. juni 2026")]
)
def test_days_of_a_term(ends_on, shown):
    term = SimpleNamespace(starts_on=date(2024, 3, 1), ends_on=ends_on)
    with override("nb"):
        html = Template("{{ term|days }}").render(Context({"term": term}))
    assert re.sub(r"<[^>]+>", "", html) == shown


def test_the_day_is_oslos_day():
    assert "2026-11-23" in render("{{ at|day }}", at=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("days", "nb", "nn"),
    [
        (0, "i dag", "i dag"),
        (1, "i morgen", "i morgon"),
        (-1, "i går", "i går"),
        (3, "om 3 dager", "om 3 dagar"),
        (-2, "for 2 dager siden", "for 2 dagar sidan"),
        (53, "om 53 dager", "om 53 dagar"),
    ],
)
def test_deadlines_are_shown_in_days(days, nb, nn):
    on = timezone.localdate() + timedelta(days=days)
    nb, nn = (text.replace(" ", "\u00a0") for text in (nb, nn))
    with override("nb"):
        assert render("{{ on|deadline }}", on=on).endswith(f"</time>, {nb}")
    with override("nn"):
        assert render("{{ on|relative }}", on=on) == nn
        noon = timezone.make_aware(datetime.combine(on, time(12)))
        assert render("{{ at|relative }}", at=noon) == nn


def test_soon_is_within_a_week_or_past():
    today = timezone.localdate()
    days = [today - timedelta(days=22), today + timedelta(days=7), today + timedelta(days=8), None]
    assert [render("{{ d|is_soon }}", d=day) for day in days] == ["True", "True", "False", "False"]


def test_empty_days_show_nothing():
    assert render("{{ d|day }}{{ d|moment }}{{ d|deadline }}{{ d|relative }}", d=None) == ""


def test_state_tag_has_a_word_and_a_colour_by_value():
    application = Application(state=ApplicationState.AWARDED)
    with override("nb"):
        assert (
            render("{% state_tag a %}", a=application)
            == '<span class="ds-tag" data-color="success">Tilsagn gitt</span>'
        )
    application.state = ApplicationState.REJECTED
    assert 'data-color="neutral"' in render("{% state_tag a %}", a=application)


def test_size_tag_names_the_size():
    with override("nb"):
        html = render("{% size_tag m %}", m=SimpleNamespace(size="medium"))
    assert 'class="tile s-medium"' in html
    assert html.endswith("mellomstor</span>")


def test_steps_mark_what_is_done_and_where_it_stands():
    html = render("{% steps_of line 'submitted' dates %}", line=LINE, dates={"draft": date(2026, 11, 1)})
    assert html.count("<li") == 3
    assert html.count('class="done"') == 1
    assert '<li aria-current="step"><b>Submitted</b>' in html
    assert '<time datetime="2026-11-01">' in html


def test_a_state_beside_the_line_marks_no_step_but_keeps_what_was_reached():
    html = render("{% steps_of line 'returned' dates %}", line=LINE, dates={"draft": date(2026, 11, 1)})
    assert "aria-current" not in html
    assert html.count('class="done"') == 1


def test_breadcrumbs_lead_back_one_step():
    request = RequestFactory().get("/behov/7/")
    html = render('{% breadcrumbs "Front" "/" "Needs" "/behov/" title %}', request=request, title="A <need>")
    assert html.count("<li>") == 3
    assert '<a class="ds-link" href="/behov/" aria-label=' in html
    assert '<a class="ds-link" href="/behov/7/" aria-current="page">A &lt;need&gt;</a>' in html


def test_a_panel_sees_its_own_context_and_the_pages():
    panel = Panel("components/figures.html", {"figures": [{"label": "needs", "value": "412"}]})
    html = render("{% show_panel p %}{{ figures }}", p=panel)
    assert html == '<dl class="figures"><div><dt>needs</dt><dd>412</dd></div></dl>'


def test_list_footer_keeps_the_filters_and_offers_the_files():
    request = RequestFactory().get("/behov/?q=velferd&side=2")
    page = Paginator(range(412), 25).get_page(2)
    with override("nb"):
        html = render('{% include "components/list_footer.html" with exports=True %}', request=request, page=page)
    assert "Viser 26–50 av 412" in html
    assert 'href="?q=velferd&amp;side=3" rel="next"' in html
    assert 'href="?q=velferd&amp;format=xlsx"' in html
    assert html.count('aria-current="true"') == 1


def test_one_page_needs_no_page_numbers():
    request = RequestFactory().get("/behov/")
    html = render(
        '{% include "components/list_footer.html" %}', request=request, page=Paginator(range(3), 25).get_page(1)
    )
    assert "ds-pagination" not in html
    assert "format=csv" not in html


class TestLongList:
    def page(self, monkeypatch, most):
        monkeypatch.setattr(lists, "MOST_COUNTED", most)
        for number in range(3):
            make_region(f"Region {number}")
        return lists.paged(RequestFactory().get("/?side=9"), Region.objects.order_by("pk"), per_page=1)

    @pytest.mark.django_db
    def test_is_counted_so_far_and_no_further(self, monkeypatch):
        page = self.page(monkeypatch, 2)
        with override("nb"):
            assert render("{{ page|total }}", page=page) == "mer enn 2"
        assert (page.number, page.paginator.num_pages) == (2, 2)

    @pytest.mark.django_db
    def test_is_shown_exactly_when_all_is_counted(self, monkeypatch):
        page = self.page(monkeypatch, 3)
        with override("nb"):
            assert render("{{ page|total }}", page=page) == "3"
        assert page.number == 3


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_export_does_not_hold_all_its_rows(ending, django_assert_num_queries):
    rows, read = Region.objects.filter(pk=make_region("Region Nord").pk), []
    columns = [lists.ExportColumn("Navn", lambda region: read.append(region.name) or region.name)]
    answer = lists.export(RequestFactory().get(f"/?format={ending}"), rows, columns, "regioner")
    assert b"".join(answer)
    assert read == ["Region Nord"]
    with django_assert_num_queries(1):
        assert len(rows) == 1, "the rows were kept"
