"""The house rules of README.md, read off the syntax trees: who may import whom, which library lives where."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "ingestd"

# From the ground up. A module imports only from floors below its own, or from its own room.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("__init__", "model", "errors", "clock", "urls", "data", "log", "words"),
    ("render",),
    ("values",),
    ("feeds", "clean", "dedupe", "fetch", "store", "workers"),
    ("jobs", "worker_process", "report", "matching", "discover"),
    ("road",),
    ("poll", "collect", "upkeep"),
    ("pipeline",),
    ("daemon",),
    ("opml", "config_schema", "config_lines", "config_credentials", "config_feeds", "config_rules", "config"),
    ("app",),
    ("demo",),
    ("cli",),
    ("__main__",),
)
# Rooms of one floor may not import each other, except within these groups of modules that are one room.
ROOMS = (
    {"opml", "config_schema", "config_lines", "config_credentials", "config_feeds", "config_rules", "config"},
)

PURE_WING = ("feeds", "clean", "dedupe")

# Third-party library -> the rooms that may import it.
LIBRARIES = {
    "feedparser": {"feeds"},
    "httpx": {"fetch"},
    "httpcore": {"fetch"},
    "protego": {"fetch"},
    "brotli": {"fetch"},
    "sqlalchemy": {"store", "road", "poll", "collect", "upkeep", "pipeline", "cli"},
    "alembic": {"store"},
    "apscheduler": {"daemon"},
    "trafilatura": {"clean"},
    "lxml": {"clean"},
    "cssselect": {"clean"},
    "py3langid": {"clean"},
    "resiliparse": {"clean"},
    "numpy": {"dedupe"},
    "xxhash": {"dedupe"},
    "w3lib": {"urls", "clean"},
    "typer": {"cli"},
    "rich": {"cli"},
}
# What the pure wing must not touch: no clock, no chance, no logging, no file, no socket.
IMPURE = {"time", "random", "secrets", "logging", "socket", "asyncio", "subprocess", "threading", "pathlib"}
# An exception with its reason: it only silences a library's own log.
EXCUSED = {("clean.fallback", "logging")}


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield ".".join(path.relative_to(PACKAGE).with_suffix("").parts), path


def imports(path: Path) -> set[str]:
    """Every module that a file imports, inside functions too, but not for type checking alone."""
    tree = ast.parse(path.read_text("utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def room(module: str) -> str:
    """The room of one of our modules, named without the package."""
    return module.split(".")[0]


def floor(name: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if name in rooms)


def own_rooms(path: Path) -> set[str]:
    names = {name.removeprefix("ingestd.") for name in imports(path) if name.startswith("ingestd.")}
    return {
        room(name)
        for name in names
        if (PACKAGE / room(name)).is_dir() or (PACKAGE / f"{room(name)}.py").exists()
    }


CASES = [pytest.param(name, path, id=name) for name, path in modules()]


@pytest.mark.parametrize(("name", "path"), CASES)
def test_a_module_imports_only_from_floors_below(name: str, path: Path) -> None:
    here = room(name)
    for other in own_rooms(path) - {here}:
        same_room = any({here, other} <= group for group in ROOMS)
        assert same_room or floor(other) < floor(here), f"ingestd.{name} imports ingestd.{other}"


@pytest.mark.parametrize(("name", "path"), CASES)
def test_a_library_is_imported_in_its_own_room_alone(name: str, path: Path) -> None:
    tops = {imported.split(".")[0] for imported in imports(path)}
    for library in tops & LIBRARIES.keys():
        assert room(name) in LIBRARIES[library], f"ingestd.{name} imports {library}"


@pytest.mark.parametrize(("name", "path"), [case for case in CASES if room(str(case.values[0])) in PURE_WING])
def test_the_pure_wing_has_no_clock_chance_log_file_or_socket(name: str, path: Path) -> None:
    tops = {imported.split(".")[0] for imported in imports(path)}
    assert not {(name, top) for top in tops & IMPURE} - EXCUSED


def test_every_module_stands_on_a_floor() -> None:
    rooms = {room(name) for name, _ in modules()}
    assert rooms == {name for floor_ in FLOORS for name in floor_}


def test_no_module_is_imported_for_the_help_text() -> None:
    """What `--help` needs stays light: heavy modules are imported inside commands."""
    heavy = {
        "sqlalchemy",
        "httpx",
        "feedparser",
        "trafilatura",
        "lxml",
        "numpy",
        "apscheduler",
        "pydantic",
        "py3langid",
        "resiliparse",
    }
    path = PACKAGE / "cli"
    for file in path.glob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        for node in tree.body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = {node.module} if isinstance(node, ast.ImportFrom) else {a.name for a in node.names}
                light = ("ingestd", "ingestd.errors", "ingestd.report")
                ours = {n for n in names if n and n.startswith("ingestd") and not n.startswith("ingestd.cli")}
                assert ours <= set(light), f"{file.name} imports {ours} at its top"
                assert not {str(n).split(".")[0] for n in names} & heavy
