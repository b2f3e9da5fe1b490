"""One context per kind of document, in bokmål and nynorsk. The words are examples; the figures are made up."""

from datetime import UTC, date, datetime

from django.utils import translation
from django.utils.html import format_html

from ksf.documents import blocks as b
from ksf.documents import charts
from ksf.web import tilemap

CHECKSUM = "9f3a27c15be0d84471c6a90e2d5f4b139f3a27c15be0d84471c6a90e2d5f4b13"
SEALED_AT = datetime(2026, 3, 12, 9, 15, tzinfo=UTC)
BUDGET = [
    ("Klyngekoordinator", 560_000, 180_000),
    ("Samlinger og opplæring", 170_000, 160_000),
    ("Reiser", 120_000, 80_000),
]


def money(*titles):
    return [b.Column(titles[0]), *(b.Column(title, number=True) for title in titles[1:])]


def award(language):
    nn = language == "nn"
    return {
        "title": "Tilsegn om 850 000 kroner til Klynge Haugaland"
        if nn
        else "Tilsagn om 850 000 kroner til Klynge Haugaland",
        "created_at": SEALED_AT,
        "document": {"number": "KSF-2026-0143"},
        "checksum": CHECKSUM,
        "sender": "KS · Postboks 1378 Vika · 0114 Oslo",
        "recipient": ["Haugesund kommune", "Postboks 2160", "5504 Haugesund"],
        "recipient_number": "944 073 787",
        "facts": [("Dato", date(2026, 3, 12)), ("Sak", "2026/0143"), ("Dokument", "KSF-2026-0143")],
        "lead": "KS gir Haugesund kommune 850 000 kroner. De må godta tilsegna innan 2. april 2026."
        if nn
        else "KS gir Haugesund kommune 850 000 kroner. Dere må godta tilsagnet innen 2. april 2026.",
        "sections": [
            b.Section("Føremål" if nn else "Formål", [b.Paragraph("Kárášjohka, Guovdageaidnu og Snåase er med.")]),
            b.Section(
                "Beløp",
                [
                    b.Paragraph("Beløpet skal dekkje desse postane." if nn else "Beløpet skal dekke disse postene."),
                    b.Table(
                        "Godkjent budsjett",
                        money(
                            "Post",
                            "Tilskot, kr" if nn else "Tilskudd, kr",
                            "Eigen innsats, kr" if nn else "Egen innsats, kr",
                        ),
                        BUDGET,
                        total=("Sum", 850_000, 420_000),
                    ),
                ],
            ),
            b.Section(
                "Vilkår",
                [
                    b.Paragraph(
                        format_html("Svar <strong>{}</strong>.", "innan 2. april 2026" if nn else "innen 2. april 2026")
                    ),
                    b.Bullets(
                        ["Pengane går til føremålet." if nn else "Pengene brukes til formålet.", "Minst fem medlemmer."]
                    ),
                ],
                long=True,
            ),
        ],
        "signatures": [
            ("Leiar, KSF nasjonalt" if nn else "Leder, KSF nasjonalt", "12. mars 2026 kl. 10.02"),
            ("Saksbehandlar" if nn else "Saksbehandler", "11. mars 2026"),
        ],
        "notes": ["Brevet er godkjent elektronisk."],
    }


def rejection(language):
    nn = language == "nn"
    criteria = [("Behov og nytte", "30 %", "5,7"), ("Forankring", "25 %", "3,7"), ("Gjennomføring", "45 %", "4,0")]
    return award(language) | {
        "title": "Avslag på søknad om såkornmiddel" if nn else "Avslag på søknad om såkornmidler",
        "lead": "Klynge Kongsvinger får ikkje såkornmiddel." if nn else "Klynge Kongsvinger får ikke såkornmidler.",
        "sections": [
            b.Section(
                "Grunngiving" if nn else "Begrunnelse",
                [
                    b.Table(
                        "Vurdering",
                        money("Kriterium", "Vekt", "Poeng"),
                        criteria,
                        total=("Samla" if nn else "Samlet", "100 %", "4,6"),
                    )
                ],
            ),
            b.Section(
                "Rett til å klage",
                [b.Paragraph("Sjå forvaltningslova §§ 28 og 29." if nn else "Se forvaltningsloven §§ 28 og 29.")],
            ),
        ],
    }


def application(language):
    nn = language == "nn"
    return {
        "title": "Søknad S-2026-0017: Klynge Haugaland",
        "heading": "Klynge Haugaland",
        "author": "Haugesund kommune",
        "created_at": SEALED_AT,
        "document": {"number": "S-2026-0017"},
        "checksum": CHECKSUM,
        "sender": "Såkornmiddel 2026" if nn else "Såkornmidler 2026",
        "facts": [("Søknad", "S-2026-0017"), ("Versjon", 2)],
        "lead": "Søknad om 980 000 kroner.",
        "received": [("Motteken" if nn else "Mottatt", "27. januar 2026 kl. 11.42.07")],
        "receipt": [
            b.Table(
                "Kortversjon",
                [b.Column("Opplysning"), b.Column("Svar")],
                [("Motorkommune", "Haugesund"), ("Medlemmer", 8)],
            )
        ],
        "chapters": [
            b.Chapter(
                "budsjett",
                "Budsjett",
                [b.Table("Kostnader", money("Post", "Søkt, kr", "Sum, kr"), BUDGET, wide=True)],
                start="follow",
            ),
            b.Chapter(
                "svar",
                "Svar",
                [
                    b.Section(
                        "1 Kva vil klynga oppnå?" if nn else "1 Hva vil klyngen oppnå?",
                        [b.Paragraph("Éin felles inngang." if nn else "Én felles inngang.")],
                        long=True,
                    )
                ],
                start="follow",
            ),
        ],
    }


def need(language):
    nn = language == "nn"
    return {
        "title": "Dokumentert kunnskapsbehov KB-2026-0412",
        "heading": "Kva skal til for at digital heimeoppfølging avlastar?"
        if nn
        else "Hva skal til for at digital hjemmeoppfølging avlaster?",
        "created_at": SEALED_AT,
        "document": {"number": "KB-2026-0412"},
        "checksum": CHECKSUM,
        "sender": "Til bruk i søknad om forskingsmiddel" if nn else "Til bruk i søknad om forskningsmidler",
        "facts": [("Behov", "KB-2026-0412"), ("Status", "Forskbar")],
        "lead": "34 kommunar står bak." if nn else "34 kommuner står bak.",
        "sections": [
            b.Section(
                "Kven som står bak" if nn else "Hvem som står bak",
                [
                    b.Table(
                        "Etter region",
                        money("Region", "Små", "Store"),
                        [("KSF Nord", 6, 1), ("KSF Vest", 4, None)],
                        total=("I alt", 10, 1),
                    )
                ],
            )
        ],
    }


def tiles():
    return [tilemap.Tile(number=f"{n:04}", q=n % 9 - n // 18, r=n // 9, name=f"Kommune {n}") for n in range(80)]


def report(language):
    nn = language == "nn"
    everything = tiles()
    with translation.override(language):
        rows = [
            {"region": region, "antall": count, "gruppe": group}
            for region, counts in (("KSF Nord", (12, 9, 4)), ("KSF Vest", (1_204, 700, 90)))
            for group, count in zip(("Små", "Mellomstore", "Store"), counts, strict=True)
        ]
        chart = charts.grouped_bar(
            rows, category="region", value="antall", series="gruppe", title="Søyler. Tallene står i tabellen under."
        )
        map_title = "Kart over 80 kommuner, like store."
        big = tilemap.paper_map(
            [tilemap.Layer(everything[:50], "#105967"), tilemap.Layer(everything[50:], "#105967", 0.36)],
            radius=7.2,
            title=map_title,
            labels=[tilemap.Label(2, 3, "KSF Nord", below="50 av 80")],
            left=62,
        )
        small = tilemap.paper_map([tilemap.Layer(everything, "#e3e9ec")], radius=2.15, title=map_title)
        cover = tilemap.paper_map([tilemap.Layer(everything, "#4c7587")], radius=8.2)
    chapters = [
        b.Chapter(
            "sammendrag",
            "Året på to sider",
            [
                b.KeyFigures(
                    [
                        b.KeyFigure(16, "etablerte klynger", "4 i 2024"),
                        b.KeyFigure(1_150_715, "innbyggjarar" if nn else "innbyggere"),
                    ]
                ),
                b.Section(
                    "Det som gjekk bra" if nn else "Det som gikk bra",
                    [b.Bullets(["Alle regionar." if nn else "Alle regioner."])],
                ),
            ],
            lead="130 av 356 kommunar er med." if nn else "130 av 356 kommuner er med.",
            start="left",
        ),
        b.Chapter("kart", "Kven som er med" if nn else "Hvem som er med", [b.Map(big, [map_title])]),
        b.Chapter(
            "behov",
            "Behov",
            [
                b.Figure("Behov etter region", chart),
                b.Table("Behov", money("Region", "I alt"), [("KSF Nord", 25), ("KSF Vest", 1_994)]),
            ],
            part="Mål 1",
        ),
        b.Chapter(
            "nord",
            "KSF Nord",
            [
                b.Aside(small, [("Vertskommune", "Bodø"), ("Kommuner", 80)]),
                b.KeyFigures([b.KeyFigure(50, "i klynge", "av 80")], beside=True),
                b.Text("Slik er det", [b.Paragraph("Avstandane er lange." if nn else "Avstandene er lange.")]),
                b.Names("Kommunane" if nn else "Kommunene", [("Salten", "Bodø, Fauske")]),
            ],
            part="Region for region",
        ),
        b.Chapter(
            "sor",
            "KSF Sør",
            [b.Box("Årsrapporten manglar" if nn else "Årsrapporten mangler", [b.Paragraph("Frist 1. mars 2026.")])],
            part="Region for region",
        ),
        b.Chapter(
            "vedlegg",
            "Alle kommunane" if nn else "Alle kommunene",
            [
                b.Table(
                    "Register",
                    [
                        b.Column("Nr."),
                        b.Column("Kommune"),
                        b.Column("Innbyggjarar" if nn else "Innbyggere", number=True),
                    ],
                    [b.Group("KSF Nord"), *((tile.number, tile.name, 1_000 * n) for n, tile in enumerate(everything))],
                    header=1,
                    wide=True,
                    dense=True,
                )
            ],
            part="Vedlegg",
        ),
    ]
    return {
        "title": "Årsrapport 2025",
        "subtitle": "Kva kommunane treng å vite" if nn else "Hva kommunene trenger å vite",
        "created_at": SEALED_AT,
        "document": {"number": "R-2026-0001"},
        "checksum": CHECKSUM,
        "imprint": ["KS, april 2026"],
        "notice": "Eksempel. Tala er oppdikta." if nn else "Eksempel. Tallene er oppdiktet.",
        "art": {"cover": cover},
        "chapters": chapters,
        "contents": b.contents(chapters),
    }


SAMPLES = {
    "award": ("documents/letter.html", award),
    "rejection": ("documents/letter.html", rejection),
    "application": ("documents/application.html", application),
    "need": ("documents/need.html", need),
    "report": ("documents/report.html", report),
}
