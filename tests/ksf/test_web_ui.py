"""The shapes of pages: what a template says is escaped, and an action is a link or a form."""

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.html import format_html
from django.utils.translation import gettext_lazy, override

from ksf.web.actions import Action

HOSTILE = '"><script>alert(1)</script>'
ESCAPED = "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"


def render(source, **values):
    return Template(source).render(Context({"request": RequestFactory().get("/"), **values}))


@pytest.mark.parametrize(
    "source",
    [
        "{% page_head x lang=x %}{{ x }}{% endpage_head %}",
        "{% section x name=x kind=x %}{{ x }}{% endsection %}",
        "{% aside_part x %}{{ x }}{% endaside_part %}",
        "{% notice x role=x %}{{ x }}{% endnotice %}",
        '{% table x kind=x caption="hidden" %}{{ x }}{% endtable %}',
        '{% table x caption="shown" %}{% endtable %}',
        "{% row x x lang=x level=x %}{{ x }}{% endrow %}",
        "{% fact x kind=x lang=x %}{{ x }}{% endfact %}",
        "{% hexagon x %}",
        "{% action act x x form=x %}",
        "{% action_links others %}",
        "{% page_head x main=act actions=others %}{% endpage_head %}",
    ],
)
def test_whatever_a_shape_is_given_is_escaped(source):
    act = Action(HOSTILE, HOSTILE, is_post=True, fields={HOSTILE: HOSTILE}, about=HOSTILE)
    html = render(source, x=HOSTILE, act=act, others=[act, Action(HOSTILE, HOSTILE)])
    assert ESCAPED in html
    assert "<script" not in html


def test_the_head_of_a_page_has_actions_only_when_there_are_any():
    source = "{% page_head heading lang=lang main=main actions=actions %}<p>Text</p>{% endpage_head %}"
    bare = '<header class="page-head"><div><h1 class="ds-heading" data-size="lg">A need</h1><p>Text</p></div></header>'
    assert render(source, heading="A need", lang="", main=None, actions=[]) == bare
    html = render(
        source,
        heading="Eit behov",
        lang="nn",
        main=Action("Go on", "/write/"),
        actions=[Action("Change", "/edit/", look="secondary"), Action("The list", "/list/", look="link")],
    )
    assert 'data-size="lg" lang="nn">Eit behov</h1>' in html
    assert html.endswith(
        '<div class="actions"><a class="ds-button" data-variant="primary" href="/write/">Go on</a>'
        '<a class="ds-button" data-variant="secondary" href="/edit/">Change</a>'
        '<a class="ds-link" href="/list/">The list</a></div></header>'
    )


def test_a_section_with_a_name_is_a_landmark():
    assert render('{% section "A" %}b{% endsection %}') == (
        '<section><h2 class="ds-heading" data-size="sm">A</h2>b</section>'
    )
    assert render('{% section "A" name="shares" kind="section-gap" %}b{% endsection %}') == (
        '<section class="section-gap" aria-labelledby="shares">'
        '<h2 class="ds-heading" data-size="sm" id="shares">A</h2>b</section>'
    )


def test_a_part_of_the_side_column():
    html = render('{% aside_part "A" %}b{% endaside_part %}')
    assert html == '<div><h2 class="ds-heading" data-size="xs">A</h2>b</div>'


def test_a_notice_is_read_aloud_when_it_answers():
    assert render('{% notice "info" %}b{% endnotice %}') == '<div class="ds-alert" data-color="info">b</div>'
    assert 'data-color="danger" role="alert">' in render('{% notice "danger" role="alert" %}b{% endnotice %}')


@pytest.mark.parametrize(
    ("arguments", "table"),
    [
        ("", '<table class="ds-table">b</table>'),
        ('kind="table-rows"', '<table class="ds-table table-rows">b</table>'),
        ('caption="shown"', '<table class="ds-table"><caption>A</caption>b</table>'),
        ('caption="hidden"', '<table class="ds-table"><caption><span class="ds-sr-only">A</span></caption>b</table>'),
    ],
)
def test_a_table_scrolls_in_a_region_with_its_name(arguments, table):
    html = render(f'{{% table "A" {arguments} %}}b{{% endtable %}}')
    assert html == f'<div class="table-scroll" role="region" aria-label="A" tabindex="0">{table}</div>'


def test_a_row_says_the_language_of_its_name():
    html = render('{% row "/n/1/" title lang="nn" level=4 %}<p>Sauda</p>{% endrow %}', title="Kva & kor")
    assert html == (
        '<li><h4 class="ds-heading" data-size="2xs"><a class="ds-link" href="/n/1/" lang="nn">Kva &amp; kor</a></h4>'
        "<p>Sauda</p></li>"
    )


def test_a_fact():
    assert render('{% fact "A" %}b{% endfact %}') == "<dt>A</dt><dd>b</dd>"
    assert render('{% fact "A" kind="num" lang="nn" %}b{% endfact %}') == '<dt>A</dt><dd class="num" lang="nn">b</dd>'


@pytest.mark.parametrize("look", ["primary", "secondary", "tertiary"])
def test_an_action_is_a_link_to_where_it_is_done(look):
    html = render("{% action one %}", one=Action("Go on", "/write/", look=look))
    assert html == f'<a class="ds-button" data-variant="{look}" href="/write/">Go on</a>'


def test_an_action_that_is_done_at_once_is_a_form():
    one = Action("Hide", "/hide/", is_post=True, fields={"hidden": 1})
    html = render('{% action one "secondary" "sm" %}', one=one)
    assert html.startswith(
        '<form method="post" action="/hide/"><input type="hidden" name="csrfmiddlewaretoken" value="'
    )
    assert html.endswith(
        '<input type="hidden" name="hidden" value="1">'
        '<button class="ds-button" data-variant="secondary" data-size="sm">Hide</button></form>'
    )


def test_actions_of_one_label_have_different_names():
    html = render("{% action one %}", one=Action("Merge", "/merge/", about="A need"))
    assert '>Merge<span class="ds-sr-only">: A need</span></a>' in html


def test_a_button_stands_in_the_place_of_its_form():
    html = render('{% action one form="due" %}', one=Action("Remove", "/remove/", is_post=True))
    assert html.startswith('<form class="due" method="post" action="/remove/">')


def test_no_action_is_nothing():
    assert render("{% action none %}", none=None) == ""


def test_actions_in_a_list_are_links():
    html = render("{% action_links all %}", all=[Action("A", "/a/"), Action("B", "/b/", is_post=True)])
    assert html.startswith('<ul class="links"><li><a class="ds-link" href="/a/">A</a></li><li><form method="post"')
    assert html.endswith('<button class="link-button">B</button></form></li></ul>')


def test_labels_are_in_the_readers_language_and_may_hold_html_of_our_own():
    lazy, safe = Action(gettext_lazy("Yes"), "/"), Action(format_html("A<b>{}</b>", "<i>"), "/")
    with override("nb"):
        assert ">Ja</a>" in render("{% action one %}", one=lazy)
        assert 'data-size="xs">Ja</h2>' in render('{% aside_part _("Yes") %}{% endaside_part %}')
    assert ">A<b>&lt;i&gt;</b></a>" in render("{% action one %}", one=safe)


def test_a_hexagon_has_the_colour_of_its_kind():
    html = render('{% hexagon "s-small" %}')
    assert html.startswith('<svg class="swatch" ')
    assert '<polygon class="tile s-small" points=' in html
    assert render('{% hexagon "s-small" "by-size" %}').startswith('<svg class="swatch by-size" ')
