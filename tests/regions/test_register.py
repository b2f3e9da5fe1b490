"""The register's files and how they come into the database."""

import csv
import shutil

import pytest
from django.core.management import CommandError, call_command

from ksf.periods import period
from regions import services
from regions.models import HostTerm, Municipality, MunicipalityChange, MunicipalityName, Partner, Population, Region
from regions.services import register_files
from tests.ksf.factories import LONG_AGO


@pytest.fixture(scope="module")
def files():
    return register_files.read()


@pytest.fixture
def loaded(db, files):
    return services.load_register(files)


def edit(folder, name, change):
    """A copy of the register's folder where ``change`` has been at the rows of one file."""
    shutil.copytree(register_files.FOLDER, folder, dirs_exist_ok=True)
    path = folder / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(register_files.COLUMNS[name]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return folder


@pytest.mark.usefixtures("loaded")
class TestLoading:
    def test_counts_are_those_of_the_register(self, loaded):
        assert (loaded.municipalities, loaded.counties, loaded.regions, loaded.partners) == (357, 15, 7, 118)
        in_region = {
            region.slug: Municipality.objects.in_force().in_region(region).count() for region in Region.objects.all()
        }
        assert in_region == {
            "nord": 80, "midt": 65, "vest": 66, "innlandet": 46, "ost": 33, "sorost": 41, "sor": 25,
        }  # fmt: skip

    def test_loading_again_changes_nothing(self, files):
        def everything():
            return [
                list(model.objects.order_by("pk").values())
                for model in (Municipality, MunicipalityName, Population, MunicipalityChange, HostTerm, Partner, Region)
            ]

        before = everything()
        services.load_register(files)
        assert everything() == before

    def test_a_municipality_has_its_facts(self):
        nordreisa = Municipality.objects.with_place().get(number="5544")
        assert nordreisa.full_name == "Nordreisa – Ráisa – Raisi"
        assert {(name.name, name.language) for name in nordreisa.parallel_names.all()} == {
            ("Ráisa", "se"),
            ("Raisi", "fkv"),
        }
        assert (nordreisa.region.slug, nordreisa.county.name, nordreisa.language_form) == ("nord", "Troms", "nb")
        assert [row.year for row in nordreisa.populations.all()] == [2023, 2024, 2025, 2026]
        assert nordreisa.population == nordreisa.populations.last().people
        assert nordreisa.predecessors.get().old_number == "5428"

    def test_a_name_is_shown_from_the_day_it_holds(self):
        oslo = Municipality.objects.get(number="0301").parallel_names.get()
        assert (oslo.name, str(oslo.starts_on)) == ("Oslove", "2026-01-01")

    def test_oslo_belongs_to_no_region_yet(self):
        assert Municipality.objects.get(number="0301").region is None

    def test_the_split_of_aalesund_is_kept(self):
        old = Municipality.objects.get(number="1507")
        assert (old.population, str(old.ends_on)) == (67520, "2024-01-01")
        assert set(MunicipalityChange.objects.filter(old_number="1507").values_list("new__name", flat=True)) == {
            "Ålesund",
            "Haram",
        }
        assert set(Municipality.objects.filter(org_number="").values_list("number", flat=True)) == {"1508", "1580"}

    def test_each_region_has_the_host_of_the_plan(self):
        hosts = {
            term.region.slug: (term.municipality.name, str(term.committed_until)) for term in HostTerm.objects.all()
        }
        assert hosts == {
            slug: (name, "2026-12-31")
            for slug, name in {
                "nord": "Bodø", "midt": "Trondheim", "vest": "Bergen", "innlandet": "Gjøvik", "ost": "Lillestrøm",
                "sorost": "Drammen", "sor": "Kristiansand",
            }.items()
        }  # fmt: skip

    def test_what_happened_in_the_portal_stands(self, files):
        Municipality.objects.filter(number="1101").update(period=period(LONG_AGO, register_files.day("2026-01-01")))
        HostTerm.objects.filter(region__slug="sor").update(committed_until=None)
        services.load_register(files)
        assert Municipality.objects.get(number="1101").ends_on is not None
        assert HostTerm.objects.get(region__slug="sor").committed_until is None

    def test_new_facts_are_taken_in(self, tmp_path):
        def grow(rows):
            next(row for row in rows if row["number"] == "1151" and row["year"] == "2026")["people"] = "5001"

        services.load_register(register_files.read(edit(tmp_path, "population", grow)))
        assert Municipality.objects.get(number="1151").population == 5001

    def test_the_command_reports_what_there_is(self, capsys):
        call_command("load_register")
        assert "357 municipalities in 15 counties and 7 regions, 118 partners." in capsys.readouterr().out


FAULTS = [
    (
        "municipalities",
        0,
        "org_number",
        "958935421",
        "municipalities.csv, line 2: org_number: '958935421' is not a valid",
    ),
    ("municipalities", 1, "number", "110", "municipalities.csv, line 3: number: '110' is not a municipality number"),
    (
        "municipalities",
        1,
        "county",
        "46",
        "municipalities.csv, line 3: 1101 does not begin with its county's number 46",
    ),
    ("municipalities", 1, "county", "99", "municipalities.csv, line 3: there is no county '99'"),
    ("municipalities", 1, "language_form", "en", "municipalities.csv, line 3: language_form: 'en' is not one of"),
    ("municipalities", 2, "number", "1101", "number 1101 stands in municipalities.csv, line 3 too"),
    ("population", 0, "people", "many", "population.csv, line 2: people: invalid literal"),
    ("population", 0, "number", "9999", "population.csv, line 2: number: there is no municipality 9999"),
    ("regions", 0, "host", "4601", "regions.csv, line 2: the host 4601 does not lie in the region"),
    ("counties", 1, "region", "west", "counties.csv, line 3: there is no region 'west'"),
    ("changes", 0, "changed_on", "1/1/2020", "changes.csv, line 2: changed_on"),
    ("partners", 0, "seat", "9999", "partners.csv, line 2: seat: there is no municipality 9999"),
    ("parallel_names", 0, "language", "fi", "parallel_names.csv, line 2: language: 'fi' is not one of"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault[0]}-{fault[2]}-{fault[3]}")
def test_a_fault_is_named_with_its_place(tmp_path, fault):
    name, line, column, value, message = fault
    folder = edit(tmp_path, name, lambda rows: rows[line].update({column: value}))
    with pytest.raises(register_files.RegisterError) as error:
        register_files.read(folder)
    assert message in str(error.value)


def test_a_missing_file_and_wrong_columns_are_named(tmp_path, db):
    shutil.copytree(register_files.FOLDER, tmp_path, dirs_exist_ok=True)
    (tmp_path / "counties.csv").unlink()
    (tmp_path / "changes.csv").write_text("a,b\n", encoding="utf-8")
    with pytest.raises(CommandError) as error:
        call_command("load_register", folder=tmp_path)
    assert "counties.csv: the file is missing" in str(error.value)
    assert "changes.csv: the columns must be old_number, old_name" in str(error.value)
    assert Municipality.objects.count() == 0
