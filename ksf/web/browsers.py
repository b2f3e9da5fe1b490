"""Which browser it was, in words a person knows it by."""

from django.utils.translation import gettext as _

BROWSERS = {
    "Edg": "Edge", "OPR/": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox", "FxiOS": "Firefox",
    "HeadlessChrome": "Chrome", "Chrome": "Chrome", "CriOS": "Chrome", "Safari": "Safari",
}  # fmt: skip
"""What browsers call themselves, the particular before the general: Edge says Chrome too, and Chrome says Safari."""

SYSTEMS = {
    "iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "CrOS": "ChromeOS",
    "Mac OS": "Mac", "Linux": "Linux",
}  # fmt: skip


def browser_name(user_agent: str) -> str:
    """``Firefox, Windows``; "unknown browser" for what does not say."""
    browser = next((name for sign, name in BROWSERS.items() if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS.items() if sign in user_agent), "")
    return ", ".join(filter(None, (browser, system))) or _("unknown browser")
