"""An application as plain data: what is shown before it is handed in is what is sealed then (G4)."""

from datetime import datetime
from typing import Any

from django.utils.translation import override

from grants.models import Application
from grants.rules import eligibility


def snapshot_of(application: Application, findings: list[eligibility.Finding], moment: datetime) -> dict[str, Any]:
    """All that was handed in, as plain data in the application's language; amounts in kroner."""
    with override(application.language):
        return {
            "number": application.number,
            "version": application.submissions.count() + 1,
            "title": application.title,
            "language": application.language,
            "asked": application.asked,
            "least_amount": application.least_amount,
            "submitted_at": moment.isoformat(),
            "call": {
                "slug": application.call.slug,
                "title": str(application.call.title),
                "deadline_at": application.call.deadline_at.isoformat(),
            },
            "cluster": {
                "slug": application.cluster.slug,
                "name": application.cluster.name,
                "region": application.cluster.lead_region.name,
            },
            "motor": {"number": application.motor.number, "name": application.motor.name},
            **_rows(application),
            "eligibility": [
                {"code": found.code, "outcome": str(found.outcome), "title": found.title, "detail": found.detail}
                for found in findings
            ],
        }


def _rows(application: Application) -> dict[str, list[dict[str, Any]]]:
    return {
        "members": [
            {
                "number": member.municipality.number,
                "name": member.municipality.name,
                "population": member.municipality.population,
                "amount": member.amount,
            }
            for member in application.members.all()
        ],
        "budget": [
            {"code": line.category.code, "label": str(line.category.label), "grant": line.grant, "own": line.own}
            for line in application.budget.all()
        ],
        "answers": [
            {"code": answer.question.code, "label": str(answer.question.label), "content": answer.content}
            for answer in application.answers.all()
        ],
        "attachments": [
            {
                "id": file.pk,
                "code": file.requirement.code,
                "label": str(file.requirement.label),
                "name": file.name,
                "size": file.size,
                "sha256": file.sha256,
            }
            for file in application.current_attachments
        ],
    }
