"""What questions and projects add to the pages of needs and of the network."""

from typing import Any

from django.db.models import F, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from clusters.models import Cluster
from ksf import panels
from ksf.accounts.roles import Role
from ksf.actor import Actor
from ksf.web.actions import Action
from ksf.web.requests import Request
from needs.models import KnowledgeNeed
from needs.research.actions import actions_on_need
from needs.research.models import Interest, ResearchProject, ResearchQuestion
from needs.research.models.projects import ResearchProjectQuerySet
from regions.models import Municipality, Partner, Region

SHOWN = 5


@panels.on("need", order=30)
def research_of_need(request: Request, need: KnowledgeNeed) -> panels.Panel | None:
    """The questions and projects the need has led to, and the partner's and coordinator's ways on."""
    user = request.user
    interests = Interest.objects.visible_to(user).filter(need=need).with_subject() if user.is_authenticated else ()
    context = {**_results(user, need), "interests": list(interests), "actions": actions_on_need(user, need)}
    return panels.Panel("needs/research/need_panel.html", context) if any(context.values()) else None


def _results(user: Actor, need: KnowledgeNeed) -> dict[str, list[Any]]:
    """The questions and the projects the need has led to, in one query; with what a row says of each."""
    questions = ResearchQuestion.objects.visible_to(user).filter(needs=need).order_by()
    projects = ResearchProject.objects.visible_to(user).filter(needs=need).order_by()
    shown = ("pk", "title", "state")
    rows = (
        questions.annotate(what=Value("questions"), tongue=F("language"))
        .values("what", "tongue", *shown)
        .union(projects.annotate(what=Value("projects"), tongue=Value("")).values("what", "tongue", *shown), all=True)
    )
    found: dict[str, list[Any]] = {"questions": [], "projects": []}
    for row in sorted(rows, key=lambda row: -row["pk"]):
        values = {name: row[name] for name in shown}
        one = (
            ResearchQuestion(language=row["tongue"], **values)
            if row["what"] == "questions"
            else ResearchProject(**values)
        )
        found[row["what"]].append(one)
    return found


@panels.on("cluster", order=40)
def projects_of_cluster(request: Request, cluster: Cluster) -> panels.Panel | None:
    rows = ResearchProject.objects.filter(clusters=cluster)
    return _projects(request, rows, may_add=cluster.pk in request.user.cluster_ids())


@panels.on("region", order=40)
def projects_of_region(request: Request, region: Region) -> panels.Panel | None:
    rows = ResearchProject.objects.in_region(region)
    return _projects(request, rows, region=region.slug, may_add=region.pk in request.user.region_ids())


@panels.on("municipality", order=40)
def projects_of_municipality(request: Request, municipality: Municipality) -> panels.Panel | None:
    return _projects(request, ResearchProject.objects.filter(participations__municipality=municipality))


@panels.on("partner", order=40)
def projects_of_partner(request: Request, partner: Partner) -> panels.Panel | None:
    return _projects(request, ResearchProject.objects.filter(partners=partner), partner=partner.slug)


@panels.on("partner", order=50)
def interests_of_partner(request: Request, partner: Partner) -> panels.Panel | None:
    """The partner's own part: its interest in needs and questions, for itself and those who answer it (N7)."""
    interests = list(Interest.objects.visible_to(request.user).filter(partner=partner).with_subject()[: SHOWN + 1])
    is_own = partner.pk in request.user.partner_ids(Role.PARTNER)
    if not interests and not is_own:
        return None
    context = {"interests": interests[:SHOWN], "has_more": len(interests) > SHOWN, "is_own": is_own}
    return panels.Panel("needs/research/interests_panel.html", context)


def _projects(
    request: Request, rows: ResearchProjectQuerySet, *, may_add: bool = False, **search: str
) -> panels.Panel | None:
    """The newest projects of the place, unless there are none and the reader may not add one."""
    user = request.user
    found = list(rows.visible_to(user).for_rows()[: SHOWN + 1])
    may_make = may_add and user.has_perm("needs_research.make_project")
    if not found and not may_make:
        return None
    more = reverse("project_list", query=search) if len(found) > SHOWN else ""
    shown = {"projects": found[:SHOWN], "more": more, "may_make": may_make}
    return panels.Panel("needs/research/projects_panel.html", shown)


@panels.on("my_page", order=10)
def finding_for_partners(request: Request, _subject: None) -> panels.Panel | None:
    """What a partner comes for: questions and needs to work on."""
    user = request.user
    if not user.has_perm("needs_research.show_interest"):
        return None
    one = Action(_("Find questions and needs"), reverse("question_list"))
    return panels.Panel("components/action.html", {"one": one}, "actions")


@panels.on("my_page", order=10)
def my_interests(request: Request, _subject: None) -> panels.Panel | None:
    """The partner's interest and how it stands, and the newest questions that wait for a partner."""
    user = request.user
    if not user.has_perm("needs_research.show_interest"):
        return None
    shown = Interest.objects.filter(partner__in=user.partner_ids(Role.PARTNER)).with_subject()[:SHOWN]
    waiting = ResearchQuestion.objects.open().with_place()[:SHOWN]
    return panels.Panel("needs/research/my_interests.html", {"interests": list(shown), "questions": list(waiting)})


@panels.on("my_page", order=60)
def ways_to_research(request: Request, _subject: None) -> panels.Panel | None:
    """For partners and coordinators: the way to questions, interest and projects."""
    user = request.user
    if not user.has_role(Role.PARTNER, Role.REGIONAL_COORDINATOR, Role.CLUSTER_COORDINATOR):
        return None
    partners = [held.partner for held in user.appointments_in_force if held.role == Role.PARTNER]
    return panels.Panel("needs/research/my_page_panel.html", {"partners": partners}, place="aside")
