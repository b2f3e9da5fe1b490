"""Filters of the document templates: ``{% load documents %}``."""

from django.template import Library

from ksf.documents import typography

register = Library()
register.filter("typeset", typography.as_typeset)
register.filter("grouped", typography.grouped)
