"""Needs that the tests of the search look among: title and text."""

NEEDS = [
    ("Rekruttering av sykepleiere til distriktet", "Vi lyser ut stillinger uten søkere."),
    ("Korleis få sjukepleiarar til å søkje jobb i ein liten kommune?", "Ingen kvalifiserte søkjarar."),
    ("Sykefravær blant sykepleiere i hjemmetjenesten", "Fraværet er høyt. Hva virker?"),
    ("Mindre antibiotika på sjukeheimane", "Mange får kur mot urinvegsinfeksjon."),
    ("Velferdsteknologi hos hjemmeboende", "Sensorer og alarm."),
    ("Overvann og styrtregn i tettstedet", "Kjellere oversvømmes."),
]
