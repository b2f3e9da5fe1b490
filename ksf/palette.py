"""The colours of the portal, in one place: for the web in a light and a dark scheme, for paper in the light one.

``css/colours.css`` is made from here by ``make format``; documents and drawings read it. Colours of ordinary text,
borders and buttons are Designsystemet's, made from those in ``designsystemet.config.json``.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Colour:
    """A colour as ``#rrggbb``; ``light`` is paper's too."""

    light: str
    dark: str


# To tell regions apart, also for those who see protan, deutan or tritan; 3:1 against the page. Always with the name.
REGIONS = {
    "nord": Colour("#105967", "#a4ecf9"),
    "midt": Colour("#4e8871", "#3b7a34"),
    "vest": Colour("#133366", "#7ea9fc"),
    "innlandet": Colour("#724f0e", "#e9e378"),
    "ost": Colour("#5f1629", "#cd8083"),
    "sorost": Colour("#9f7db9", "#8858a8"),
    "sor": Colour("#b56321", "#ecad98"),
}
OSLO = Colour("#7f888f", "#717b83")  # belongs to no region

# From least to most: more is further from the page in both schemes.
STEPS = (
    Colour("#d6e4e7", "#22383f"),
    Colour("#9dc0c8", "#33606c"),
    Colour("#5d95a2", "#4f8e9e"),
    Colour("#2a6a79", "#85bcc9"),
    Colour("#0b4a5a", "#cfe9ef"),
)
ACCENT = STEPS[4]

# The size of a municipality. Small ones stand out: they are the point.
SIZES = {
    "small": Colour("#b4610f", "#f0a75c"),
    "medium": Colour("#5d95a2", "#5f98a6"),
    "large": STEPS[4],
}

# The series of a chart, in their order.
CHARTS = (STEPS[4], STEPS[2], STEPS[1], REGIONS["sor"], OSLO)

# Paper has no Designsystemet: its text, borders and grounds.
INK = "#1b2226"
SOFT = "#54626a"
RULE = "#c4ced3"
TINT = "#eef3f5"
WARNING = "#8a3b12"
OTHER_REGIONS = "#e3e9ec"  # around the one a small map shows
COVER_TILES = "#4c7587"  # on the accent colour


def web_properties() -> dict[str, Colour]:
    """The custom properties of the pages."""
    return {
        **{f"--r-{slug}": colour for slug, colour in REGIONS.items()},
        "--r-oslo": OSLO,
        **{f"--q{place}": colour for place, colour in enumerate(STEPS, start=1)},
        **{f"--z-{size}": colour for size, colour in SIZES.items()},
        **{f"--chart-{place}": colour for place, colour in enumerate(CHARTS, start=1)},
    }


def web_stylesheet() -> str:
    """``css/colours.css``."""
    lines = [f"  {name}: light-dark({colour.light}, {colour.dark});" for name, colour in web_properties().items()]
    return "\n".join(["/* Made from ksf/palette.py by `make format` */", ":root {", *lines, "}", ""])


def paper_stylesheet() -> str:
    """The custom properties of documents, which ``static/documents/documents.css`` uses."""
    colours = {"accent": ACCENT.light, "ink": INK, "soft": SOFT, "rule": RULE, "tint": TINT, "warn": WARNING}
    return ":root {" + "; ".join(f"--{name}: {colour}" for name, colour in colours.items()) + "}\n"


if __name__ == "__main__":
    print(web_stylesheet(), end="")  # noqa: T201
