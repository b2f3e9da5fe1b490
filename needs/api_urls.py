"""The addresses of the programming interface, open to all."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from needs.api import api

patterns, _app_name, _namespace = api.urls
for pattern in patterns:
    pattern.callback = login_not_required(pattern.callback)  # type: ignore[type-var]

urlpatterns: list[Any] = [path("", (patterns, "api", "api"))]
