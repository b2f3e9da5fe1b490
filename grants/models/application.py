"""A cluster's application to a call (G4, G5). What is submitted is sealed in ``Submission`` and never changed."""

from functools import cached_property
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster, Membership, MotorTerm
from grants.lifecycle import ApplicationState, ReviewState
from grants.models.attachment import Attachment
from grants.models.call import Call
from grants.models.form import CostCategory, Question
from ksf.accounts.roles import Role
from ksf.actor import Actor
from ksf.addresses import address_of
from ksf.documents.models import Document
from ksf.writing.models import VersionedText
from regions.models import HostTerm, Municipality

DECLARED_REVIEWS = (ReviewState.WRITING, ReviewState.HANDED_IN)
LIVE_REVIEWS = (ReviewState.ASSIGNED, *DECLARED_REVIEWS)
IN_ASSESSMENT = (ApplicationState.SUBMITTED, ApplicationState.UNDER_REVIEW)
HIDDEN_FROM_READERS = (ApplicationState.DRAFT, ApplicationState.WITHDRAWN)


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: Actor) -> Self:
        """What ``user`` may open: its writers, KSF nationally, those it concerns once it is in, and its reviewers.

        A reviewer declares impartiality before it opens, and with a tie cannot open it, whichever other way would
        have led there (G6).
        """
        if user.is_national:
            return self
        judged_calls = user.call_ids(Role.REVIEWER)
        readable = _concerning(user) & ~Q(state__in=HIDDEN_FROM_READERS)
        if not judged_calls:
            return self.filter(_written_by(user) | readable)
        judged = Q(call__in=judged_calls)
        reviewer = judged & Q(pk__in=_reviewed_by(user)) & ~_tied_to(user)
        return self.filter(_written_by(user) | (readable & ~judged) | reviewer)

    def written_by(self, user: Actor) -> Self:
        """Those ``user`` may write: as coordinator of the cluster or contact of its motor municipality."""
        return self.filter(_written_by(user))

    def not_tied_to(self, user: Actor) -> Self:
        """Those ``user`` has no appointment around: member municipality, cluster, or the region's host (G6)."""
        return self.exclude(_tied_to(user))

    def of_cluster(self, cluster: Cluster) -> Self:
        return self.filter(cluster=cluster)

    def to_call(self, call: Call) -> Self:
        return self.filter(call=call)

    def with_reviews(self) -> Self:
        """With their reviews and who writes each."""
        return self.prefetch_related("reviews__reviewer")

    def in_draft(self) -> Self:
        return self.filter(state=ApplicationState.DRAFT)

    def received(self) -> Self:
        """Handed in and not withdrawn."""
        return self.exclude(state__in=HIDDEN_FROM_READERS)

    def in_assessment(self) -> Self:
        """Handed in and not yet decided."""
        return self.filter(state__in=IN_ASSESSMENT)

    def under_review(self) -> Self:
        return self.filter(state=ApplicationState.UNDER_REVIEW)

    def awarded(self) -> Self:
        return self.filter(state=ApplicationState.AWARDED)

    def with_decision(self) -> Self:
        """With award or rejection and its letter."""
        letters = ("award__letter", "rejection__letter")
        return self.select_related(*letters).defer(*(f"{letter}__content" for letter in letters))

    def lacking_letter(self) -> Self:
        """Those decided whose letter is not written."""
        return self.filter(
            Q(award__isnull=False, award__letter__isnull=True)
            | Q(rejection__isnull=False, rejection__letter__isnull=True)
        )

    def for_list(self) -> Self:
        """With what a list shows: call, cluster, region, motor and the sum asked."""
        return self.select_related("call", "cluster__lead_region", "motor").with_asked()

    def for_table(self) -> Self:
        """With what a row of the table of applications shows: cluster, region and the sum asked."""
        return self.select_related("cluster__lead_region").with_asked()

    def with_asked(self) -> Self:
        """With ``asked``, the sum of the members' amounts, in kroner."""
        sums = (
            ApplicationMember.objects.filter(application=OuterRef("pk"))
            .order_by()
            .values("application")
            .annotate(total=Sum("amount"))
            .values("total")
        )
        total = Coalesce(Subquery(sums), 0, output_field=models.BigIntegerField())
        return self.annotate(asked=total)

    def for_page(self) -> Self:
        """With all that the application's own pages show, in a fixed number of queries."""
        return self.for_list().prefetch_related(*_parts())


def _parts() -> list[Any]:
    """What ``for_page`` and ``filled`` bring along."""
    files = Attachment.objects.current().without_content()
    return [
        models.Prefetch("members", ApplicationMember.objects.select_related("municipality")),
        models.Prefetch("budget", BudgetLine.objects.select_related("category")),
        models.Prefetch("answers", Answer.objects.select_related("question")),
        models.Prefetch("waivers", Waiver.objects.in_force()),
        "call__required_attachments",
        models.Prefetch("attachments", files, to_attr="current_attachments"),
    ]


def _written_by(user: Actor) -> Q:
    coordinated = user.cluster_ids(Role.CLUSTER_COORDINATOR)
    return Q(cluster__in=coordinated) | Q(motor__in=user.municipality_ids(Role.RD_CONTACT))


def _concerning(user: Actor) -> Q:
    """Those of the user's regions, and those a municipality takes part in whose contact the user is."""
    contacts = user.municipality_ids(Role.RD_CONTACT)
    in_region = Q(cluster__lead_region__in=user.region_ids())
    if not contacts:
        return in_region
    return in_region | Q(pk__in=Application.objects.filter(members__municipality__in=contacts).values("pk"))


def _reviewed_by(user: Actor) -> models.QuerySet:
    return Application.objects.filter(reviews__reviewer=user.pk, reviews__state__in=DECLARED_REVIEWS).values("pk")


def _tied_to(user: Actor) -> Q:
    """Appointment in a member municipality, in the cluster, or in the region or its host municipality (G6)."""
    municipalities = user.municipality_ids()
    members = ApplicationMember.objects.filter(application=OuterRef("pk"), municipality__in=municipalities)
    in_cluster = Membership.objects.in_force().filter(cluster=OuterRef("cluster"), municipality__in=municipalities)
    hosts = HostTerm.objects.in_force().filter(region=OuterRef("cluster__lead_region"), municipality__in=municipalities)
    return (
        Q(cluster__in=user.cluster_ids())
        | Q(cluster__lead_region__in=user.region_ids())
        | Q(motor__in=municipalities)
        | Q(Exists(members))
        | Q(Exists(in_cluster))
        | Q(Exists(hosts))
    )


def clusters_to_apply_for(user: Actor) -> models.QuerySet[Cluster]:
    """The living clusters ``user`` may apply for: coordinated ones, and those whose motor one is contact of (G4)."""
    contacts = user.municipality_ids(Role.RD_CONTACT)
    motors = MotorTerm.objects.in_force().filter(membership__municipality__in=contacts)
    mine = Q(pk__in=user.cluster_ids(Role.CLUSTER_COORDINATOR)) | Q(pk__in=motors.values("cluster"))
    return Cluster.objects.alive().filter(mine).order_by("sort_key")


class Application(models.Model):
    """One cluster's application to one call, written by its motor municipality. Amounts in kroner."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="applications")
    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="applications")
    motor = models.ForeignKey(Municipality, models.PROTECT, related_name="motor_applications")
    language = models.CharField(
        _("Written in"), max_length=2, choices=[("nb", _("bokmål")), ("nn", _("nynorsk"))], default="nb"
    )
    title = models.CharField(_("Title"), max_length=200)
    least_amount = models.PositiveBigIntegerField(
        _("Least amount that makes sense"),
        null=True,
        blank=True,
        help_text=_("Can you carry it out with less? Then it is easier to get something."),
    )
    state = models.CharField(max_length=14, choices=ApplicationState, default=ApplicationState.DRAFT, editable=False)
    number = models.CharField(max_length=20, blank=True, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    dismissal_grounds = models.TextField(_("Why it is dismissed"), blank=True)

    TONES = {
        ApplicationState.DRAFT: "info",
        ApplicationState.SUBMITTED: "success",
        ApplicationState.UNDER_REVIEW: "info",
        ApplicationState.AWARDED: "success",
    }

    current_attachments: "list[Attachment]"  # by ``for_page``
    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-call__deadline_at", "number", "pk"]
        constraints = [
            models.CheckConstraint(name="application_state_known", condition=Q(state__in=ApplicationState.values)),
            models.UniqueConstraint(name="application_once_per_cluster", fields=["call", "cluster"]),
            models.UniqueConstraint(name="application_number_once", fields=["number"], condition=~Q(number="")),
            models.CheckConstraint(
                name="application_numbered_when_submitted",
                condition=Q(state__in=[ApplicationState.DRAFT, ApplicationState.WITHDRAWN])
                | (Q(submitted_at__isnull=False) & ~Q(number="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    def get_absolute_url(self) -> str:
        return address_of("application", self.pk)

    @cached_property
    def asked(self) -> int:
        """The sum the members ask for, in kroner."""
        return sum(member.amount for member in self.members.all())

    def filled(self) -> "Application":
        """Itself, with its parts as ``for_page`` brings them along."""
        models.prefetch_related_objects([self], *_parts())
        return self

    @property
    def granted_cost(self) -> int:
        """What the budget takes of the grant, in kroner."""
        return sum(line.grant for line in self.budget.all())

    @property
    def own_cost(self) -> int:
        """What the municipalities put in themselves, in kroner."""
        return sum(line.own for line in self.budget.all())

    @cached_property
    def joined(self) -> list[Membership]:
        """The cluster's memberships in force, with municipality and whether it ``is_motor``."""
        motor = MotorTerm.objects.in_force().filter(membership=OuterRef("pk"))
        joined = Membership.objects.in_force().filter(cluster=self.cluster_id).select_related("municipality")
        return list(joined.annotate(is_motor=Exists(motor)))

    @cached_property
    def tied_municipality_ids(self) -> frozenset[int]:
        """Municipalities whose people are tied to this application: members, motor, and the region's host (G6)."""
        asked = ApplicationMember.objects.filter(application=self.pk).order_by().values_list("municipality")
        joined = Membership.objects.in_force().filter(cluster=self.cluster_id).order_by().values_list("municipality")
        hosts = HostTerm.objects.in_force().filter(region=self.cluster.lead_region_id).order_by()
        tied = asked.union(joined, hosts.values_list("municipality"))
        return frozenset({*(pk for (pk,) in tied), self.motor_id})

    @property
    def is_under_review(self) -> bool:
        return self.state == ApplicationState.UNDER_REVIEW

    @property
    def is_draft(self) -> bool:
        return self.state == ApplicationState.DRAFT

    @property
    def is_dismissed(self) -> bool:
        return self.state == ApplicationState.INELIGIBLE

    @property
    def lacks_reviewers(self) -> bool:
        """Whether it is to be assessed and has fewer reviewers than the call asks for."""
        live = sum(review.state in LIVE_REVIEWS for review in self.reviews.all())
        return self.state in IN_ASSESSMENT and live < self.call.reviews_each

    @property
    def decision(self) -> Any:
        """Its award or its rejection; None before the decision."""
        return getattr(self, "award", None) or getattr(self, "rejection", None)

    @property
    def latest_submission(self) -> "Submission | None":
        return self.submissions.select_related("document").first()


class ApplicationMember(models.Model):
    """A municipality that takes part, and what it asks for, in kroner."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="members")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="grant_memberships")
    amount = models.PositiveBigIntegerField(_("Amount"), default=0)

    class Meta:
        ordering = ["municipality__sort_key", "pk"]
        constraints = [models.UniqueConstraint(name="application_member_once", fields=["application", "municipality"])]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.amount}"


class BudgetLine(models.Model):
    """What a kind of cost takes of the grant and of the municipalities' own money and time, in kroner."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="budget")
    category = models.ForeignKey(CostCategory, models.PROTECT, related_name="+")
    grant = models.PositiveBigIntegerField(_("Asked for"), default=0)
    own = models.PositiveBigIntegerField(_("Own contribution"), default=0)

    class Meta:
        ordering = ["category__order", "pk"]
        constraints = [models.UniqueConstraint(name="budget_line_once", fields=["application", "category"])]

    def __str__(self) -> str:
        return f"{self.category}: {self.grant} + {self.own}"

    @property
    def total(self) -> int:
        return self.grant + self.own


class Answer(VersionedText):
    """The answer to one question of the call."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["question__order", "pk"]
        constraints = [models.UniqueConstraint(name="answer_once", fields=["application", "question"])]

    def __str__(self) -> str:
        return f"{self.question}"


class WaiverQuerySet(models.QuerySet["Waiver"]):
    def in_force(self) -> Self:
        """Those that are not taken back."""
        return self.filter(taken_back_at__isnull=True)


class Waiver(models.Model):
    """KSF's decision that a rule does not bind an application, and why; one taken back is kept (G5)."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="waivers")
    rule = models.CharField(max_length=40)
    reason = models.TextField(_("Reason"))
    waived_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    waived_at = models.DateTimeField(auto_now_add=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = WaiverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="waiver_once", fields=["application", "rule"], condition=Q(taken_back_at__isnull=True)
            ),
            models.CheckConstraint(
                name="waiver_taken_back_by_somebody",
                condition=Q(taken_back_at__isnull=True) | Q(taken_back_by__isnull=False),
            ),
            models.CheckConstraint(name="waiver_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return self.rule


class Submission(models.Model):
    """An application exactly as it was handed in (G4).

    The database refuses any change of a row, but that its PDF is added once: a job makes it of the snapshot.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="submissions")
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    snapshot = models.JSONField()
    checksum = models.CharField(max_length=64)
    document = models.OneToOneField(Document, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="submission_checksum", condition=Q(checksum__regex="^[0-9a-f]{64}$"))
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.submitted_at:%Y-%m-%d %H:%M:%S}"
