"""All that KSF writes for the demo's calls is there in bokmål and in nynorsk."""

import pytest

from grants.models import (
    AnsweredQuestion,
    AwardCriterion,
    Call,
    CallText,
    CostCategory,
    PlannedInstalment,
    Question,
    RequiredAttachment,
    RequiredDeliverable,
    Scheme,
)

pytestmark = pytest.mark.django_db

WRITTEN_BY_KSF = (
    Scheme,
    AwardCriterion,
    Call,
    CallText,
    Question,
    CostCategory,
    RequiredAttachment,
    RequiredDeliverable,
    PlannedInstalment,
    AnsweredQuestion,
)


@pytest.mark.parametrize("model", WRITTEN_BY_KSF)
def test_every_text_in_bokmal_has_its_nynorsk(loaded, model):
    names = [field.name.removesuffix("_nb") for field in model._meta.fields if field.name.endswith("_nb")]
    rows = list(model.objects.all())
    assert names
    assert rows
    lacking = [
        f"{row.pk} {name}: {nb}"
        for row in rows
        for name in names
        if (nb := getattr(row, f"{name}_nb")) and not getattr(row, f"{name}_nn")
    ]
    assert lacking == []


def test_the_scheme_says_in_nynorsk_how_money_is_divided_and_what_each_score_means(loaded):
    scheme = Scheme.objects.get()
    for row in [*scheme.principles, *scheme.goal_achievement]:
        assert row["nb"]
        assert row["nn"]
    for criterion in scheme.award_criteria.all():
        assert list(criterion.guidance_nn) == list(criterion.guidance_nb) == list("1234567")
        assert all(criterion.guidance_nn.values())


def test_a_reader_of_nynorsk_meets_no_bokmal_on_a_call_s_page(loaded, client):
    client.cookies["django_language"] = "nn"
    page = client.get("/tilskudd/2026/").content.decode()
    assert "Korleis skal klynga leve vidare?" in page
    assert "Kommunane dekkjer minst 30 prosent av den samla kostnaden." in page
    for question in Question.objects.filter(call__slug="2026").exclude(label_nb=""):
        assert question.label_nn in page
        assert question.label_nb not in page
