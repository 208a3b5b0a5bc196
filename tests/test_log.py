"""`ingestd.log`"""

import json
import logging
from collections.abc import Iterator

import pytest

from ingestd.log import Settings, fields, set_up


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def test_json_lines_carry_event_and_fields(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(Settings(format="json"))
    logging.getLogger("ingestd.poll").info("polled", extra=fields(feed="paper", new=2, error=None))
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["feed"], line["new"], line["level"]) == ("polled", "paper", 2, "info")
    assert line["logger"] == "ingestd.poll"
    assert line["time"].endswith("+00:00")
    assert "error" not in line


def test_text_lines_quote_values_with_spaces(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(Settings(format="text"))
    logging.getLogger("ingestd").warning("parked", extra=fields(host="a.example", reason="asked to wait"))
    assert 'WARNING parked host=a.example reason="asked to wait"' in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["text", "json"])
def test_a_defect_is_logged_with_its_traceback(capsys: pytest.CaptureFixture[str], kind: str) -> None:
    set_up(Settings(format=kind))  # type: ignore[arg-type]
    try:
        print(1 / 0)
    except ZeroDivisionError:
        logging.getLogger("ingestd").exception("crashed")
    assert "ZeroDivisionError: division by zero" in capsys.readouterr().err


def test_less_grave_lines_and_chatty_libraries_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(Settings(level="warning"))
    logging.getLogger("ingestd").info("polled")
    set_up(Settings(level="debug"))
    logging.getLogger("httpx").info("HTTP Request")
    assert capsys.readouterr().err == ""
