"""The demo's clusters, as they came about, and its accounts."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Model

from clusters.lifecycle import ClusterState
from clusters.models import Cluster, ClusterPhase, Membership, MotorTerm, PartnerTerm
from demo.accounts import make_account
from demo.content_files import read
from ksf.accounts.models import Appointment, User
from ksf.accounts.roles import SCOPE_OF, Role, Scope
from ksf.periods import period
from regions.models import HostTerm, Municipality, Partner, Region

NETWORK_SINCE = date(2024, 3, 1)
EXPLORING_AT_MOST = timedelta(days=90)
FUNDING = {
    "motor_pays": Cluster.CoordinatorFunding.MOTOR,
    "membership_fee": Cluster.CoordinatorFunding.FEE,
    "region_contributes": Cluster.CoordinatorFunding.REGION,
    "mixed": Cluster.CoordinatorFunding.MIXED,
}
COORDINATOR_POSITIONS = {"midt": 80, "vest": 100, "nord": 60, "innlandet": 60, "ost": 50, "sorost": 50, "sor": 60}


def load_clusters() -> list[Cluster]:
    """Make the clusters of the content, with members, motors and the states they have been in."""
    return [_cluster(row) for row in read("clusters")["clusters"]]


def _cluster(row: dict[str, Any]) -> Cluster:
    cluster = Cluster.objects.create(
        slug=row["slug"],
        name=row["name"],
        language=row["language"],
        lead_region=Region.objects.get(slug=row["lead_region"]),
        purpose=f"{row['theme']}. {row['basis']}",
        state=row["status"],
        established_on=row["established_on"],
        few_members_reason=row["size_exception_reason"] or "",
        coordinator_funding=FUNDING[row["coordinator_financing"]],
        is_example=row["provenance"] != "public",
    )
    for state, start, end in _phases(row):
        ClusterPhase.objects.create(cluster=cluster, state=state, period=period(start, end))
    members = {member["municipality"]: _membership(cluster, row, member) for member in row["members"]}
    for term in row["motor_terms"]:
        MotorTerm.objects.create(
            cluster=cluster, membership=members[term["municipality"]], period=period(term["start"], term["end"])
        )
    _partners(cluster, row)
    return cluster


def _partners(cluster: Cluster, row: dict[str, Any]) -> None:
    """The cluster's knowledge partners; in an example cluster that is established, the first has an agreement."""
    found = {partner.short_name: partner for partner in Partner.objects.filter(short_name__in=row["partners"])}
    partners = [found[name] for name in row["partners"] if name in found]
    signed = row["established_on"] if cluster.is_example else None
    for partner in partners:
        agreed_on = signed if partner is partners[0] else None
        PartnerTerm.objects.create(partner=partner, cluster=cluster, period=period(row["since"]), agreed_on=agreed_on)


def load_region_partners() -> None:
    """Let those that research and teach where the host is take part in the region, from the host's first day (S2)."""
    for term in HostTerm.objects.in_force():
        for partner in Partner.objects.research().seated_in([term.municipality_id]):
            PartnerTerm.objects.create(partner=partner, region=term.region, period=period(term.starts_on))


def _phases(row: dict[str, Any]) -> list[tuple[ClusterState, date, date | None]]:
    """The states the cluster went through: at most three months of exploring before it was being established."""
    since, established = row["since"], row["established_on"]
    if row["status"] == ClusterState.EXPLORING:
        return [(ClusterState.EXPLORING, since, None)]
    if row["status"] == ClusterState.BEING_ESTABLISHED:
        return [(ClusterState.BEING_ESTABLISHED, since, None)]
    if established == since:
        return [(ClusterState.ESTABLISHED, since, None)]
    turn = min(since + EXPLORING_AT_MOST, since + (established - since) / 2)
    return [
        (ClusterState.EXPLORING, since, turn),
        (ClusterState.BEING_ESTABLISHED, turn, established),
        (ClusterState.ESTABLISHED, established, None),
    ]


def _membership(cluster: Cluster, row: dict[str, Any], member: dict[str, Any]) -> Membership:
    municipality = Municipality.objects.with_place().in_force().get(number=member["municipality"])
    is_outside = municipality.region_id != cluster.lead_region_id
    return Membership.objects.create(
        cluster=cluster,
        municipality=municipality,
        period=period(member["joined"], member.get("left")),
        outside_reason=(row["cross_region_reason"] or "") if is_outside else "",
        anchored_administratively_on=member["anchored_administratively"],
        anchored_politically_on=member["anchored_politically"],
        is_in_plans=member["in_plans"],
        has_research_strategy=member["research_strategy"],
    )


def load_accounts() -> None:
    """Make an account for every role, named by what it is for, and appoint it."""
    _appoint("nasjonalt", "KSF nasjonalt", Role.NATIONAL_STAFF)
    _appoint("leder", "Leder, KSF nasjonalt", Role.NATIONAL_LEAD)
    for number in (1, 2):  # complaints are handled by those who took no part in the decision
        _appoint(f"klage{number}", f"Klagebehandler {number}, KSF nasjonalt", Role.NATIONAL_STAFF)
    _appoint("innsyn", "Innsyn, departementet", Role.OBSERVER)
    for region in Region.objects.all():
        _appoint(
            f"koordinator.{region.slug}",
            f"Regional koordinator, {region}",
            Role.REGIONAL_COORDINATOR,
            region,
            position_percentage=COORDINATOR_POSITIONS[region.slug],
        )
        _appoint(f"vert.{region.slug}", f"Ledelsen i vertskapskommunen, {region}", Role.HOST_LEAD, region)
    _appoint("partner.ntnu", "Kunnskapspartner, NTNU", Role.PARTNER, Partner.objects.get(short_name="NTNU"))
    for row in read("clusters")["clusters"]:
        _cluster_people(row)


def _cluster_people(row: dict[str, Any]) -> None:
    cluster = Cluster.objects.get(slug=row["slug"])
    if row["coordinator_percentage"]:
        _appoint(
            f"klynge.{cluster.slug}",
            f"Klyngekoordinator, {cluster}",
            Role.CLUSTER_COORDINATOR,
            cluster,
            position_percentage=min(row["coordinator_percentage"], 100),
            language=row["language"],
            start=row["since"],
        )
    numbers = [member["municipality"] for member in row["members"] if member["rd_contact_named"]]
    for municipality in Municipality.objects.in_force().filter(number__in=numbers):
        _appoint(
            f"kontakt.{municipality.number}",
            f"FoU-kontakt, {municipality}",
            Role.RD_CONTACT,
            municipality,
            language=municipality.letter_language,
            start=row["since"],
        )


def appoint(
    user: User, role: Role, held_in: Model | None = None, *, start: date = NETWORK_SINCE, **fields: Any
) -> None:
    """Let the account hold the role, unless it does."""
    scope = SCOPE_OF[role]
    where = {} if scope is Scope.NETWORK else {str(scope): held_in}
    if not user.appointments.filter(role=role, **where).exists():
        Appointment.objects.create(user=user, role=role, period=period(start), **where, **fields)


def _appoint(
    name: str,
    label: str,
    role: Role,
    held_in: Model | None = None,
    *,
    language: str = "nb",
    start: date = NETWORK_SINCE,
    **fields: Any,
) -> None:
    appoint(make_account(name, label=label, language=language), role, held_in, start=start, **fields)
