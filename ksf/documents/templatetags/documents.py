"""Filters of the document templates: ``{% load documents %}``."""

from django import template

from ksf.documents import typography

register = template.Library()
register.filter("written", typography.written)
register.filter("grouped", typography.grouped)
