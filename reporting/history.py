"""What the verbs of the log about plans and reports are called on screen."""

from django.utils.translation import gettext_lazy as _

from ksf.web.history import describe_verbs

describe_verbs(
    {
        "regional_plan.start": _("The plan was begun"),
        "regional_plan.add_activity": _("An activity was added"),
        "regional_plan.change_activity": _("An activity was changed"),
        "regional_plan.remove_activity": _("An activity was taken out"),
        "regional_plan.hand_in": _("The plan was handed in"),
        "regional_plan.return": _("KS asked for changes in the plan"),
        "regional_plan.approve": _("KS approved the plan"),
        "regional_report.start": _("The report was begun"),
        "regional_report.refresh_figures": _("The figures were fetched again"),
        "regional_report.correct_figure": _("A figure was corrected"),
        "regional_report.attach_accounts": _("The accounts were attached"),
        "regional_report.hand_in": _("The report was handed in"),
        "regional_report.return": _("KS asked for changes in the report"),
        "regional_report.approve": _("KS approved the report, and it was sealed"),
        "regional_report.seal": _("The PDF was made and archived"),
        "national_report.build": _("The report was computed"),
        "national_report.publish": _("The report was published"),
        "national_report.seal": _("The PDF was made and archived"),
    }
)
