"""`ingestd feeds discover`: which feeds a site has, each looked into, ready to be subscribed to."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ingestd.cli import show
from ingestd.cli.common import EXIT_SOME_FAILED, ConfigOption, JsonOption, number, optional_config
from ingestd.errors import AddressRefused, FetchError, UsageError

if TYPE_CHECKING:
    from ingestd.config import Config
    from ingestd.discover import Discovery, Found, Manners, Preview

# A page, its robots.txt, the usual addresses and a few more.
DEFAULT_REQUESTS = 20

# Characters of a title that are shown.
TITLE_SHOWN = 64

HOW_FOUND = {
    "given": "this address is a feed",
    "named": "named by the page",
    "robots": "named by robots.txt",
    "linked": "linked by the page",
    "usual": "at a usual address",
    "sitemap": "a sitemap",
}
# That there is nothing where nobody said that there was is not worth telling.
GUESSED = ("front-page", "usual", "sitemap")


def address(text: str) -> str:
    """A URL that can be asked."""
    from ingestd.values import Unusable, read_url

    try:
        return read_url(text)
    except Unusable as error:
        raise typer.BadParameter(str(error)) from error


@dataclass(frozen=True, slots=True)
class Offer:
    """A feed that was found, and what stands about it in a configuration, or could."""

    found: "Found"
    # The key under which it is subscribed to already; None when it is not.
    subscribed: str | None
    # Its [[feed]] table; None when it is subscribed to already.
    toml: str | None


def discover(
    url: Annotated[
        str, typer.Argument(metavar="URL", parser=address, help="Any page of the site, or a feed.")
    ],
    limit: Annotated[
        int,
        typer.Option("--limit", "-n", parser=number, metavar="N", help="Ask at most so many addresses."),
    ] = DEFAULT_REQUESTS,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the feeds of a site.

    Asks the page, what it names and links, the news sitemaps of its robots.txt and, where that gives
    nothing, the usual addresses; one at a time, with the host's spacing between two. The exit code is 3
    when there is no feed.
    """
    loaded = optional_config(config)
    try:
        outcome = asyncio.run(_looked_for(url, loaded, limit))
    except AddressRefused as error:
        raise UsageError(f"{url}: {error}; see allow_networks and allow_ports of [fetch]") from error
    except FetchError as error:
        raise UsageError(f"{url}: {error}") from error
    offers = _offers(outcome.found, loaded)
    if as_json:
        show.as_json(_as_dict(outcome, offers))
    else:
        _draw(url, outcome, offers)
    if not offers:
        raise typer.Exit(EXIT_SOME_FAILED)


async def _looked_for(url: str, config: "Config | None", limit: int) -> "Discovery":
    from ingestd import discover, workers
    from ingestd.app import ports_of
    from ingestd.clock import SystemClock
    from ingestd.fetch import client

    clock = SystemClock()
    fetching = config.fetch if config is not None else client.Settings()
    working = config.workers if config is not None else workers.Settings()
    direct = config.direct_hosts if config is not None else ()
    async with (
        client.Fetcher(fetching, clock, ports=ports_of([url]), direct_hosts=direct) as fetcher,
        workers.Workers(working) as pool,
    ):
        return await discover.discover(url, fetcher, pool, clock, _manners(config, limit))


def _manners(config: "Config | None", limit: int) -> "Manners":
    from ingestd.discover import Manners
    from ingestd.fetch import politeness
    from ingestd.fetch.credentials import keeps_secrets
    from ingestd.urls import host_of

    settings = config.politeness if config is not None else politeness.Settings()
    hosts = config.hosts if config is not None else {}

    def spacing(host: str) -> timedelta:
        own = hosts[host].spacing if host in hosts else None
        return settings.spacing if own is None else own

    def headers(asked: str) -> Mapping[str, str]:
        own = hosts.get(host_of(asked))
        if own is None:
            return {}
        return {**own.headers, **(own.credential_headers if keeps_secrets(asked) else {})}

    return Manners(spacing, headers, limit, lambda asked: show.tell(f"asking {asked}"))


def _offers(found: Sequence["Found"], config: "Config | None") -> list[Offer]:
    from ingestd.config import feeds_file, named_feeds
    from ingestd.opml import OpmlFeed
    from ingestd.urls import site_of, url_key

    declared = config.feeds if config is not None else ()
    keys = {url_key(feed.url): feed.key for feed in declared}
    subscribed = {one.url: keys.get(url_key(one.url)) for one in found}
    titled = [
        OpmlFeed(one.url, one.preview.title or site_of(one.url)) for one in found if not subscribed[one.url]
    ]
    named = named_feeds(titled, [feed.name for feed in declared if feed.name])
    tables = {feed.url: feeds_file([feed]) for feed in named}
    return [Offer(one, subscribed[one.url], tables.get(one.url)) for one in found]


# ------------------------------------------------------------------------------- drawing


def _as_dict(outcome: "Discovery", offers: list[Offer]) -> dict[str, Any]:
    return {
        "feeds": [_offer_dict(offer) for offer in offers],
        "failures": [
            {"url": one.url, "origin": one.origin, "reason": one.reason} for one in outcome.failures
        ],
        "not_asked": list(outcome.left),
        "requests": outcome.requests,
    }


def _offer_dict(offer: Offer) -> dict[str, Any]:
    found, seen = offer.found, offer.found.preview
    return {
        "url": found.url,
        "origin": found.origin,
        "format": seen.format,
        "title": seen.title,
        "site_url": seen.site_url,
        "language": seen.language,
        "entries": seen.entries,
        "newest_at": seen.newest_at,
        "titles": list(seen.titles),
        "full_text": seen.full_text,
        "per_day": seen.per_day,
        "comments": seen.comments,
        "same_as": found.same_as,
        "subscribed": offer.subscribed,
        "toml": offer.toml,
    }


def _draw(url: str, outcome: "Discovery", offers: list[Offer]) -> None:
    now = datetime.now(UTC)
    asked = show.count(outcome.requests, "request")
    show.say(f"{show.count(len(offers), 'feed')} found with {asked}, looking from {show.safe(url)}")
    for offer in offers:
        _draw_offer(offer, now)
    if rows := [(one.url, one.reason) for one in outcome.failures if one.origin.value not in GUESSED]:
        show.table("\nNo feeds", ("url", "why"), rows, flexible=("url", "why"))
    if outcome.left:
        show.say(f"\nNot asked ({len(outcome.left)}); --limit asks more:")
        for left in outcome.left:
            show.say(f"  {show.safe(left)}")


def _draw_offer(offer: Offer, now: datetime) -> None:
    found, seen = offer.found, offer.found.preview
    show.say(f"\n{_short(seen.title)}")
    about = "comments of readers, " if seen.comments else ""
    show.facts(
        (
            ("url", found.url),
            ("found", HOW_FOUND[found.origin]),
            ("what", f"{about}{seen.format}, {_entries(seen.entries)}, {_text(seen)}"),
            ("newest", _age(seen.newest_at, now)),
            ("rhythm", rhythm(seen.per_day)),
            ("same as", found.same_as),
            ("subscribed", offer.subscribed),
        )
    )
    if found.same_as is not None:
        return
    for title in seen.titles:
        show.say(f"  - {_short(title)}")
    if offer.toml is not None:
        show.say(f"\n{offer.toml.rstrip()}")


def _entries(number: int) -> str:
    return "1 entry" if number == 1 else f"{number} entries"


def _text(seen: "Preview") -> str:
    return "full text" if seen.full_text else "teasers only"


def _short(title: str | None) -> str:
    """A title on its line, in plain characters."""
    if not title:
        return "(without a title)"
    return show.safe(title if len(title) <= TITLE_SHOWN else title[: TITLE_SHOWN - 1] + "…")


def _age(moment: datetime | None, now: datetime) -> str | None:
    return None if moment is None else f"{show.cell(moment)}, {show.span(now - moment)} ago"


def rhythm(per_day: float | None) -> str | None:
    """Entries a day in words; None stays None."""
    if per_day is None:
        return None
    if per_day >= 1.5:
        return f"about {per_day:.0f} entries a day"
    return f"about one entry every {show.span(timedelta(days=1 / per_day))}"
