from needs.research.models.projects import Participation, ResearchProject
from needs.research.models.questions import (
    Interest,
    Kind,
    QuestionText,
    ResearchQuestion,
    SavedSearch,
)

__all__ = [
    "Interest",
    "Kind",
    "Participation",
    "QuestionText",
    "ResearchProject",
    "ResearchQuestion",
    "SavedSearch",
]
