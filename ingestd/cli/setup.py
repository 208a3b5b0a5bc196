"""`init`, `check` and `migrate`: before the first run."""

from pathlib import Path
from typing import Annotated

import typer

from ingestd.cli import show
from ingestd.cli.common import ConfigOption, ForceOption, JsonOption, load_config, write_output


def init(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.")] = Path("ingestd.toml"),
    force: ForceOption = False,
) -> None:
    """Write a commented configuration."""
    from ingestd.config import starter

    if path.is_dir():
        path = path / "ingestd.toml"
    write_output(path, starter(), force=force)
    show.say(f"{path} is written. Add feeds to it, then: ingestd check -c {path}; ingestd once -c {path}")


def check(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Validate the configuration and print the values in force.

    Every problem is named with its file and line; secrets are hidden.
    """
    from ingestd.app import agency_table, remarks, site_rules
    from ingestd.config import effective
    from ingestd.values import toml_key, toml_value

    loaded = load_config(config)
    agency_table(loaded)
    site_rules(loaded)
    values = effective(loaded)
    if as_json:
        show.as_json({"path": str(loaded.path), "remarks": remarks(loaded), **values})
        return
    for sentence in remarks(loaded):
        show.say(f"# {sentence}")
    feeds, files = show.count(len(loaded.feeds), "feed"), show.count(len(loaded.sources), "file")
    show.say(f"# {loaded.path} is valid: {feeds} from {files}")
    for section, table in values.items():
        for one in table if isinstance(table, list) else [table]:
            show.say(f"\n[[{section}]]" if isinstance(table, list) else f"\n[{section}]")
            for key, value in one.items():
                show.say(f"{toml_key(key)} = {toml_value(value)}")


def migrate(config: ConfigOption = None) -> None:
    """Bring an older database to this program's schema.

    Make a backup first. A new database needs no migration.
    """
    from ingestd.store.database import Database
    from ingestd.store.migrate import upgrade

    database = Database(load_config(config).database)
    try:
        before, after = upgrade(database)
    finally:
        database.close()
    change = "is new" if before is None else f"was at {before}"
    done = "nothing to do" if before == after else f"now at {after}"
    show.say(f"{database.location} {change}; {done}")
