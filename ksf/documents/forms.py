import hashlib

from django import forms
from django.utils.translation import gettext_lazy as _

from ksf.documents.models import Document


class ControlForm(forms.Form):
    """A file to hold against the archived one."""

    file = forms.FileField(label=_("The file you have"), help_text=_("It is compared here and not kept."))

    def is_archived(self, document: Document) -> bool:
        """Tell whether the file is the archived one, byte for byte."""
        return hashlib.file_digest(self.cleaned_data["file"], "sha256").hexdigest() == document.sha256
