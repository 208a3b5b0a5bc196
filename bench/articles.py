"""Articles per CPU second: each stage by itself, and the whole road from feed to cluster.

    python -m bench.articles [--sites 20] [--quick]

Every site has a feed of twenty articles; a sixth of all are copies from another site. Stages are the real
functions, called one after the other in one process; the road is the real one with its workers.
"""

import asyncio
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from bench.machine import Cpu, arguments, cpu, isolated, print_machine, print_table
from bench.plain import Overlap, extracted, loopback_client, looping
from bench.press import is_copy
from bench.road import running
from bench.web import ENTRIES_PER_FEED, feed_url, page_url, served
from ingestd.clean import Hints, clean_page
from ingestd.clock import SystemClock
from ingestd.dedupe.fingerprint import compared_text, fingerprint
from ingestd.fetch.client import Accept, Fetcher, Settings
from ingestd.matching import matching
from ingestd.model import Article, Document, Fingerprint, PageOutcome
from ingestd.store import articles as archive
from ingestd.store import clusters, entries, migrate
from ingestd.store.collected import Collected
from ingestd.store.database import Database
from ingestd.store.database import Settings as DatabaseSettings
from ingestd.store.hosts import Choice
from ingestd.store.schema import page
from ingestd.urls import site_of, url_key

# Stage -> what stands beside it.
STAGES = {
    "fetch": "httpx.Client.get",
    "clean": "trafilatura.bare_extraction, with metadata",
    "fingerprint": "",
    "match and store": "4-gram overlap with every text so far",
}


@dataclass(slots=True)
class Costs:
    """CPU seconds of this process by stage, and what the matching found."""

    seconds: dict[str, float] = field(default_factory=dict)
    # Texts that are told apart: clusters, or articles without those that are copies of another.
    texts: int = 0

    @contextmanager
    def of(self, stage: str) -> Iterator[None]:
        """Count what is done inside to that stage."""
        before = time.process_time()
        yield
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.process_time() - before


@dataclass(frozen=True, slots=True)
class RoadRun:
    """The whole road once."""

    articles: int
    cpu: Cpu
    texts: int


def addresses(port: int, sites: int) -> list[str]:
    """Every article there is, an original before its copy."""
    return [page_url(port, site, number) for site in range(sites) for number in range(ENTRIES_PER_FEED)]


def distinct_texts(sites: int) -> int:
    """How many texts there are when each is counted once."""
    return sum(not is_copy(site, number) for site in range(sites) for number in range(ENTRIES_PER_FEED))


# ------------------------------------------------------------------------------- stages


def stages_of_ingestd(port: int, sites: int) -> Costs:
    """Each stage over all articles."""
    costs = Costs()
    documents = asyncio.run(_fetch(port, addresses(port, sites), costs))
    # The first page pays for imports and tables.
    clean_page(documents[0].body, documents[0].final_url)
    with costs.of("clean"):
        articles = [
            clean_page(one.body, one.final_url, hints=Hints(headers=one.headers)) for one in documents
        ]
    with costs.of("fingerprint"):
        prints = [fingerprint(compared_text(one.title, one.body)) for one in articles]
    _settle(documents, articles, prints, costs)
    return costs


async def _fetch(port: int, urls: Sequence[str], costs: Costs) -> list[Document]:
    settings = Settings(allow_networks=("127.0.0.0/8",))
    async with Fetcher(settings, SystemClock(), ports={port}) as fetcher:
        await fetcher.get(urls[0], accept=Accept.PAGE)
        with costs.of("fetch"):
            answers = [await fetcher.get(url, accept=Accept.PAGE) for url in urls]
    return [answer for answer in answers if isinstance(answer, Document)]


def _settle(
    documents: Sequence[Document],
    articles: Sequence[Article],
    prints: Sequence[Fingerprint],
    costs: Costs,
) -> None:
    with TemporaryDirectory(prefix="ingestd-bench-") as folder:
        database = Database(DatabaseSettings(f"sqlite:///{Path(folder, 'archive.sqlite3')}"))
        with closing(database):
            migrate.ensure(database)
            for one in _collected(database, documents, articles, prints):
                with costs.of("match and store"), database.writing(settling=True) as connection:
                    archive.settle(connection, one, matching())
            with database.reading() as connection:
                costs.texts = len(clusters.listing(connection, at_least=1, limit=len(documents)))


def _collected(
    database: Database,
    documents: Sequence[Document],
    articles: Sequence[Article],
    prints: Sequence[Fingerprint],
) -> list[Collected]:
    now = datetime.now(UTC)
    urls = [document.final_url for document in documents]
    with database.writing() as connection:
        entries.queue_urls(connection, urls, "bench", now)
        rows = connection.execute(sa.select(page.c.url_key, page.c.id))
        page_ids = {row.url_key: row.id for row in rows}
    return [
        Collected(page_ids[url_key(url)], url, url_key(url), site_of(url), article, its_print, now)
        for url, article, its_print in zip(urls, articles, prints, strict=True)
    ]


def stages_of_plain_code(port: int, sites: int) -> Costs:
    """What stands beside three of the stages."""
    costs = Costs()
    urls = addresses(port, sites)
    with loopback_client() as client:
        client.get(urls[0])
        with costs.of("fetch"):
            pages = [client.get(url).text for url in urls]
    extracted(pages[0])
    with costs.of("clean"):
        texts = [extracted(one)[1] for one in pages]
    overlap = Overlap()
    with costs.of("match and store"):
        for url, text in zip(urls, texts, strict=True):
            overlap.match(url, text)
    costs.texts = overlap.texts
    return costs


# ------------------------------------------------------------------------------- the whole road


def road_of_ingestd(port: int, sites: int) -> RoadRun:
    """Feeds polled, pages fetched, cleaned, matched and stored."""
    return asyncio.run(_road_of_ingestd(port, sites))


async def _road_of_ingestd(port: int, sites: int) -> RoadRun:
    async with running(port, sites) as subject:
        await subject.start_workers()
        report, used = await subject.drain(Choice())
        articles = report.pages[PageOutcome.NEW] + report.pages[PageOutcome.COPY]
        if articles != sites * ENTRIES_PER_FEED:
            raise RuntimeError(f"not every page became an article: {report.pages}")
        with subject.database.reading() as connection:
            texts = len(clusters.listing(connection, at_least=1, limit=articles))
        return RoadRun(articles, used, texts)


def road_of_plain_loop(port: int, sites: int) -> RoadRun:
    """The same with the plain loop."""
    with looping() as loop:
        before = cpu()
        links = [link for site in range(sites) for link in loop.poll(feed_url(port, site))]
        for link in links:
            loop.collect(link)
        return RoadRun(len(links), cpu() - before, loop.overlap.texts)


# ------------------------------------------------------------------------------- printing


def main() -> None:
    """Measure and print."""
    parser = ArgumentParser(prog="python -m bench.articles", description=__doc__.partition("\n")[0])
    parser.add_argument("--sites", type=int, default=20)
    options = arguments(parser)
    sites = 2 if options.quick else options.sites
    print_machine()
    truth = distinct_texts(sites)
    print(f"{sites * ENTRIES_PER_FEED} articles, {truth} different texts, once each")
    with served(options.seed, sites) as port:
        ours, plain = (isolated(stages, port, sites) for stages in (stages_of_ingestd, stages_of_plain_code))
        roads = {
            name: isolated(road, port, sites)
            for name, road in (("ingestd", road_of_ingestd), ("plain loop", road_of_plain_loop))
        }
    _print_stages(ours, plain, sites * ENTRIES_PER_FEED)
    _print_roads(roads)


def _print_stages(ours: Costs, plain: Costs, articles: int) -> None:
    def cells(costs: Costs, stage: str) -> tuple[str, str]:
        seconds = costs.seconds.get(stage)
        if seconds is None:
            return "", ""
        return f"{articles / seconds:,.0f}", f"{1000 * seconds / articles:.2f}"

    print_table(
        f"Stages alone; texts told apart: ingestd {ours.texts}, plain {plain.texts}",
        ("stage", "articles per CPU s", "CPU ms", "plain: per CPU s", "CPU ms", "which is"),
        [(stage, *cells(ours, stage), *cells(plain, stage), beside) for stage, beside in STAGES.items()],
    )


def _print_roads(roads: dict[str, RoadRun]) -> None:
    def milliseconds(run: RoadRun, seconds: float) -> str:
        return f"{1000 * seconds / run.articles:.2f}"

    print_table(
        "The whole road, feeds included: CPU ms an article",
        ("", "articles per CPU s", "all", "event loop", "writer", "workers", "texts told apart"),
        [
            (
                name,
                f"{run.articles / run.cpu.total:.0f}",
                *(
                    milliseconds(run, seconds)
                    for seconds in (run.cpu.total, run.cpu.loop, run.cpu.writer, run.cpu.workers)
                ),
                str(run.texts),
            )
            for name, run in roads.items()
        ],
    )


if __name__ == "__main__":
    main()
