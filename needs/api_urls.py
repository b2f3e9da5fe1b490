"""The addresses of the programming interface, open to all, also to other sites' scripts."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import path

from needs.api import api


def open_to_all(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """No signing in, and other sites may read the answer (it is the same for everyone, and no cookie is wanted)."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return login_not_required(answer)


patterns, _app_name, _namespace = api.urls
for pattern in patterns:
    if pattern.callback:
        pattern.callback = open_to_all(pattern.callback)

urlpatterns: list[Any] = [path("", (patterns, "api", "api"))]
