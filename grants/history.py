"""What the steps are called in an object's history."""

from django.utils.translation import gettext_lazy as _

from ksf.web.history import describe_verbs

describe_verbs(
    {
        "application.start": _("Application begun"),
        "application.motor": _("Follows the new motor municipality, %(after)s"),
        "application.submit": _("Application handed in"),
        "application.withdraw": _("Application withdrawn"),
        "application.reopen": _("Writing went on"),
        "application.begin_review": _("Sent to review"),
        "application.dismiss": _("Dismissed as ineligible"),
        "application.waive": _("Exception made from a rule"),
        "application.take_back_waiver": _("Exception taken back"),
        "application.attach": _("File attached"),
        "application.detach": _("File removed"),
        "application.settle": _("The panel settled a joint score"),
        "application.award": _("Grant awarded"),
        "application.reject": _("Application rejected"),
        "application.letter": _("Letter sealed"),
        "proposal.chosen": _("Allocation chosen"),
        "proposal.propose": _("Sent for decision"),
        "proposal.send_back": _("Sent back by the lead"),
        "proposal.drop": _("Another allocation chosen"),
        "proposal.decide": _("Decided"),
        "proposal.line_changed": _("Amount changed by hand"),
        "proposal.line_restored": _("Computed amount restored"),
        "award.decide": _("Grant awarded"),
        "award.accept": _("Grant accepted"),
        "award.decline": _("Grant declined"),
        "award.lapse": _("Grant lapsed"),
        "complaint.receive": _("Complaint received"),
        "complaint.uphold": _("Complaint upheld"),
        "complaint.readmit": _("Complaint upheld"),
        "complaint.dismiss": _("Complaint not upheld"),
        "complaint.propose_redecision": _("New decision proposed"),
        "application.readmit": _("Taken up to assessment after a complaint"),
        "application.award_again": _("Decided again after a complaint"),
        # The log of before version 0.2 says "anew", and a log is never changed.
        "complaint.propose_anew": _("New decision proposed"),
        "application.award_anew": _("Decided again after a complaint"),
        "call.publish": _("Call published"),
        "call.doubts": _("Looked at before publishing: %(doubts)s"),
        "call.correct": _("Call corrected"),
        "call.extend": _("Deadline extended"),
        "call.close": _("Call closed"),
        "call.decide": _("Call decided"),
    }
)
