"""What the regions wrote about each goal."""

from django.utils.translation import gettext as _

from ksf.documents import blocks as b
from reporting.documents import paragraphs
from reporting.national.drawings import Data
from reporting.snapshot import in_language


def by_goal(data: Data) -> list[b.Chapter]:
    """A chapter per goal with what the regions wrote about it."""
    by_goal = {
        "goal_1": "needs",
        "goal_2": "research",
        "goal_3": "uptake",
        "goal_4": "framework",
        "goal_5": "education",
    }
    chapters = []
    for goal in data["goals"]:
        code = by_goal[goal["code"]]
        told: list[object] = [
            b.Section(row["name"], paragraphs(section), long=True)
            for row in data["regions"]
            for section in row["sections"]
            if section["code"] == code and section["text"].strip()
        ]
        if told:
            part = _("Goal %(number)d") % {"number": goal["order"]}
            chapters.append(
                b.Chapter(
                    f"goal{goal['order']}", in_language(goal["name"]), told, part=part, lead=in_language(goal["text"])
                )
            )
    return chapters
