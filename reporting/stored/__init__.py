"""The shape of what sealed reports store as JSON: ``regional.py`` and ``national.py`` (R2, R3).

Sealed reports are never rewritten, so the keys are what they have been; a field whose name is plainer than its key says
the key as its alias. Reading raises pydantic's ValidationError where a key is missing.
"""
