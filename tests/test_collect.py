"""Collecting a page: fetched, cleaned, settled once; tried again, given up, or stood in for."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from ingestd import collect, jobs
from ingestd.clean import rates
from ingestd.clean.rules import RuleBook, SiteRule
from ingestd.fetch.client import Fetcher
from ingestd.fetch.client import Settings as FetchSettings
from ingestd.model import PageOutcome
from ingestd.pipeline import Pipeline
from ingestd.report import PageLine, Report
from ingestd.road import HostRules
from ingestd.store import host_pages, hosts
from ingestd.store.collected import Collected
from ingestd.store.hosts import Choice
from ingestd.store.schema import page as page_table
from ingestd.workers import Settings, Workers
from tests import samples
from tests.samples import Bench, article, feed, item, page, prose
from tests.web import LOOPBACK, Reply, Request, Web, redirect

pytestmark = pytest.mark.asyncio(loop_scope="module")

DAY = timedelta(days=1)
ROBOTS_NOBODY = Reply(b"User-agent: *\nDisallow: /\n")
WALL = Reply(
    b"<!doctype html><html><head><title>Just a moment...</title></head>"
    b"<body><p>Enable JavaScript and cookies to continue</p></body></html>",
    headers=(("Content-Type", "text/html"),),
)


LIST = Reply(
    (
        "<!doctype html><html><head><title>All about: Ferries</title></head><body>"
        + "".join(
            f"<div><h3><a href='/{n}'>The second ferry and what became of it, part {n}</a></h3>"
            f"<p>The islanders have asked for a second ferry for {n} years, and got none so far.</p></div>"
            for n in range(12)
        )
        + "</body></html>"
    ).encode(),
    headers=(("Content-Type", "text/html"),),
)
CONSENT = Reply(
    b"<!doctype html><html><head><title>Before you continue</title></head><body><div class='consent-wall'>"
    b"<p>We and our 842 partners store cookies on your device and process personal data.</p>"
    b"<button>Accept all</button></div></body></html>",
    headers=(("Content-Type", "text/html"),),
)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def workers() -> AsyncIterator[Workers]:
    async with Workers(Settings(count=1)) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def bench(web: Web, sqlite_url: str, workers: Workers) -> AsyncIterator[Bench]:
    async with samples.bench(web, sqlite_url, workers) as made:
        yield made


def subscribe(bench: Bench, web: Web, *items: str, **declaration: object) -> None:
    bench.subscribe("paper", web.serve("paper", "/feed.xml", feed(*items)), **declaration)


def bodies(bench: Bench) -> list[str]:
    return bench.values("SELECT body FROM revision ORDER BY article_id, number")


def page_row(bench: Bench) -> tuple[object, ...]:
    return bench.rows("SELECT state, outcome, reason, attempts FROM page")[0]


def next_attempt(bench: Bench) -> datetime:
    return datetime.fromisoformat(f"{bench.values('SELECT max(next_attempt_at) FROM page')[0]}+00:00")


def fetched(web: Web, target: str) -> int:
    return sum(request.target == target for request in web.requests)


# ---------------------------------------------------------------------------------- articles


async def test_a_page_becomes_an_article(bench: Bench, web: Web) -> None:
    subscribe(bench, web, article(web, "paper", "one"))
    report = await bench.once()
    assert report.pages == {PageOutcome.NEW: 1}
    assert bodies(bench) == ["\n\n".join(prose("one of paper"))]
    assert bench.rows("SELECT url, site, revision FROM article") == [
        (web.url("paper", "/one.html"), f"paper.localhost:{web.port}", 1)
    ]
    assert bench.values("SELECT body_bytes FROM raw") == [
        len(page("one of paper", prose("one of paper")).body)
    ]
    assert page_row(bench) == ("done", "new", None, 0)


async def test_a_page_is_not_kept_when_that_is_switched_off(bench: Bench, web: Web) -> None:
    bench.change(pages=replace(bench.road.pages, keep_html=False))
    subscribe(bench, web, article(web, "paper", "one"))
    await bench.once()
    assert bench.values("SELECT count(*) FROM raw") == [0]


async def test_a_page_is_cleaned_by_the_rules_of_its_site(bench: Bench, web: Web) -> None:
    rule = SiteRule("paper.localhost", "a test", drop=("p:nth-of-type(2)",))
    bench.change(rules=RuleBook((rule, SiteRule("other.localhost", "a test", drop=("p",)))))
    subscribe(bench, web, article(web, "paper", "one"))
    await bench.once()
    paragraphs = prose("one of paper")
    assert bodies(bench) == ["\n\n".join((paragraphs[0], *paragraphs[2:]))]


async def test_a_changed_item_has_its_page_fetched_again_and_makes_a_revision(bench: Bench, web: Web) -> None:
    link = web.serve(
        "paper", "/one.html", page("One", prose("one")), page("One", (*prose("one"), *prose("more", 1)))
    )
    answers = (feed(item("One", link, "first")), feed(item("One", link, "corrected")))
    bench.subscribe("paper", web.serve("paper", "/feed.xml", *answers))
    assert (await bench.once()).pages == {PageOutcome.NEW: 1}
    assert (await bench.once(later=DAY)).pages == {PageOutcome.REVISED: 1}
    assert [len(body.split("\n\n")) for body in bodies(bench)] == [4, 5]
    assert bench.values("SELECT kind FROM event ORDER BY id") == ["new", "revised"]


async def test_a_changed_item_whose_page_did_not_change_makes_no_revision(bench: Bench, web: Web) -> None:
    link = web.serve("paper", "/one.html", page("One", prose("one")))
    answers = (feed(item("One", link, "first")), feed(item("One", link, "corrected")))
    bench.subscribe("paper", web.serve("paper", "/feed.xml", *answers))
    await bench.once()
    assert (await bench.once(later=DAY)).pages == {PageOutcome.UNCHANGED: 1}
    assert len(bodies(bench)) == 1


async def test_one_article_in_two_feeds_is_fetched_once_and_sighted_twice(bench: Bench, web: Web) -> None:
    one = article(web, "paper", "one")
    bench.subscribe("front", web.serve("paper", "/front.xml", feed(one)))
    bench.subscribe("sport", web.serve("paper", "/sport.xml", feed(one)))
    assert (await bench.once()).pages == {PageOutcome.NEW: 1}
    assert fetched(web, "/one.html") == 1
    assert bench.values("SELECT feed FROM v_sighting ORDER BY feed") == ["front", "sport"]


async def test_two_addresses_of_one_article_are_one_article(bench: Bench, web: Web) -> None:
    first = article(web, "paper", "one")
    short = item("Short", web.serve("paper", "/s/1", redirect(web.url("paper", "/one.html"))))
    subscribe(bench, web, first, short)
    assert (await bench.once()).pages == {PageOutcome.NEW: 1, PageOutcome.SAME_ARTICLE: 1}
    assert bench.values("SELECT count(*) FROM article") == [1]


async def test_a_copy_at_another_host_joins_the_cluster(bench: Bench, web: Web) -> None:
    links = [web.serve(host, "/a.html", page("A", prose("wire"))) for host in ("paper", "radio")]
    subscribe(bench, web, item("One", links[0]), item("Two", links[1]))
    assert (await bench.once()).pages == {PageOutcome.NEW: 1, PageOutcome.COPY: 1}
    assert bench.values("SELECT size FROM cluster") == [2]


# ---------------------------------------------------------------------------------- the feed's own text


async def test_items_without_a_link_are_articles_of_the_feed_itself(bench: Bench, web: Web) -> None:
    subscribe(bench, web, item("One", None, content=prose("one")), item("Two", None, content=prose("two")))
    assert (await bench.once()).pages == {PageOutcome.NEW: 2}
    assert bodies(bench) == ["\n\n".join(prose(name)) for name in ("one", "two")]
    assert [request.target for request in web.requests] == ["/feed.xml"]


async def test_without_fetching_pages_the_feeds_text_is_the_article(bench: Bench, web: Web) -> None:
    link = web.serve("paper", "/one.html", page("One", prose("page")))
    subscribe(bench, web, item("One", link, content=prose("one")), fetch_pages=False)
    assert (await bench.once()).pages == {PageOutcome.NEW: 1}
    assert bodies(bench) == ["\n\n".join(prose("one"))]
    assert fetched(web, "/one.html") == 0
    assert bench.values("SELECT url FROM article") == [link]


async def test_an_item_without_any_text_is_refused_at_once(bench: Bench, web: Web) -> None:
    """It is the same text at every further attempt."""
    subscribe(bench, web, item("One", None))
    assert (await bench.once()).pages == {PageOutcome.NOT_ARTICLE: 1}
    assert page_row(bench) == ("rejected", "not-article", "empty", 0)


async def test_the_feeds_text_stands_in_for_a_page_that_is_gone(bench: Bench, web: Web) -> None:
    link = web.serve("paper", "/one.html", Reply(status=404))
    subscribe(bench, web, item("One", link, content=prose("one")))
    assert (await bench.once()).pages == {PageOutcome.NEW: 1}
    assert bodies(bench) == ["\n\n".join(prose("one"))]
    assert bench.rows("SELECT source, (SELECT count(*) FROM raw) FROM revision") == [("feed", 0)]


async def test_the_feeds_text_stands_in_only_when_no_attempt_is_left(bench: Bench, web: Web) -> None:
    bench.change(pages=replace(bench.road.pages, max_attempts=2))
    link = web.serve("paper", "/one.html", Reply(status=500))
    subscribe(bench, web, item("One", link, content=prose("one")))
    assert (await bench.once()).pages == {PageOutcome.RETRY_LATER: 1}
    assert bodies(bench) == []
    assert (await bench.once(later=DAY)).pages == {PageOutcome.NEW: 1}
    assert bodies(bench) == ["\n\n".join(prose("one"))]


async def test_a_summary_stands_in_for_a_page_that_is_gone_for_good_and_is_marked(
    bench: Bench, web: Web
) -> None:
    summary = (
        "The harbour of Orrin is closed until March because of the ice, the harbour master said on Friday."
    )
    bench.change(pages=replace(bench.road.pages, max_attempts=2))
    link = web.serve("paper", "/one.html", Reply(status=500))
    subscribe(bench, web, item("One", link, summary))
    assert (await bench.once()).pages == {PageOutcome.RETRY_LATER: 1}
    assert bodies(bench) == []
    assert (await bench.once(later=DAY)).pages == {PageOutcome.NEW: 1}
    assert bodies(bench) == [summary]
    assert bench.rows("SELECT source, completeness, source_reason FROM revision") == [
        ("feed", "summary", "the page could not be had: http-500")
    ]


async def test_a_summary_never_takes_the_place_of_an_article(bench: Bench, web: Web) -> None:
    summary = (
        "The harbour of Orrin is closed until March because of the ice, the harbour master said on Friday."
    )
    link = web.serve("paper", "/one.html", page("One", prose("one")), Reply(status=404))
    answers = (feed(item("One", link, "first")), feed(item("One", link, summary)))
    bench.subscribe("paper", web.serve("paper", "/feed.xml", *answers))
    assert (await bench.once()).pages == {PageOutcome.NEW: 1}
    assert (await bench.once(later=DAY)).pages == {PageOutcome.FAILED: 1}
    assert len(bodies(bench)) == 1


async def test_of_a_list_and_of_what_robots_txt_forbids_no_summary_is_kept(bench: Bench, web: Web) -> None:
    summary = "Everything that this paper has written about the ferries since the war, and what it cost them."
    web.serve("paper", "/robots.txt", Reply(b"User-agent: *\nDisallow: /no/\n"))
    links = [web.serve("paper", "/list.html", LIST), web.url("paper", "/no/1.html")]
    subscribe(bench, web, *(item(f"All about ferries {n}", link, summary) for n, link in enumerate(links)))
    assert (await bench.once()).pages == {PageOutcome.NOT_ARTICLE: 2}
    assert bench.values("SELECT reason FROM page ORDER BY id") == ["list-page", "robots"]


# ---------------------------------------------------------------------------------- failures


async def test_entries_are_stored_although_their_pages_fail(bench: Bench, web: Web) -> None:
    subscribe(bench, web, item("One", web.serve("paper", "/one.html", Reply(status=404)), "a few words"))
    report = await bench.once()
    assert report.pages == {PageOutcome.FAILED: 1}
    assert [line.name for line in report.failed_pages] == [web.url("paper", "/one.html")]
    assert bench.rows("SELECT title, summary_html FROM entry") == [("One", "a few words")]
    assert page_row(bench) == ("failed", "failed", "http-404", 0)


async def test_a_failing_page_is_tried_again_ever_later_and_given_up(bench: Bench, web: Web) -> None:
    link = web.serve("paper", "/one.html", Reply(status=500))
    subscribe(bench, web, item("One", link))
    delays: list[timedelta] = []
    outcomes: list[PageOutcome] = []
    for _ in range(8):
        outcomes += (await bench.once()).pages
        delays.append(next_attempt(bench) - bench.clock.now())
        bench.clock.advance(max(timedelta(0), delays[-1]))
    minutes = [delay / timedelta(minutes=1) for delay in delays[:7]]
    assert minutes == [5, 10, 20, 40, 80, 160, 320]
    assert outcomes == [PageOutcome.RETRY_LATER] * 7 + [PageOutcome.FAILED]
    assert fetched(web, "/one.html") == 8
    assert page_row(bench) == ("failed", "failed", "http-500", 0)
    await bench.once(later=30 * DAY)
    assert fetched(web, "/one.html") == 8


async def test_success_forgets_the_failures_before_it(bench: Bench, web: Web) -> None:
    link = web.serve("paper", "/one.html", Reply(status=500), page("One", prose("one")))
    subscribe(bench, web, item("One", link))
    await bench.once()
    assert (await bench.once(later=DAY)).pages == {PageOutcome.NEW: 1}
    assert page_row(bench) == ("done", "new", None, 0)


async def test_a_retry_after_delays_the_page_and_holds_the_hosts_other_pages(bench: Bench, web: Web) -> None:
    busy = Reply(status=503, headers=(("Retry-After", "7200"),))
    link = web.serve("paper", "/one.html", busy, page("One", prose("one")))
    bench.subscribe(
        "paper", web.serve("feeds", "/feed.xml", feed(item("One", link), article(web, "paper", "two")))
    )
    report = await bench.once()
    assert report.pages == {PageOutcome.RETRY_LATER: 1, PageOutcome.PARKED: 1}
    assert next_attempt(bench) - bench.clock.now() == timedelta(hours=2)
    assert fetched(web, "/two.html") == 0
    assert (await bench.once(later=timedelta(minutes=121))).pages == {PageOutcome.NEW: 2}


async def test_a_page_that_kills_its_worker_is_tried_again_and_given_up(
    bench: Bench, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.change(pages=replace(bench.road.pages, max_attempts=2))
    subscribe(bench, web, article(web, "paper", "one"))
    monkeypatch.setattr(jobs, "read_page", die)
    report = await bench.once()
    assert report.pages == {PageOutcome.RETRY_LATER: 1}
    report = await bench.once(later=DAY)
    assert report.pages == {PageOutcome.CRASHED: 1}
    assert page_row(bench) == ("failed", "crashed", "worker-died", 0)


def die(*arguments: object) -> None:
    """Stands in for a page that makes a library crash the process."""
    import os

    os._exit(1)


async def test_a_page_that_meets_a_defect_backs_off_and_the_others_go_on(
    bench: Bench, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(bench, web, *(article(web, "paper", name) for name in ("one", "two", "six")))
    real = collect._collected

    def defective(taken: collect._Taken, *more: object) -> Collected:
        if taken.name.endswith("/two.html"):
            raise RuntimeError("a defect")
        return real(taken, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(collect, "_collected", defective)
    report = await bench.once()
    assert report.pages == {PageOutcome.NEW: 2, PageOutcome.CRASHED: 1}
    assert bench.rows("SELECT state, reason, detail, attempts, takes FROM page WHERE state = 'pending'") == [
        ("pending", "crashed", "RuntimeError: a defect", 1, 0)
    ]
    monkeypatch.undo()
    assert (await bench.once(later=timedelta(minutes=6))).pages[PageOutcome.NEW] == 1


async def test_a_page_that_takes_the_whole_process_down_is_quarantined(bench: Bench, web: Web) -> None:
    """Each take that never came to an outcome was a process that died."""
    subscribe(bench, web, article(web, "paper", "one"))
    await bench.once(Choice(pages_left=0))
    with bench.database.writing() as connection:
        connection.exec_driver_sql("UPDATE page SET takes = 5")
    report = await bench.once()
    assert report.pages == {PageOutcome.CRASHED: 1}
    assert page_row(bench)[:3] == ("quarantined", "crashed", "quarantined")
    assert fetched(web, "/one.html") == 0


async def test_the_longest_retry_after_of_a_page_is_that_of_a_host(bench: Bench, web: Web) -> None:
    busy = Reply(status=500, headers=(("Retry-After", "30000000"),))
    subscribe(bench, web, item("One", web.serve("paper", "/one.html", busy)))
    await bench.once()
    assert next_attempt(bench) - bench.clock.now() == 31 * DAY


# ---------------------------------------------------------------------------------- legs


def legs(bench: Bench) -> list[tuple[object, ...]]:
    return bench.rows("SELECT host, hop_url, hops, takes FROM page")


def way(web: Web, *hosts: str) -> str:
    """A page at the last of these hosts that each one before redirects to; its first address."""
    links = [f"/{number}.html" for number in range(len(hosts))]
    web.serve(hosts[-1], links[-1], page("One", prose("one")))
    for number, host in enumerate(hosts[:-1]):
        web.serve(host, links[number], redirect(web.url(hosts[number + 1], links[number + 1])))
    return web.url(hosts[0], links[0])


async def test_a_page_that_moved_to_another_host_is_fetched_there(bench: Bench, web: Web) -> None:
    subscribe(bench, web, item("One", way(web, "paper", "radio")))
    lines: list[object] = []
    report = Report(observers=[lines.append])
    await Pipeline(bench.road).drain(Choice(), report)
    assert [line.outcome for line in lines if isinstance(line, PageLine)] == [PageOutcome.NEW]
    assert list(report.page_lines) == [web.url("paper", "/0.html")]
    assert bench.values("SELECT url FROM article") == [web.url("radio", "/1.html")]
    assert web.targets("paper") == ["/feed.xml", "/robots.txt", "/0.html"]
    assert web.targets("radio") == ["/robots.txt", "/1.html"]
    assert legs(bench) == [(f"paper.localhost:{web.port}", None, None, 0)]


async def test_legs_are_no_attempts_and_never_quarantine(bench: Bench, web: Web) -> None:
    patient = FetchSettings(allow_networks=LOOPBACK, max_redirects=20)
    async with Fetcher(patient, bench.clock, ports=(web.port,)) as fetcher:
        bench.change(fetcher=fetcher)
        subscribe(bench, web, item("One", way(web, *(f"h{n}" for n in range(12)))))
        assert (await bench.once()).pages == {PageOutcome.NEW: 1}
    assert page_row(bench) == ("done", "new", None, 0)


async def test_redirects_over_hosts_are_bounded_together(bench: Bench, web: Web) -> None:
    subscribe(bench, web, item("One", way(web, *(f"h{n}" for n in range(7)))))
    assert (await bench.once()).pages == {PageOutcome.RETRY_LATER: 1}
    assert page_row(bench) == ("pending", "retry-later", "redirect", 1)
    assert legs(bench) == [(f"h0.localhost:{web.port}", None, None, 0)]
    assert web.targets("h6") == []


async def test_redirects_in_a_circle_over_hosts_end(bench: Bench, web: Web) -> None:
    link = web.serve("paper", "/a", redirect(web.url("radio", "/b")))
    web.serve("radio", "/b", redirect(link))
    subscribe(bench, web, item("One", link))
    assert (await bench.once()).pages == {PageOutcome.RETRY_LATER: 1}
    assert fetched(web, "/a") == 1


async def test_robots_txt_of_each_host_and_of_each_hop_is_obeyed(bench: Bench, web: Web) -> None:
    nobody = Reply(b"User-agent: *\nDisallow: /no/\n")
    web.serve("radio", "/robots.txt", nobody)
    secret = web.serve("radio", "/no/1", page("One", prose("one")))
    subscribe(
        bench,
        web,
        item("One", web.serve("paper", "/one", redirect(secret))),
        item("Two", web.serve("radio", "/two", redirect("/no/1"))),
        item("Three", web.serve("paper", "/three", redirect(web.url("radio", "/two")))),
    )
    assert (await bench.once()).pages == {PageOutcome.NOT_ARTICLE: 3}
    assert bench.values("SELECT DISTINCT reason FROM page") == ["robots"]
    assert fetched(web, "/no/1") == 0
    assert bench.values("SELECT count(*) FROM page WHERE hop_url IS NOT NULL") == [0]


async def test_a_page_that_fails_at_another_host_begins_anew_at_its_own(bench: Bench, web: Web) -> None:
    busy = Reply(status=500)
    link = way(web, "paper", "radio")
    web.serve("radio", "/1.html", busy, page("One", prose("one")))
    subscribe(bench, web, item("One", link))
    assert (await bench.once()).pages == {PageOutcome.RETRY_LATER: 1}
    assert page_row(bench) == ("pending", "retry-later", "http-500", 1)
    assert legs(bench) == [(f"paper.localhost:{web.port}", None, None, 0)]
    assert (await bench.once(later=DAY)).pages == {PageOutcome.NEW: 1}
    assert fetched(web, "/0.html") == 2


async def test_a_page_waits_for_the_host_that_it_moved_to(bench: Bench, web: Web) -> None:
    """Only its last leg is left to do when that host may be asked again."""
    busy = Reply(status=429, headers=(("Retry-After", "7200"),))
    web.serve("radio", "/busy", busy)
    subscribe(bench, web, item("Busy", web.url("radio", "/busy")), item("One", way(web, "paper", "radio")))
    report = await bench.once()
    assert report.pages == {PageOutcome.RETRY_LATER: 1, PageOutcome.PARKED: 1}
    assert report.page_lines[web.url("paper", "/0.html")].outcome is PageOutcome.PARKED
    assert fetched(web, "/1.html") == 0
    web.serve("radio", "/busy", Reply(status=404))
    assert (await bench.once(later=timedelta(hours=3))).pages == {
        PageOutcome.NEW: 1,
        PageOutcome.FAILED: 1,
    }
    assert fetched(web, "/0.html") == 1


async def test_a_page_that_kills_the_process_at_another_host_is_quarantined(bench: Bench, web: Web) -> None:
    subscribe(bench, web, item("One", way(web, "paper", "radio")))
    await bench.once(Choice(pages_left=0))
    hops = [{"status": 302, "source": web.url("paper", "/0.html"), "target": web.url("radio", "/1.html")}]
    with bench.database.writing() as connection:
        hosts.ensure(connection, {f"radio.localhost:{web.port}"})
        killed = {"takes": 5, "hop_url": web.url("radio", "/1.html"), "hops": hops}
        connection.execute(page_table.update().values(host=f"radio.localhost:{web.port}", **killed))
    assert (await bench.once()).pages == {PageOutcome.CRASHED: 1}
    assert page_row(bench)[:3] == ("quarantined", "crashed", "quarantined")
    assert legs(bench) == [(f"paper.localhost:{web.port}", None, None, 0)]
    assert web.targets("radio") == []


async def test_a_defect_at_another_host_brings_the_page_back(
    bench: Bench, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    def defective(*arguments: object) -> Collected:
        raise RuntimeError("a defect")

    monkeypatch.setattr(collect, "_collected", defective)
    subscribe(bench, web, item("One", way(web, "paper", "radio")))
    assert (await bench.once()).pages == {PageOutcome.CRASHED: 1}
    assert legs(bench) == [(f"paper.localhost:{web.port}", None, None, 0)]


async def test_a_limit_counts_pages_and_not_their_legs(bench: Bench, web: Web) -> None:
    subscribe(
        bench,
        web,
        item("One", way(web, "paper", "radio", "archive")),
        article(web, "paper", "two"),
        article(web, "paper", "three"),
    )
    report = await bench.once(Choice(pages_left=2))
    assert sum(report.pages.values()) == 2
    report = await bench.once(Choice(pages_left=2))
    assert sum(report.pages.values()) == 1
    assert bench.values("SELECT count(*) FROM article") == [3]


# ---------------------------------------------------------------------------------- what is no article


async def test_a_wall_is_never_stored_as_text(bench: Bench, web: Web) -> None:
    bench.change(pages=replace(bench.road.pages, max_attempts=2))
    subscribe(bench, web, item("One", web.serve("paper", "/one.html", WALL)))
    assert (await bench.once()).pages == {PageOutcome.RETRY_LATER: 1}
    assert page_row(bench) == ("pending", "retry-later", "bot-wall", 1)
    assert (await bench.once(later=DAY)).pages == {PageOutcome.NOT_ARTICLE: 1}
    assert page_row(bench) == ("rejected", "not-article", "bot-wall", 0)
    assert bodies(bench) == []


async def test_an_article_behind_a_wall_is_had_once_the_wall_is_gone(bench: Bench, web: Web) -> None:
    subscribe(bench, web, item("One", web.serve("paper", "/one.html", WALL, page("One", prose("one")))))
    await bench.once()
    assert (await bench.once(later=DAY)).pages == {PageOutcome.NEW: 1}


async def test_what_may_be_another_page_on_another_day_is_tried_on_three_days(bench: Bench, web: Web) -> None:
    subscribe(bench, web, item("One", web.serve("paper", "/one.html", CONSENT)))
    assert (await bench.once()).pages == {PageOutcome.RETRY_LATER: 1}
    assert next_attempt(bench) - bench.clock.now() == DAY
    assert (await bench.once(later=DAY)).pages == {PageOutcome.RETRY_LATER: 1}
    assert (await bench.once(later=DAY)).pages == {PageOutcome.NOT_ARTICLE: 1}
    assert fetched(web, "/one.html") == 3
    assert page_row(bench) == ("rejected", "not-article", "consent-wall", 0)


async def test_an_article_whose_address_leads_to_the_front_page_by_now_is_none(
    bench: Bench, web: Web
) -> None:
    web.serve("paper", "/", LIST)
    link = web.serve("paper", "/strait/harbour-call-35811.html", redirect("/"))
    subscribe(bench, web, item("One", link))
    assert (await bench.once()).pages == {PageOutcome.RETRY_LATER: 1}
    assert bench.values("SELECT reason FROM page") == ["home-redirect"]


async def test_a_document_that_is_no_html_is_rejected_for_good(bench: Bench, web: Web) -> None:
    pdf = Reply(b"%PDF-1.7 and so on", headers=(("Content-Type", "application/pdf"),))
    subscribe(bench, web, item("One", web.serve("paper", "/one.pdf", pdf)))
    assert (await bench.once()).pages == {PageOutcome.NOT_ARTICLE: 1}
    assert page_row(bench) == ("rejected", "not-article", "not-html", 0)


async def test_a_page_that_matches_a_skip_pattern_is_not_fetched(bench: Bench, web: Web) -> None:
    subscribe(bench, web, article(web, "paper", "video-one"), article(web, "paper", "two"), skip=("/video-",))
    assert (await bench.once()).pages == {PageOutcome.NEW: 1}
    assert fetched(web, "/video-one.html") == 0
    skipped = bench.rows("SELECT state, reason FROM page WHERE url_key LIKE '%video%'")
    assert skipped == [("skipped", "skip-pattern")]
    assert bench.values("SELECT count(*) FROM entry") == [2]


# ---------------------------------------------------------------------------------- counted for the host


def given(bench: Bench) -> list[tuple[object, ...]]:
    return bench.rows("SELECT host, outcome, pages FROM host_day ORDER BY host, day, outcome")


async def test_what_pages_gave_is_counted_for_the_host_that_answered(bench: Bench, web: Web) -> None:
    moved = item("Moved", way(web, "paper", "radio"))
    gone = item("Gone", web.serve("paper", "/gone.html", Reply(status=404)))
    walled = item("Walled", web.serve("paper", "/walled.html", WALL))
    subscribe(bench, web, article(web, "paper", "one"), moved, gone, walled)
    await bench.once()
    await bench.once(later=DAY)
    paper, radio = (f"{name}.localhost:{web.port}" for name in ("paper", "radio"))
    assert given(bench) == [
        (paper, "article", 1),
        (paper, "bot-wall", 1),
        (paper, "http-404", 1),
        (paper, "bot-wall", 1),
        (radio, "article", 1),
    ]
    assert bench.values("SELECT words FROM host_day WHERE outcome = 'article' AND host LIKE 'paper%'") == [
        sum(len(paragraph.split()) for paragraph in prose("one of paper"))
    ]


async def test_what_gave_no_page_is_not_counted(bench: Bench, web: Web) -> None:
    web.serve("paper", "/robots.txt", Reply(b"User-agent: *\nDisallow: /no/\n"))
    subscribe(
        bench, web, item("Of the feed", None, content=prose("feed")), item("No", web.url("paper", "/no/1"))
    )
    await bench.once()
    assert given(bench) == []


async def test_a_host_whose_pages_give_something_else_is_an_event_and_so_is_its_recovery(
    bench: Bench, web: Web
) -> None:
    host = f"paper.localhost:{web.port}"
    usual = rates.Rates(pages=200, usual={"article": 1.0})
    with bench.database.writing() as connection:
        hosts.ensure(connection, {host})
        host_pages.keep(connection, host, usual.to_json())
    bench.change(pages=replace(bench.road.pages, max_attempts=1))
    walled = [item(f"W{n}", web.serve("paper", f"/w{n}.html", WALL)) for n in range(12)]
    good = [article(web, "paper", f"good-{n}") for n in range(12)]
    bench.subscribe("paper", web.serve("paper", "/feed.xml", feed(*walled), feed(*walled, *good)))
    await bench.once()
    events = [json.loads(data) for data in bench.values("SELECT data FROM event WHERE kind = 'host-changed'")]
    assert [(one["host"], one["from"], one["to"], one["well"]) for one in events] == [
        (host, "article", "bot-wall", False)
    ]
    await bench.once(later=DAY)
    events = [json.loads(data) for data in bench.values("SELECT data FROM event WHERE kind = 'host-changed'")]
    assert [(one["from"], one["to"], one["well"]) for one in events[1:]] == [("bot-wall", "article", True)]


async def test_a_save_that_is_undone_counts_nothing(
    bench: Bench, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    def defective(*arguments: object, **more: object) -> PageOutcome:
        raise RuntimeError("a defect")

    monkeypatch.setattr("ingestd.store.articles.settle", defective)
    subscribe(bench, web, article(web, "paper", "one"))
    assert (await bench.once()).pages == {PageOutcome.CRASHED: 1}
    assert given(bench) == []


# ---------------------------------------------------------------------------------- robots.txt


async def test_robots_txt_keeps_pages_from_being_fetched(bench: Bench, web: Web) -> None:
    web.serve("paper", "/robots.txt", Reply(b"User-agent: ingestd\nDisallow: /private/\n"))
    secret = item("Two", web.serve("paper", "/private/two.html", page("Two", prose("two"))))
    subscribe(bench, web, article(web, "paper", "one"), secret)
    report = await bench.once()
    assert report.pages == {PageOutcome.NEW: 1, PageOutcome.NOT_ARTICLE: 1}
    assert fetched(web, "/private/two.html") == 0
    assert bench.values("SELECT reason FROM page WHERE state = 'rejected'") == ["robots"]


async def test_a_host_that_forbids_everything_is_believed_for_a_day(bench: Bench, web: Web) -> None:
    """Its file is the same as what stands for one that cannot be had, and must not be taken for that."""
    web.serve("paper", "/robots.txt", ROBOTS_NOBODY)
    subscribe(bench, web, article(web, "paper", "one"))
    assert (await bench.once()).pages == {PageOutcome.NOT_ARTICLE: 1}
    assert fetched(web, "/one.html") == 0


async def test_a_missing_robots_txt_allows_everything_and_is_asked_for_once_a_day(
    bench: Bench, web: Web
) -> None:
    answers = (
        feed(*(article(web, "paper", name) for name in names.split())) for names in ("a", "b a", "c b a")
    )
    bench.subscribe("paper", web.serve("paper", "/feed.xml", *answers))
    assert (await bench.once()).pages == {PageOutcome.NEW: 1}
    assert (await bench.once(later=timedelta(hours=23))).pages == {PageOutcome.NEW: 1}
    assert fetched(web, "/robots.txt") == 1
    assert (await bench.once(later=timedelta(hours=23))).pages == {PageOutcome.NEW: 1}
    assert fetched(web, "/robots.txt") == 2


async def test_no_page_is_lost_while_robots_txt_cannot_be_had(bench: Bench, web: Web) -> None:
    allowed = Reply(b"User-agent: *\nAllow: /\n")
    web.serve("paper", "/robots.txt", Reply(status=503), Reply(status=503), allowed)
    subscribe(bench, web, article(web, "paper", "one"), article(web, "paper", "two"))
    report = await bench.once()
    assert report.pages == {PageOutcome.RETRY_LATER: 2}
    assert bench.values("SELECT reason FROM page") == ["robots", "robots"]
    assert (await bench.once(later=timedelta(minutes=6))).pages == {PageOutcome.RETRY_LATER: 2}
    assert fetched(web, "/robots.txt") == 2
    assert fetched(web, "/one.html") == 0
    assert (await bench.once(later=timedelta(minutes=11))).pages == {PageOutcome.NEW: 2}


async def test_robots_txt_can_be_left_out_for_a_host(bench: Bench, web: Web) -> None:
    web.serve("paper", "/robots.txt", ROBOTS_NOBODY)
    host = f"paper.localhost:{web.port}"
    bench.change(host_rules={host: HostRules(robots=False)})
    subscribe(bench, web, article(web, "paper", "one"))
    assert (await bench.once()).pages == {PageOutcome.NEW: 1}
    assert fetched(web, "/robots.txt") == 0


# ---------------------------------------------------------------------------------- hints


async def test_the_feed_tells_what_the_page_does_not(bench: Bench, web: Web) -> None:
    link = web.serve("paper", "/one.html", page("One", prose("one")))
    entry = item("One", link).replace(
        "</item>", "<pubDate>Sun, 22 Nov 2026 09:30:00 GMT</pubDate><author>a@b.example (Ada)</author></item>"
    )
    subscribe(bench, web, entry, language="en-GB")
    await bench.once()
    ((published, language),) = bench.rows("SELECT published_at, language FROM revision")
    assert str(published).startswith("2026-11-22 09:30")
    assert language.lower().startswith("en")


async def test_hostile_text_in_a_feed_stops_nothing(bench: Bench, web: Web, tmp_path: Path) -> None:
    document = (
        b'{"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": '
        b'[{"id": "a\\u0000b", "title": "\\ud800 \\u0000", "content_text": "\\u0000"}]}'
    )

    def answer(request: Request) -> Reply:
        return Reply(document, headers=(("Content-Type", "application/feed+json"),))

    bench.subscribe("json", web.serve("json", "/feed.json", answer))
    subscribe(bench, web, article(web, "paper", "one"))
    report = await bench.once()
    assert report.pages[PageOutcome.NEW] == 1
    assert set(report.feeds) == {"json", "paper"}
    assert report.failed_feeds == []
