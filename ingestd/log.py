"""Log lines: an event and fields, the same keys everywhere, for people or for machines.

One line a feed at INFO, one a page at DEBUG, a defect with its traceback at ERROR. Code logs with
`logger.info("polled", extra={"fields": {"feed": …}})` through the helper `fields()`.
"""

import json
import logging
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Settings:
    """What is written to standard error."""

    # Least grave lines that are written: "debug", "info", "warning" or "error".
    level: Literal["debug", "info", "warning", "error"] = "info"
    # "text" for people, "json" for machines: one object a line.
    format: Literal["text", "json"] = "text"


def fields(**values: object) -> dict[str, Mapping[str, object]]:
    """The `extra` argument that carries an event's fields; a field that is None is left out."""
    return {"fields": {key: value for key, value in values.items() if value is not None}}


def _fields_of(record: logging.LogRecord) -> Mapping[str, object]:
    found: Mapping[str, object] = getattr(record, "fields", {})
    return found


def _timestamp(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


class TextFormatter(logging.Formatter):
    """`2026-11-22T10:00:00.000+00:00 INFO polled feed=… outcome=…`"""

    def format(self, record: logging.LogRecord) -> str:
        pairs = "".join(f" {key}={_shown(value)}" for key, value in _fields_of(record).items())
        line = f"{_timestamp(record)} {record.levelname} {record.getMessage()}{pairs}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, event, then the event's own fields."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": _timestamp(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **_fields_of(record),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def _shown(value: object) -> str:
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if not text or " " in text or '"' in text else text


def set_up(settings: Settings) -> None:
    """Send the log of this process to standard error, in place of what was set up before."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if settings.format == "json" else TextFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.level.upper())
    # They write a line a request, a run, a page: noise beside our own one line a poll.
    for name in ("httpx", "httpcore", "apscheduler", "trafilatura", "htmldate", "alembic", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
