"""What tests in every app do with pages and services."""

import hashlib
import re
import threading
from contextlib import contextmanager
from contextvars import ContextVar

import pytest
from django.core.exceptions import ValidationError
from django.core.handlers.base import BaseHandler
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from ksf.documents import pdf
from ksf.jobs.models import Job
from ksf.jobs.tasks import run
from ksf.lifecycle import NotNow


def text_of(response):
    """The page on one line, with every kind of space written as a plain one."""
    return on_one_line(response.content.decode()).replace("\u202f", " ").replace("\xa0", " ")


def on_one_line(html):
    """The HTML without what a template's layout adds: line breaks beside tags, and more than one space inside them."""
    html = re.sub(r"\s*\n\s*(?=<)|(?<=>)\s*\n\s*", "", html)
    html = re.sub(r"\s*\n\s*", " ", html)
    return re.sub(r"<\w[^>]*>", lambda tag: re.sub(r" +(?=[ >])", "", tag[0]), html)


def count_queries(client, url):
    """How many queries the page asks; it must be found."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def delete_rows(model):
    """Delete all rows past Django, which would ask for what hangs on them first."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608  our own name


def at_once(*actions):
    """Do these at the same time; return what each gave or was refused with, by name."""
    start, outcomes = threading.Barrier(len(actions)), []

    def do(action):
        start.wait()
        try:
            action()
            outcomes.append("done")
        except (NotNow, ValidationError) as refusal:
            outcomes.append(type(refusal).__name__)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=do, args=[action]) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@contextmanager
def pdfs_without_layout():
    """Documents are made of their templates as always, but not laid out on pages: that takes most of the time.

    For tests that do not look into the PDF. Different documents still have different bytes.
    """

    def name_only(html, *, art=None):
        return b"%PDF-1.7\n%" + hashlib.sha256(html.encode()).hexdigest().encode() + b"\n%%EOF\n"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "render_html", name_only)
        yield


@contextmanager
def requests_make_no_pdf():
    """Within, whoever makes a PDF while a request is answered gets an AssertionError."""
    is_answering = ContextVar("is_answering", default=False)
    answer, render = BaseHandler.get_response, pdf.render

    def noted(handler, request):
        token = is_answering.set(True)
        try:
            return answer(handler, request)
        finally:
            is_answering.reset(token)

    def guarded(template, context, *, language):
        assert not is_answering.get(), (
            f"A request makes a PDF of {template}: ask a job for it (ksf.jobs, ksf.renderings)."
        )
        return render(template, context, language=language)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseHandler, "get_response", noted)
        patch.setattr(pdf, "render", guarded)
        yield


def rendered(client, url):
    """The PDF at ``url``: asked for, made by the job, and asked for again."""
    response = client.get(url)
    if response.status_code == 202:
        for job in Job.objects.unfinished():
            run(job.pk)
        response = client.get(url)
    assert response["Content-Type"] == "application/pdf"
    return response


def name_of(action):
    """Where an action leads: the step, or the name of the address."""
    found = resolve(action.url.partition("?")[0]) if action else None
    return found and (found.kwargs.get("step") or found.url_name)


def looks(actions):
    """Where each action leads, and how it is shown."""
    return [(name_of(action), action.look) for action in actions]
