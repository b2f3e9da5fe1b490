import re

import pytest
import yaml

from tests.ksf.production import PRODUCTION, ROOT, load

READS = re.compile(r"""env\.(?:string|flag|number|times|comma_separated)\(\s*"([A-Z_]+)\"""")
NAMES = re.compile(r"^(?:# )?([A-Z_]+)=", re.MULTILINE)


def test_production_is_closed():
    answer = load(
        "settings.DEBUG, settings.DEMO, settings.HTTPS, settings.SESSION_COOKIE_SECURE, settings.STATIC_MANIFEST"
    )
    assert answer.stdout == "False False True True True\n", answer.stderr


@pytest.mark.parametrize("name", sorted(PRODUCTION.keys() - {"ALLOWED_HOSTS"}))
def test_what_is_missing_stops_it_by_name(name):
    answer = load("1", without={name})
    assert answer.returncode == 1
    assert f"{name} must be set" in answer.stderr


def test_no_host_is_allowed_unless_named():
    assert load("settings.ALLOWED_HOSTS", without={"ALLOWED_HOSTS"}).stdout == "[]\n"


def test_database_address():
    shown = "[settings.DATABASES['default'][key] for key in ('NAME', 'USER', 'PASSWORD', 'HOST', 'PORT', 'OPTIONS')]"
    assert (
        load(shown).stdout
        == "['portal', 'ksf', 'p@ss', 'db.example', 5433, {'connect_timeout': 2, 'sslmode': 'require'}]\n"
    )


def test_pool_only_where_asked_for():
    shown = "settings.DATABASES['default']['OPTIONS'].get('pool'), settings.DATABASES['default']['CONN_MAX_AGE']"
    assert load(shown).stdout == "None 60\n"
    assert load(shown, DATABASE_POOL="4").stdout == "{'min_size': 1, 'max_size': 4, 'timeout': 2} 0\n"


@pytest.mark.parametrize(
    ("cache", "broker"),
    [
        ("redis://broker.example:6379/1", "redis://broker.example:6379/1"),
        ("unix:///srv/redis.sock", "redis+socket:///srv/redis.sock"),
        ("unix:///srv/redis.sock?db=3", "redis+socket:///srv/redis.sock?virtual_host=3"),
    ],
)
def test_broker_is_where_the_cache_is(cache, broker):
    assert load("settings.CELERY_BROKER_URL", REDIS_URL=cache).stdout == f"{broker}\n"


def sources():
    for app in ("ksf", "local", "regions", "clusters", "needs", "grants", "reporting", "demo"):
        yield from (ROOT / app).rglob("*.py")


def test_example_environment_names_every_setting_and_no_other():
    read = {name for path in sources() for name in READS.findall(path.read_text(encoding="utf-8"))}
    read |= set(
        re.findall(r"os\.environ\.get\(\"([A-Z_]+)\"", (ROOT / "deploy/gunicorn.py").read_text(encoding="utf-8"))
    )
    compose = {"SITE_HOST", "POSTGRES_PASSWORD", "OWNER_DATABASE_PASSWORD", "APP_DATABASE_PASSWORD", "REDIS_PASSWORD"}
    example = set(NAMES.findall((ROOT / ".env.example").read_text(encoding="utf-8")))
    assert example == read | compose


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


class TestCompose:
    def test_every_reference_leads_somewhere(self, compose):
        for name, service in compose["services"].items():
            assert set(service.get("depends_on", {})) <= compose["services"].keys(), name
            assert set(service["networks"]) <= compose["networks"].keys(), name
            named = {volume.partition(":")[0] for volume in service.get("volumes", []) if not volume.startswith(".")}
            assert named <= compose["volumes"].keys(), name
            bound = [volume.partition(":")[0] for volume in service.get("volumes", []) if volume.startswith(".")]
            assert all((ROOT / path).exists() for path in bound), name

    def test_health_is_waited_for_only_where_it_is_checked(self, compose):
        for service in compose["services"].values():
            for other, condition in service.get("depends_on", {}).items():
                if condition["condition"] == "service_healthy":
                    assert "healthcheck" in compose["services"][other]

    def test_variables_are_in_the_example(self):
        used = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
        assert used <= set(NAMES.findall((ROOT / ".env.example").read_text(encoding="utf-8")))

    def test_the_portal_starts_from_these_variables(self, compose):
        web = compose["services"]["web"]["environment"]
        values = {name: re.sub(r"\$\{[^}]+\}", "portal.ksf.example", value) for name, value in web.items()}
        given = {"SECRET_KEY", "SECOND_FACTOR_KEYS", "DEFAULT_FROM_EMAIL", "MEDIA_ROOT"}
        answer = load(
            "settings.DATABASES['default']['HOST']", without=PRODUCTION.keys() - values.keys() - set(given), **values
        )
        assert answer.stdout == "database\n", answer.stderr
