"""The configuration: one TOML file, the lists it includes, and environment variables on top.

    ingestd.toml ──┬─ [section]   the `Settings` dataclass of one part, field by field
                   ├─ [[feed]]    a feed            ┐
                   ├─ include     files with more   ┴─ FeedConfig, each with the Source that declares it
                   └─ [hosts."…"] exceptions for one host
    INGESTD_<SECTION>__<KEY>      overrides one key of a section

It is checked strictly and as a whole: `load` returns a complete `Config` or raises `ConfigError` with
every problem there is. Importing this module is cheap; the parts are imported when one is loaded.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingestd.config_feeds import (
    FEED_KEYS,
    FeedConfig,
    HostConfig,
    Source,
    included_files,
    joined,
    named_feeds,
    read_feeds,
    read_hosts,
    read_included,
    refuse_intervals,
)
from ingestd.config_schema import (
    Node,
    Reading,
    annotations_of,
    at_home,
    convert,
    from_text,
    is_file,
    read_toml,
    secret_from_file,
    secret_from_variable,
    settled,
    unknown,
)
from ingestd.data import data_path
from ingestd.errors import ConfigError, Problem
from ingestd.values import HIDDEN, Secret, hide_password, read_text, toml_value, write_duration, write_size

if TYPE_CHECKING:
    from ingestd.daemon import Settings as DaemonSettings
    from ingestd.feeds.schedule import Settings as PollingSettings
    from ingestd.fetch.client import Settings as FetchSettings
    from ingestd.fetch.politeness import Settings as PolitenessSettings
    from ingestd.log import Settings as LogSettings
    from ingestd.road import Cleaning as CleanSettings
    from ingestd.road import Settings as PagesSettings
    from ingestd.store.clusters import Settings as DedupSettings
    from ingestd.store.database import Settings as DatabaseSettings
    from ingestd.store.events import Settings as EventsSettings
    from ingestd.workers import Settings as WorkersSettings

__all__ = [
    "Config",
    "FeedConfig",
    "HostConfig",
    "Source",
    "default_config_path",
    "effective",
    "feeds_file",
    "load",
    "named_feeds",
    "settings_classes",
    "settings_keys",
    "starter",
    "written",
]

FILE_NAME = "ingestd.toml"
PREFIX = "INGESTD_"
# Names the file itself; and what the test-suite reads, which is no configuration.
FILE_VARIABLE = "INGESTD_CONFIG"
TEST_PREFIX = "INGESTD_TEST_"


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that was configured, checked and complete."""

    # The file it was loaded from, absolute.
    path: Path
    database: "DatabaseSettings"
    fetch: "FetchSettings"
    politeness: "PolitenessSettings"
    polling: "PollingSettings"
    pages: "PagesSettings"
    clean: "CleanSettings"
    dedup: "DedupSettings"
    workers: "WorkersSettings"
    events: "EventsSettings"
    daemon: "DaemonSettings"
    log: "LogSettings"
    feeds: tuple[FeedConfig, ...]
    # The files that declare feeds, all of them read completely; the configuration itself is the first.
    sources: tuple[Source, ...]
    # By host as `urls.host_of` writes it.
    hosts: Mapping[str, HostConfig]

    @property
    def direct_hosts(self) -> frozenset[str]:
        """The hosts that are reached past the proxy."""
        return frozenset(name for name, host in self.hosts.items() if host.proxy)


def settings_classes() -> Mapping[str, type]:
    """The sections and the dataclass of each, in the order in which they are documented."""
    from ingestd import daemon, log, road, workers
    from ingestd.feeds import schedule
    from ingestd.fetch import client, politeness
    from ingestd.store import clusters, database, events

    return {
        "database": database.Settings,
        "fetch": client.Settings,
        "politeness": politeness.Settings,
        "polling": schedule.Settings,
        "pages": road.Settings,
        "clean": road.Cleaning,
        "dedup": clusters.Settings,
        "workers": workers.Settings,
        "events": events.Settings,
        "daemon": daemon.Settings,
        "log": log.Settings,
    }


# ---------------------------------------------------------------------------------- loading


def default_config_path(environ: Mapping[str, str]) -> Path:
    """The configuration to use when none is named; ConfigError when there is none."""
    named = environ.get(FILE_VARIABLE)
    if named:
        return at_home(named)
    home = at_home(environ.get("HOME") or "~")
    places = (Path(FILE_NAME), home / ".config/ingestd" / FILE_NAME, Path("/etc/ingestd") / FILE_NAME)
    for place in places:
        if is_file(place):
            return place
    looked = ", ".join(str(place) for place in places)
    raise ConfigError(
        f"no configuration found: {FILE_VARIABLE} is not set, and there is none of {looked}; "
        "`ingestd init` writes one"
    )


def load(path: Path, environ: Mapping[str, str]) -> Config:
    """Read and check the whole configuration; raises ConfigError with every problem at once."""
    reading = Reading(environ)
    root = read_toml(settled(at_home(str(path))), reading)
    if root is None:
        raise _error(path, reading)
    classes = settings_classes()
    top = root.table((*classes, "include", "feed", "hosts"))
    included = [read_included(file, reading) for file in included_files(top.get("include"), root)]
    own = read_feeds(root)
    declared = [(Source(str(root.file), len(own)), own), *(found for found in included if found)]
    every_feed = [feed for _, found in declared for feed in found]
    feeds = joined(every_feed, reading)
    hosts = read_hosts(top.get("hosts"))
    sections = _sections(classes, top, root)
    polling: PollingSettings | None = sections["polling"]
    if polling is not None:
        refuse_intervals(every_feed, polling.floor, polling.interval_cap, reading)
    if reading.problems:
        raise _error(path, reading)
    return Config(
        path=root.file, feeds=feeds, sources=tuple(source for source, _ in declared), hosts=hosts, **sections
    )


def _error(path: Path, reading: Reading) -> ConfigError:
    problems = tuple(sorted(dict.fromkeys(reading.problems), key=_place))
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    return ConfigError(f"{path}: {count} in the configuration", problems)


def _place(problem: Problem) -> tuple[bool, str, int]:
    """Sorts by file and line; variables, which have neither, come last."""
    return problem.file is None, str(problem.file), problem.line or 0


# ---------------------------------------------------------------------------------- sections

# Settings that may be given as `<key>_file` or `<key>_env` instead, because they can hold a password.
SECRET_SETTINGS = frozenset({("database", "url"), ("fetch", "proxy")})
_SECRET_READERS = {"_file": secret_from_file, "_env": secret_from_variable}


def _sections(classes: Mapping[str, type], top: Mapping[str, Node], root: Node) -> dict[str, Any]:
    """One Settings instance a section; None where a problem was noted."""
    overrides = _overrides(classes, root)
    sections = {
        section: _section(settings, top.get(section, root.child(section, {})), overrides[section])
        for section, settings in classes.items()
    }
    _refuse_unknown_variables(classes, root.reading)
    return sections


def settings_keys(section: str, settings: type) -> dict[str, Any]:
    """Every key that a section takes, with the annotation that says what."""
    annotations = dict(annotations_of(settings))
    secret = [key for key in annotations if (section, key) in SECRET_SETTINGS]
    return annotations | {f"{key}{suffix}": str for key in secret for suffix in _SECRET_READERS}


def _variable(section: str, key: str) -> str:
    return f"{PREFIX}{section}__{key}".upper()


def _overrides(classes: Mapping[str, type], root: Node) -> dict[str, dict[str, Node]]:
    """What environment variables say, as members of the tables that they change."""
    environ = root.reading.environ
    return {
        section: {
            key: replace(root.child(section, {}).child(key, from_text(kind, environ[name])), variable=name)
            for key, kind in settings_keys(section, settings).items()
            if (name := _variable(section, key)) in environ
        }
        for section, settings in classes.items()
    }


def _refuse_unknown_variables(classes: Mapping[str, type], reading: Reading) -> None:
    known = {
        _variable(section, key)
        for section, settings in classes.items()
        for key in settings_keys(section, settings)
    }
    allowed = known | reading.secret_variables | {FILE_VARIABLE}
    for name in reading.environ:
        if name.startswith(PREFIX) and not name.startswith(TEST_PREFIX) and name not in allowed:
            reading.problems.append(Problem(_unknown_variable(name, known), key=name))


def _unknown_variable(name: str, known: Collection[str]) -> str:
    guess = unknown(name, known)
    return guess if "did you mean" in guess else f"unknown; variables are called {PREFIX}<SECTION>__<KEY>"


def _section(settings: type, table: Node, overrides: Mapping[str, Node]) -> Any:
    """The Settings of one section; None when a problem was noted."""
    reading = table.reading
    known_problems = len(reading.problems)
    section = str(table.path[-1])
    keys = settings_keys(section, settings)
    replaced = {rival for key in overrides for rival in _rivals(key, keys)}
    members = {key: node for key, node in table.table(keys).items() if key not in replaced}
    members |= overrides
    values: dict[str, object] = {}
    for key, node in members.items():
        name = _setting_of(key, keys)
        if name in values:
            node.refuse(
                f"given twice: {' and '.join(rival for rival in _rivals(key, keys) if rival in members)}"
            )
        values[name] = _value(key, name, keys[key], node)
    if len(reading.problems) > known_problems:
        return None
    try:
        made = settings(**values)
    except ValueError as error:
        table.refuse(str(error))
        return None
    if section == "database":
        made = replace(made, url=_located(made.url, table.file.parent))
    secret = {key: _guarded(getattr(made, key)) for key in keys if (section, key) in SECRET_SETTINGS}
    return replace(made, **secret) if secret else made


def _setting_of(key: str, keys: Collection[str]) -> str:
    """The setting that a key gives: itself, or what stands before `_file` or `_env`."""
    stems = (key.removesuffix(suffix) for suffix in _SECRET_READERS if key.endswith(suffix))
    return next((stem for stem in stems if f"{stem}_env" in keys), key)


def _rivals(key: str, keys: Collection[str]) -> list[str]:
    """The keys that give the same setting, this one included."""
    setting = _setting_of(key, keys)
    return [rival for rival in keys if _setting_of(rival, keys) == setting]


def _value(key: str, setting: str, kind: Any, node: Node) -> object:
    if key == setting:
        return _beside(node.file, node.read(lambda raw: convert(kind, key, raw)))
    named = node.read(read_text)
    return named and _SECRET_READERS[key.removeprefix(setting)](node, named)


def _beside(file: Path, value: object) -> object:
    """Relative paths start at the folder of the file that names them."""
    match value:
        case Path():
            return file.parent / value
        case tuple():
            return tuple(_beside(file, item) for item in value)
        case _:
            return value


def _located(url: str, folder: Path) -> str:
    """The database URL with a relative SQLite file placed beside the configuration."""
    found = re.fullmatch(r"(?s)(sqlite(?:\+\w+)?:///)(?!/|:memory:|file:)([^?]+)(.*)", url)
    return f"{found[1]}{folder / at_home(found[2])}{found[3]}" if found else url


def _guarded(url: str) -> str:
    """A URL as a `Secret` when there is a password in it."""
    return Secret(url) if hide_password(url) != url else url


# ---------------------------------------------------------------------------------- showing and writing


def effective(config: Config) -> dict[str, Any]:
    """Every value in force, as it would be written in the file; secrets are hidden, None is left out."""
    sections = {section: _table(getattr(config, section)) for section in settings_classes()}
    hosts = {name: _table(host) for name, host in config.hosts.items()}
    feeds = [_table(feed, FEED_KEYS) for feed in config.feeds]
    shown: dict[str, Any] = _hidden({**sections, "hosts": hosts, "feed": feeds})
    for section, key in SECRET_SETTINGS:
        shown[section][key] = hide_password(getattr(getattr(config, section), key))
    return shown


def starter() -> str:
    """The commented configuration that `ingestd init` writes."""
    return data_path("config", FILE_NAME).read_text("utf-8")


def feeds_file(feeds: Iterable[FeedConfig]) -> str:
    """These feeds as [[feed]] tables, without what is the default; `load` reads the same feeds back.

    A secret that the configuration takes from a variable or a file is written as that reference.
    """
    return "\n".join(map(_feed_text, feeds))


def _feed_text(feed: FeedConfig) -> str:
    default = _table(FeedConfig(feed.url), FEED_KEYS) | {"url": None}
    table = {key: value for key, value in _table(feed, FEED_KEYS).items() if default.get(key) != value}
    lines = (f"{key} = {toml_value(value)}\n" for key, value in table.items())
    return "[[feed]]\n" + "".join(lines)


def _table(values: Any, keys: Collection[str] | None = None) -> dict[str, Any]:
    """A dataclass as a TOML table; all its fields, or those named."""
    names = keys or [each.name for each in fields(values)]
    given = {name: getattr(values, name) for name in names}
    return {name: written(name, value) for name, value in given.items() if value is not None}


def written(name: str, value: object) -> Any:
    """A value as a TOML file has it; a secret stays a `Secret`."""
    match value:
        case timedelta():
            return write_duration(value)
        case Enum():
            return value.value
        case re.Pattern():
            return value.pattern
        case Path():
            return str(value)
        case tuple():
            return [written(name, item) for item in value]
        case Mapping():
            return {key: written(key, item) for key, item in value.items()}
        case int() if name.endswith("_bytes"):
            return write_size(value)
        case _:
            return value


def _hidden(value: Any) -> Any:
    match value:
        case Secret():
            return HIDDEN
        case Mapping():
            return {key: _hidden(item) for key, item in value.items()}
        case list():
            return [_hidden(item) for item in value]
        case _:
            return value
