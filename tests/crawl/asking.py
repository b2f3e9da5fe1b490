"""Asking an address of the portal as one of the readers."""

from django.db import connection
from django.urls import reverse

READS = ("SELECT", "SAVEPOINT", "RELEASE")


def address(name, row, demo):
    return reverse(name, kwargs={key: demo[what] for key, what in row.args.items()})


def asked(visitor, url, data=None, **how):
    """The answer, and the queries it took; with ``data`` the form is posted."""
    queries = []

    def note(execute, sql, *rest):
        queries.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        return visitor.get(url) if data is None else visitor.post(url, data, **how), queries
