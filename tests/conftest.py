"""Tests keep networks in a cache folder of their own, never in the user's."""

import pytest


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIS_PLANNING_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield
