from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ksf import panels, waiting
from ksf.web import render_page


@require_safe
def my_page(request: HttpRequest) -> HttpResponse:
    """What waits for the person (X3), and what the apps add."""
    context = {"items": waiting.for_user(request.user), "panels": panels.of("my_page", request)}
    return render_page(request, "ksf/my_page.html", context)
