"""B21 to B25: charsets and broken documents, which item is which, dates, and what must not come back."""

import codecs
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ingestd.matching import matching
from ingestd.model import FeedOutcome
from ingestd.store import articles
from tests.polling.driving import DAY, HOUR, poll, poll_until, subscribe, tick, titles
from tests.samples import NOON, Bench, article, feed, page, prose
from tests.web import Reply, Web

pytestmark = pytest.mark.asyncio(loop_scope="module")


def xml(body: bytes, content_type: str = "application/rss+xml") -> Reply:
    """A document as it is, under that Content-Type."""
    return Reply(body, headers=(("Content-Type", content_type),))


def document(*items: str, declaration: str = "") -> str:
    return f'{declaration}<rss version="2.0"><channel><title>Paper</title>{"".join(items)}</channel></rss>'


def entry(title: str, guid: str | None = None, link: str | None = None, **more: str) -> str:
    """An item with exactly these elements."""
    fields = {"title": title, "guid": guid, "link": link, **more}
    elements = (f"<{name}>{text}</{name}>" for name, text in fields.items() if text is not None)
    return f"<item>{''.join(elements)}</item>"


# ---------------------------------------------------------------------------------- B21

WORDS = "Zażółć gęślą"
RUSSIAN = "Съешь ещё этих булок"
FRENCH = "Été à l’œuvre – 10 €"


def _declared(text: str, charset: str, codec: str | None = None) -> bytes:
    declaration = f'<?xml version="1.0" encoding="{charset}"?>'
    return document(entry(text), declaration=declaration).encode(codec or charset)


CHARSETS: dict[str, tuple[str, Reply]] = {
    "UTF-8 undeclared": (WORDS, xml(document(entry(WORDS)).encode())),
    "UTF-8 with a BOM under another charset": (
        WORDS,
        xml(codecs.BOM_UTF8 + _declared(WORDS, "iso-8859-1", "utf-8"), "text/xml; charset=iso-8859-1"),
    ),
    "UTF-16 with a BOM": (WORDS, xml(_declared(WORDS, "utf-16"))),
    "UTF-16 with a BOM under another charset": (
        WORDS,
        xml(_declared(WORDS, "utf-8", "utf-16"), "application/xml; charset=windows-1251"),
    ),
    "UTF-16 without a BOM": (WORDS, xml(_declared(WORDS, "utf-16", "utf-16-be"))),
    "windows-1251 declared": (RUSSIAN, xml(_declared(RUSSIAN, "windows-1251"))),
    "windows-1251 in the header": (
        RUSSIAN,
        xml(document(entry(RUSSIAN)).encode("cp1251"), "text/xml; charset=windows-1251"),
    ),
    "the header before the declaration": (
        RUSSIAN,
        xml(_declared(RUSSIAN, "iso-8859-1", "cp1251"), "application/xml; charset=windows-1251"),
    ),
    "KOI8-R declared": (RUSSIAN, xml(_declared(RUSSIAN, "koi8-r"))),
    "windows-1251 undeclared": (
        RUSSIAN,
        xml(document(*[entry(RUSSIAN, description=f"{RUSSIAN}, да выпей же чаю. " * 20)]).encode("cp1251")),
    ),
    "windows-1252 called Latin-1": (FRENCH, xml(_declared(FRENCH, "iso-8859-1", "cp1252"))),
    "UTF-8 called Latin-1": (WORDS, xml(_declared(WORDS, "utf-8"), "text/xml; charset=iso-8859-1")),
    "UTF-8 with stray Latin-1": (
        f"{WORDS} café",
        xml(document(entry(f"{WORDS} cafX")).encode().replace(b"cafX", b"caf\xe9")),
    ),
    "a charset that nobody knows": (WORDS, xml(_declared(WORDS, "x-unheard-of", "utf-8"))),
    "Shift_JIS": ("日本語の見出し", xml(_declared("日本語の見出し", "shift_jis"))),
    "GB2312 that is GBK": ("中文標題", xml(_declared("中文標題", "gb2312", "gbk"))),
    "NULs": (WORDS, xml(document(entry(WORDS)).encode().replace(b"<item>", b"\0<item>\0"))),
    "control characters": (
        f"{WORDS} end",
        xml(document(entry(f"{WORDS}\x0b \x1f\x08end", description="\x01\x02&#0;&#x1F;&#xFFFF;")).encode()),
    ),
    "white space and a comment first": (WORDS, xml(f"\n \n<!-- hi -->{document(entry(WORDS))}".encode())),
}


@pytest.mark.parametrize("charset", CHARSETS)
async def test_b21_charsets_are_told_from_mark_header_declaration_and_bytes(
    bench: Bench, web: Web, charset: str
) -> None:
    wanted, answer = CHARSETS[charset]
    subscribe(bench, web, answer)
    assert (await poll(bench)).outcome is FeedOutcome.UPDATED
    assert titles(bench) == [wanted]


BOMBS = {
    "a billion laughs": '<!DOCTYPE rss [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>",
    "quadratic": f'<!DOCTYPE rss [<!ENTITY j "{"x" * 50_000}">]>',
    "a file": '<!DOCTYPE rss [<!ENTITY j SYSTEM "file:///etc/passwd">]>',
    "parameters": "<!DOCTYPE rss [<!ENTITY % p \"<!ENTITY j 'boom'>\"> %p;]>",
}


@pytest.mark.parametrize("bomb", BOMBS)
async def test_b21_an_entity_bomb_does_not_go_off(bench: Bench, web: Web, bomb: str) -> None:
    trap = document(entry("Trap", description="&j;" * 2_000), entry("One"), declaration=BOMBS[bomb])
    subscribe(bench, web, xml(trap.encode()))
    await poll(bench)
    stored = "".join(bench.values("SELECT coalesce(summary_html, '') FROM entry"))
    assert titles(bench) == ["One", "Trap"]
    assert len(stored) < 20_000
    assert "root:" not in stored


# ---------------------------------------------------------------------------------- B22

A, B = entry("A", "a"), entry("B", "b")

BROKEN: dict[str, str] = {
    "an ampersand": document(A, entry("B & C", "b")),
    "an unknown entity": document(A, entry("B&nbsp;&bogus;", "b")),
    "a tag that nobody closed": document(A, "<item><title>Open<b></title><guid>o</guid></item>", B),
    "an item that nobody closed": document(A, "<item><title>Open</title><guid>o</guid>", B),
    "HTML in an item": document(A, "<item><title>x</title><description><p>1<br>2</description></item>", B),
    "an unknown prefix": document(A, "<item><title>x</title><foo:bar>1</foo:bar></item>", B),
    "an attribute without quotes": document(A, "<item><title>x</title><enclosure url=x></item>", B),
    "an empty item": document(A, "<item/>", B),
    "an item of nonsense": document(A, f"<item><title>{'<i>' * 30}</title><link>::</link></item>", B),
    "no end": document(A, B).removesuffix("</channel></rss>"),
    "half an item at the end": document(A, B, "<item><title>half").removesuffix("</channel></rss>"),
    "text behind the end": document(A, B) + "<!-- cached --><script>1</script>",
    "messages before it": f"<br />\n<b>Warning</b>: mysql in /x.php<br />\n{document(A, B)}",
    "items beside the channel": f"<rss version='2.0'><channel><title>P</title></channel>{A}{B}</rss>",
    "two documents": document(A, B) + document(A),
    "no version": document(A, B).replace(' version="2.0"', ""),
    "upper case": document(A, B).replace("item>", "ITEM>").replace("title>", "TITLE>"),
}


@pytest.mark.parametrize("defect", BROKEN)
async def test_b22_a_broken_feed_yields_its_readable_entries(bench: Bench, web: Web, defect: str) -> None:
    subscribe(bench, web, xml(BROKEN[defect].encode()))
    assert (await poll(bench)).outcome is FeedOutcome.UPDATED
    found = titles(bench)
    assert any(str(title).startswith("A") for title in found)
    assert any(str(title).startswith("B") for title in found)


NOTHING_TO_READ = {
    "a page": b"<!doctype html><html><body>Hello</body></html>",
    "prose": b"Service unavailable, please come back later.",
    "other XML": b"<?xml version='1.0'?><note><to>You</to></note>",
    "an image": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
}


@pytest.mark.parametrize("kind", NOTHING_TO_READ)
async def test_b22_only_what_has_nothing_to_read_is_refused(bench: Bench, web: Web, kind: str) -> None:
    subscribe(bench, web, xml(NOTHING_TO_READ[kind]), feed())
    assert (await poll(bench)).outcome is FeedOutcome.FAILED
    # A feed without items is a feed.
    assert (await poll(bench)).outcome is FeedOutcome.UPDATED


async def test_b22_one_broken_item_of_a_json_feed_hides_no_other(bench: Bench, web: Web) -> None:
    body = (
        '{"version": "https://jsonfeed.org/version/1.1", "title": "P", "items": [{"id": 1, "title": "A"}, '
        'null, 7, "x", {"id": {}, "title": [], "url": 5, "tags": "x", "authors": 1}, '
        '{"id": "b", "title": "B"}]}'
    )
    subscribe(bench, web, Reply(body.encode(), headers=(("Content-Type", "application/feed+json"),)))
    assert (await poll(bench)).outcome is FeedOutcome.UPDATED
    assert {"A", "B"} <= set(titles(bench))


# ---------------------------------------------------------------------------------- B23


def _links(scheme: str = "http", host: str = "site.localhost", more: str = "") -> list[str]:
    return [f"{scheme}://{host}/{number}.html{more}" for number in range(3)]


def _items(guids: list[str | None], links: list[str], **more: str) -> str:
    pairs = enumerate(zip(guids, links, strict=True))
    return document(*[entry(f"T{number}", guid, link, **more) for number, (guid, link) in pairs])


def _unlinked(scheme: str) -> str:
    guids = (f'<guid isPermaLink="false">{link}</guid>' for link in _links(scheme))
    return document(*[f"<item><title>T{number}</title>{guid}</item>" for number, guid in enumerate(guids)])


REISSUES: dict[str, tuple[str, str]] = {
    "blank guids": (_items([" ", "", None], _links()), _items([None, " ", ""], _links())),
    "a shared guid": (_items(["1", "1", "1"], _links()), _items(["2", "2", "2"], _links())),
    "http to https in guids and links": (
        _items([*_links()], _links()),
        _items([*_links("https")], _links("https")),
    ),
    "http to https in guids": (_items([*_links()], _links()), _items([*_links("https")], _links())),
    "www. in guids": (
        _items([*_links(host="site.example")], _links()),
        _items([*_links(host="www.site.example")], _links()),
    ),
    "another host in guids": (
        _items([*_links(host="old.example")], _links()),
        _items([*_links(host="new.example")], _links()),
    ),
    "new guids for all": (_items(["a", "b", "c"], _links()), _items(["x", "y", "z"], _links())),
    "guids that come": (_items([None] * 3, _links()), _items(["a", "b", "c"], _links())),
    "guids that go": (_items(["a", "b", "c"], _links()), _items([None] * 3, _links())),
    "non-permalink guids": (
        _items(["tag:1", "tag:2", "tag:3"], _links()),
        _items(["tag:1", "tag:2", "tag:3"], _links(more="?utm_source=rss")),
    ),
    "new guids and corrected texts": (
        _items(["a", "b", "c"], _links(), description="Frist."),
        _items(["x", "y", "z"], _links(), description="First."),
    ),
    "http to https in guids without links": (_unlinked("http"), _unlinked("https")),
    "another order": (
        _items(["a", "b", "c"], _links()),
        document(*[entry(f"T{number}", "abc"[number], _links()[number]) for number in (2, 0, 1)]),
    ),
}


@pytest.mark.parametrize("reissue", REISSUES)
async def test_b23_items_that_come_again_are_no_duplicates(bench: Bench, web: Web, reissue: str) -> None:
    before, after = REISSUES[reissue]
    subscribe(bench, web, xml(before.encode()), xml(after.encode()), xml(before.encode()))
    for _ in range(3):
        assert (await poll(bench)).outcome is FeedOutcome.UPDATED
        assert titles(bench) == ["T0", "T1", "T2"]


APART: dict[str, str] = {
    "equal titles under guids": document(entry("T", "a"), entry("T", "b")),
    "equal titles under links": document(*[entry("T", None, link) for link in _links()[:2]]),
    "equal titles and texts under guids": document(
        entry("T", "a", description="Text"), entry("T", "b", description="Text")
    ),
    "equal titles, a shared guid, other links": document(*[entry("T", "1", link) for link in _links()[:2]]),
    "equal titles, a shared link, other guids": document(
        entry("T", "a", _links()[0]), entry("T", "b", _links()[0])
    ),
    "equal titles, other texts": document(entry("T", description="One"), entry("T", description="Two")),
}


@pytest.mark.parametrize("kind", APART)
async def test_b23_different_items_with_equal_titles_stay_apart(bench: Bench, web: Web, kind: str) -> None:
    subscribe(bench, web, xml(APART[kind].encode()), xml(APART[kind].encode() + b" "))
    await poll(bench)
    await poll(bench)
    assert titles(bench) == ["T", "T"]


@pytest.mark.parametrize(
    ("guid", "title"), [("1", "T{}"), (None, "T")], ids=["a shared guid", "equal titles"]
)
async def test_b23_a_new_item_takes_the_place_of_none(
    bench: Bench, web: Web, guid: str | None, title: str
) -> None:
    """It stands first, and the last leaves the document."""
    items = [entry(title.format(number), guid, f"http://site.localhost/{number}.html") for number in range(4)]
    subscribe(bench, web, xml(document(*items[:3]).encode()), xml(document(items[3], *items[:2]).encode()))
    await poll(bench)
    line = await poll(bench)
    assert (line.new, line.changed, line.seen) == (1, 0, 2)
    assert titles(bench) == sorted(title.format(number) for number in range(4))


# ---------------------------------------------------------------------------------- B24


def _dated(**dates: str | None) -> str:
    """Items by title with that pubDate."""
    return document(
        *[
            entry(name, name, **({"pubDate": date} if date is not None else {}))
            for name, date in dates.items()
        ]
    )


def _dates(bench: Bench) -> dict[str, tuple[object, ...]]:
    rows = bench.rows("SELECT title, published_at, first_seen_at FROM entry ORDER BY title")
    return {str(title): (_moment(published), _moment(seen)) for title, published, seen in rows}


def _moment(stored: object) -> datetime | None:
    return datetime.fromisoformat(f"{stored}+00:00") if stored else None


async def test_b24_missing_and_bad_dates_stay_empty_beside_first_seen(bench: Bench, web: Web) -> None:
    bad = ("", " ", "yesterday", "0", "32 Foo 2026", "0000-00-00", "Sun, 99 Nov 2026 10:00:00 GMT", "-1")
    dates: dict[str, str | None] = {f"t{number}": date for number, date in enumerate(bad)}
    first = _dated(missing=None, good="Sun, 22 Nov 2026 10:00:00 GMT", **dates).encode()
    subscribe(bench, web, xml(first), xml(first + b"<!-- again -->"))
    await poll(bench)
    wanted: dict[str, tuple[object, ...]] = dict.fromkeys((*dates, "missing"), (None, NOON))
    assert _dates(bench) == {**wanted, "good": (NOON - 2 * HOUR, NOON)}
    await poll(bench)
    assert bench.clock.now() > NOON
    assert _dates(bench) == {**wanted, "good": (NOON - 2 * HOUR, NOON)}


async def test_b24_a_date_in_the_future_is_kept_as_claimed_and_does_not_move(bench: Bench, web: Web) -> None:
    ahead = _dated(ahead="Fri, 01 Jan 2027 00:00:00 GMT", far="Wed, 01 Jan 2098 00:00:00 GMT")
    subscribe(bench, web, xml(ahead.encode()), xml((ahead + " ").encode()))
    wanted = {
        "ahead": (datetime(2027, 1, 1, tzinfo=UTC), NOON),
        "far": (datetime(2098, 1, 1, tzinfo=UTC), NOON),
    }
    for _ in range(3):
        await poll(bench)
        assert _dates(bench) == wanted


async def test_b24_a_date_in_the_future_is_flagged(bench: Bench, web: Web) -> None:
    """Whoever reads sightings is told which claims cannot be."""
    bench.change(pages=replace(bench.road.pages, fetch=True))
    ahead, past = (
        entry(name, name, web.serve("paper", f"/{name}", page(name, prose(name))), pubDate=date)
        for name, date in (
            ("ahead", "Fri, 01 Jan 2027 00:00:00 GMT"),
            ("past", "Sun, 22 Nov 2026 10:00:00 GMT"),
        )
    )
    subscribe(bench, web, xml(document(ahead, past).encode()))
    await tick(bench)
    assert bench.counts("SELECT title, dated_ahead FROM v_sighting") == {"ahead": 1, "past": 0}


async def test_b24_a_poll_again_moves_neither_date_of_a_changed_item(bench: Bench, web: Web) -> None:
    first = entry("Old", "a", pubDate="Sun, 22 Nov 2026 10:00:00 GMT")
    other = entry("New", "a", description="More.", pubDate="Sun, 22 Nov 2026 10:00:00 GMT")
    subscribe(bench, web, xml(document(first).encode()), xml(document(other).encode()))
    await poll(bench)
    await poll(bench)
    assert _dates(bench) == {"New": (NOON - 2 * HOUR, NOON)}


# ---------------------------------------------------------------------------------- B25


def _forget(bench: Bench, url: str) -> None:
    with bench.database.writing() as connection:
        articles.forget(connection, url, bench.clock.now(), matching())


def _texts(bench: Bench) -> list[str]:
    return bench.values("SELECT title FROM v_article ORDER BY title")


async def test_b25_what_was_deleted_here_does_not_come_back_while_it_is_in_the_feed(
    bench: Bench, web: Web
) -> None:
    bench.change(pages=replace(bench.road.pages, fetch=True))
    one, two = (article(web, "site", name) for name in ("one", "two"))
    changed = one.replace("<title>", "<description>Corrected.</description><title>")
    moved = one.replace('isPermaLink="false">one', 'isPermaLink="false">reissued')
    answers = (feed(one, two), feed(one, two), feed(changed, two), feed(moved, two), feed(two, one))
    subscribe(bench, web, *answers)
    await tick(bench)
    assert _texts(bench) == ["one of site", "two of site"]
    _forget(bench, web.url("site", "/one.html"))
    before = web.targets("site").count("/one.html")
    for _ in answers:
        await poll(bench)
        assert _texts(bench) == ["two of site"]
    assert web.targets("site").count("/one.html") == before
    assert bench.values("SELECT count(*) FROM entry WHERE summary_html LIKE '%Corrected%'") == [0]


async def test_b25_what_was_deleted_here_does_not_come_back_after_it_left_the_feed(
    bench: Bench, web: Web
) -> None:
    bench.change(pages=replace(bench.road.pages, fetch=True))
    one, two = (article(web, "site", name) for name in ("one", "two"))
    subscribe(bench, web, feed(one, two), feed(two), feed(two, one))
    await tick(bench)
    _forget(bench, web.url("site", "/one.html"))
    await poll(bench)
    bench.clock.advance(timedelta(days=400))
    assert (await poll(bench)).new == 0
    assert _texts(bench) == ["two of site"]


async def test_b25_a_feed_that_was_silent_for_years_brings_nothing_twice(bench: Bench, web: Web) -> None:
    bench.change(pages=replace(bench.road.pages, fetch=True))
    old = [article(web, "site", name) for name in ("one", "two", "three")]
    web.serve("quiet", "/feed.xml", feed(*old), Reply(status=500), feed(*old, article(web, "site", "four")))
    bench.subscribe("quiet", web.url("quiet", "/feed.xml"), interval=DAY)
    await tick(bench)
    # Its server fails for years, and then lists what it always did, and one more.
    bench.clock.advance(timedelta(days=3 * 365))
    await tick(bench)
    bench.clock.advance(timedelta(days=365))
    report = await tick(bench)
    assert (report.feeds["quiet"].new, report.feeds["quiet"].seen) == (1, 3)
    assert len(_texts(bench)) == len(titles(bench)) == 4
    assert [web.targets("site").count(f"/{name}.html") for name in ("one", "two", "three", "four")] == [1] * 4
    await poll_until(bench, 3 * DAY)
    assert len(titles(bench)) == 4
