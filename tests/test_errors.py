"""`ingestd.errors`"""

import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingestd import errors
from ingestd.errors import ConnectFailed, FeedUnreadable, FetchError, IngestdError, Problem, StatusRefused

CLASSES = [
    value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, IngestdError)
]


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: str(kind.__name__))
def test_every_error_comes_back_from_a_worker_process(kind: type[IngestdError]) -> None:
    error = kind("what went wrong")
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is kind
    assert str(copy) == "what went wrong"


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: str(kind.__name__))
def test_the_tree_in_the_docstring_names_every_error(kind: type[IngestdError]) -> None:
    assert errors.__doc__ is not None
    assert kind.__name__ in errors.__doc__


def test_facts_survive_the_journey() -> None:
    retry_at = datetime(2026, 11, 22, tzinfo=UTC)
    refused = pickle.loads(pickle.dumps(StatusRefused("busy", "http://a.example/", 503, retry_at)))
    assert (refused.url, refused.status, refused.retry_at) == ("http://a.example/", 503, retry_at)
    assert refused.error_class == "http-503"


def test_gone_pages_are_not_tried_again_and_a_dns_hiccup_weighs_less() -> None:
    assert not StatusRefused("gone", status=410).retry
    assert StatusRefused("busy", status=503).retry
    assert ConnectFailed("no such name", kind="dns").weight < FetchError("x").weight
    assert FeedUnreadable("a page of HTML", "html").error_class == "feed-html"


def test_a_problem_names_file_line_and_key() -> None:
    assert str(Problem("unknown", Path("a.toml"), 7, "fetch.x")) == "a.toml:7: fetch.x: unknown"
    assert str(Problem("unknown", key="INGESTD_X")) == "INGESTD_X: unknown"
