"""Relations named by a string import nothing, so lint-imports does not see them. They point down all the same."""

import tomllib
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = {
    contract["name"]: contract.get("layers", [])
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
}
APPS = CONTRACTS["apps point down only"]
INSIDE = {
    "ksf": [layer.replace(":", "|").split(" | ") for layer in CONTRACTS["inside the ground floor"]],
    "needs": [["research"], ["rounds"], ["models"], ["search"]],
}
SCOPES = {("accounts.Appointment", name) for name in ("region", "cluster", "municipality", "partner", "call")}
"""The one exception: what an appointment is held in, a column for each kind (docs/adr/0013)."""


def floor(model):
    """Where a model stands, from the top: its app among the apps, and its part of the app."""
    app, part = model.__module__.split(".")[:2]
    inside = INSIDE.get(app, [])
    return APPS.index(app), next((place for place, parts in enumerate(inside) if part in parts), 0)


def own_models():
    return [model for model in apps.get_models() if model.__module__.split(".")[0] in APPS]


def test_relations_point_down():
    pointing_up = {
        (model._meta.label, field.name)
        for model in own_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model in own_models()
        if floor(field.related_model) < floor(model)
    }
    assert pointing_up == SCOPES
