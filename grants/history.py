"""What the steps are called in an object's history."""

from django.utils.translation import gettext_lazy as _

from ksf.web.history import tell

tell({
    "application.start": _("Application begun"),
    "application.submit": _("Application handed in"),
    "application.withdraw": _("Application withdrawn"),
    "application.reopen": _("Writing went on"),
    "application.begin_review": _("Sent to review"),
    "application.dismiss": _("Dismissed as ineligible"),
    "application.waive": _("Exception made from a rule"),
    "application.attach": _("File attached"),
    "application.detach": _("File removed"),
    "application.settle": _("The panel settled a joint score"),
    "application.award": _("Grant awarded"),
    "application.reject": _("Application rejected"),
    "call.publish": _("Call published"),
    "call.correct": _("Call corrected"),
    "call.extend": _("Deadline extended"),
    "call.close": _("Call closed"),
    "call.decide": _("Call decided"),
})
