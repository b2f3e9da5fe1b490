"""What the views of two or more apps need."""

from ksf.web.pages import render_page

__all__ = ["render_page"]
