"""Figures the portal cannot count yet: the region writes them."""

from django.utils.translation import gettext_lazy as _

from reporting.figures.registry import report_by_hand
from reporting.models.sections import SectionCode

report_by_hand(
    "long_term_initiatives", SectionCode.RESEARCH, _("Long-term initiatives with an agreement"), indicator="2.3"
)
report_by_hand("decisions_influenced", SectionCode.UPTAKE, _("Decisions influenced by knowledge"), indicator="3.3")
report_by_hand(
    "doctoral_candidates", SectionCode.EDUCATION, _("Doctoral candidates on municipal topics"), indicator="5.2"
)
report_by_hand(
    "programmes_changed", SectionCode.EDUCATION, _("Study programmes changed after municipal input"), indicator="5.3"
)
