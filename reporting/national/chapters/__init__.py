"""The national report as chapters of a PDF, in the active language. ``document.py`` puts them in order."""
