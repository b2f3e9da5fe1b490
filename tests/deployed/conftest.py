from pathlib import Path

import pytest

from tests.deployed.site import Site, lacking


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.deployed)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The portal as docker-compose.yml puts it together, without containers: one for the run."""
    if missing := lacking():
        pytest.skip(f"not on this machine: {missing}")
    with Site(tmp_path_factory.mktemp("site")) as started:
        yield started
