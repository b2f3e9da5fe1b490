"""Telling people what happened: a row at once, the e-mail after the transaction (X3)."""

from ksf.notifications.services import notify

__all__ = ["notify"]
