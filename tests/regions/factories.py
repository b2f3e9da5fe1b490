import itertools

from ksf.periods import period
from regions.models import County, Municipality, Partner, Region
from tests.ksf.factories import LONG_AGO

_numbers = itertools.count(1)


def make_region(name=None, **fields):
    number = next(_numbers)
    fields = {"slug": f"region{number}", "order": 100 + number, **fields}
    return Region.objects.create(name=name or f"KSF Region {number}", **fields)


def make_county(region=None, **fields):
    number = next(_numbers)
    fields = {"number": f"{number % 100:02}", "name": f"Fylke {number}", **fields}
    return County.objects.create(region=region, **fields)


def make_municipality(name=None, *, county=None, region=None, **fields):
    number = next(_numbers)
    fields = {
        "number": f"{number % 10000:04}",
        "population": 3000,
        "language_form": "nb",
        "period": period(LONG_AGO),
        **fields,
    }
    name = name or f"Kommune {number}"
    return Municipality.objects.create(
        name=name, full_name=name, county=county or make_county(region or make_region()), **fields
    )


def make_partner(name=None, **fields):
    number = next(_numbers)
    return Partner.objects.create(
        name=name or f"Universitet {number}", **{"slug": f"partner{number}", "kind": "university", **fields}
    )
