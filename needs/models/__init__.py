"""Knowledge needs: what municipalities need to know, in their own words (N1-N4, N12, N13)."""

from needs.models.area import ServiceArea
from needs.models.endorsement import Endorsement
from needs.models.need import MOST_TEXT, KnowledgeNeed, NeedLevel, NumberSeries
from needs.models.relation import Likeness, Relation
from needs.models.text import Clarification, Source, TextVersion

__all__ = [
    "MOST_TEXT",
    "Clarification",
    "Endorsement",
    "KnowledgeNeed",
    "Likeness",
    "NeedLevel",
    "NumberSeries",
    "Relation",
    "ServiceArea",
    "Source",
    "TextVersion",
]
