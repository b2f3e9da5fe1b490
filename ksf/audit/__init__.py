"""The log of what was done (X4): who, when, as what, from what to what. Rows can't be changed or removed."""

from ksf.audit.recording import changes_of, history, history_of, newest_of, record, record_personal

__all__ = ["changes_of", "history", "history_of", "newest_of", "record", "record_personal"]
