"""The commands and their exit codes.

    0    all well
    1    the command could not do what was asked: no such feed, an unreadable file
    2    the command line itself was wrong
    3    `once`, `dedup`: it came to its end, but some feeds (`--urls`: pages, `dedup`: lines) failed;
         `feeds discover`: there is no feed
    4    the configuration is wrong; every problem is named
    5    the database cannot be used, or needs `ingestd migrate`
    130  interrupted

Everything heavy is imported inside the commands, so that `--help` and completion are quick.
"""

from ingestd.cli.main import main

__all__ = ["main"]
