from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from ingestd.demo.web import DemoWeb

NOW = datetime(2026, 11, 22, 15, 30, 42, tzinfo=UTC)


@pytest.fixture(scope="module")
def web() -> Iterator[DemoWeb]:
    """The demo web in its first state, shared by the tests of a module; none of them advances it."""
    with DemoWeb(NOW) as served:
        yield served


@pytest.fixture
def own_web() -> Iterator[DemoWeb]:
    """A demo web of the test's own, to be advanced and counted."""
    with DemoWeb(NOW) as served:
        yield served
