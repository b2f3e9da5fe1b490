from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from ksf.content.models import NewsItem


class NewsForm(forms.ModelForm):
    class Meta:
        model = NewsItem
        fields = ["title_nb", "text_nb", "title_nn", "text_nn"]
        widgets: ClassVar = {
            "text_nb": forms.Textarea(attrs={"rows": 8}),
            "text_nn": forms.Textarea(attrs={"rows": 8}),
        }
        help_texts: ClassVar = {
            "text_nb": _("A few short paragraphs. Addresses become links."),
            "title_nn": _("Shown to those who read the portal in nynorsk. Others, and without it, get bokmål."),
        }
