"""Two news items of the demo, marked as examples."""

from datetime import timedelta

from django.utils import timezone

from ksf.accounts.models import User
from ksf.content import services
from ksf.content.models import NewsItem

BEFORE = "Kommunene i nord har stemt, og rekkefølgen er klar. Protokollen kommer senere."
"""What the last item said before the lead wrote more: the demo has a text with an earlier version."""
ITEMS = (
    {
        "title_nb": "Eksempel: Såkornmidler for neste år er lyst ut",
        "text_nb": "Klynger kan søke om midler til å komme i gang. Motorkommunen søker for klyngen.\n\n"
        "Spørsmål om utlysningen og svarene på dem er åpne for alle.",
        "title_nn": "Døme: Såkornmidlar for neste år er lyste ut",
        "text_nn": "Klynger kan søkje om midlar til å kome i gang. Motorkommunen søkjer for klynga.\n\n"
        "Spørsmål om utlysinga og svara på dei er opne for alle.",
    },
    {
        "title_nb": "Eksempel: Nord har valgt sine tre viktigste behov",
        "text_nb": "Kommunene i nord har stemt. De tre øverste behovene går videre til forskere og til den nasjonale "
        "runden. Hele rekkefølgen og protokollen ligger under prioriteringsrunder.",
    },
)


def load_news() -> int:
    """Write and publish the items, the first two days ago. Returns how many."""
    staff, lead = (User.objects.get(email=f"{name}@ksf.example") for name in ("nasjonalt", "leder"))
    for place, texts in enumerate(ITEMS):
        is_last = place == len(ITEMS) - 1
        item = services.write_news(by=staff, **(texts | {"text_nb": BEFORE} if is_last else texts))
        if is_last:
            services.edit_news(item, by=lead, text_nb=texts["text_nb"])
        item = services.publish(item, by=staff)
        NewsItem.objects.filter(pk=item.pk).update(published_at=timezone.now() - timedelta(days=6 * place + 2))
    return len(ITEMS)
