import gzip
import re
import subprocess
import sys
from urllib.parse import urlsplit

from ingestd.demo.web import DemoWeb
from tests.demo.reading import Answer, PageReader, ask

# Names of vocabularies, which nobody dials.
_IDENTIFIERS = {"schema.org", "www.w3.org", "purl.org", "jsonfeed.org"}
_BARE_DOMAIN = re.compile(r"\b(?:[a-z0-9-]+\.)+(?:com|org|net|info|eu|co|io|de|uk|fr|ru|ua|cn|news|tv)\b")


def _crawl(web: DemoWeb) -> dict[str, Answer]:
    """Everything that can be reached from the feeds, the pages and their links."""
    hosts = {urlsplit(url).netloc for url in web.expected_articles}
    waiting = {feed.url for feed in web.feeds if feed.name != "old-lantern"} | set(web.expected_articles)
    waiting |= {f"http://{host}{path}" for host in hosts for path in ("/", "/robots.txt")}
    seen: dict[str, Answer] = {}
    while waiting:
        url = waiting.pop()
        answer = seen[url] = ask(url)
        links = {answer.headers["Location"]} if answer.status == 301 else set()
        if answer.headers.get_content_type() == "text/html":
            links |= PageReader(url, answer.text).links
        waiting |= links - seen.keys()
    return seen


def _words(paragraphs: tuple[str, ...]) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", " ".join(paragraphs).casefold())
    return set(zip(words, words[1:], words[2:], words[3:], strict=False))


def test_only_the_page_that_is_gone_is_a_dead_link(web: DemoWeb) -> None:
    dead = {url for url, answer in _crawl(web).items() if answer.status not in (200, 301)}
    assert dead == {url for url, verdict in web.expected_verdicts.items() if verdict == "gone"}


def test_nothing_that_is_served_names_a_real_host(web: DemoWeb) -> None:
    for url, answer in _crawl(web).items():
        gzipped = answer.headers["Content-Encoding"] == "gzip"
        text = (gzip.decompress(answer.body) if gzipped else answer.body).decode("latin-1")
        hosts = set(re.findall(r"https?://([^/\"'<>\s:]+)", text))
        assert {host for host in hosts if not host.endswith(".localhost")} <= _IDENTIFIERS, url
        assert set(_BARE_DOMAIN.findall(text)) <= _IDENTIFIERS, url


def test_every_wire_text_is_carried_by_the_agency_and_three_to_six_outlets(web: DemoWeb) -> None:
    assert len(web.wire_texts) == 7
    for headline, urls in web.wire_texts.values():
        assert headline
        assert 4 <= len(urls) <= 7
        assert len({urlsplit(url).hostname for url in urls}) == len(urls)
        assert sum(urlsplit(url).hostname == "meridian-press.localhost" for url in urls) == 1


def test_copies_share_their_text_with_the_agency_and_no_two_are_equal(web: DemoWeb) -> None:
    for _, urls in web.wire_texts.values():
        original = next(url for url in urls if "meridian-press" in url)
        full = _words(web.expected_articles[original])
        for url in urls - {original}:
            copy = _words(web.expected_articles[url])
            assert len(copy & full) / len(copy) > 0.6, url
        assert len({web.expected_articles[url] for url in urls}) == len(urls)


def test_own_stories_share_no_text_but_filled_in_forms(web: DemoWeb) -> None:
    copies = set().union(*(text.urls for text in web.wire_texts.values()))
    wires = [_words(web.expected_articles[url]) for url in copies]
    own = {url: _words(text) for url, text in web.expected_articles.items() if url not in copies}
    assert all(len(words & wire) / len(words) < 0.05 for words in own.values() for wire in wires)
    alike = {
        frozenset((one, other))
        for one, words in own.items()
        for other, others in own.items()
        if one != other and len(words & others) / len(words) > 0.05
    }
    forms = [sorted(urlsplit(url).path.strip("/").rpartition("/")[2] for url in pair) for pair in alike]
    assert sorted(forms) == [
        ["karrow-close-friday", "karrow-close-thursday"],
        ["weather-saturday", "weather-sunday"],
    ]


def test_advance_changes_one_feed_and_one_page_and_nothing_else(own_web: DemoWeb) -> None:
    before, articles = _crawl(own_web), own_web.expected_articles
    own_web.advance()
    after = _crawl(own_web)
    page = next(url for url in own_web.expected_articles if "landslip-coast-road" in url)
    feed = next(feed.url for feed in own_web.feeds if feed.name == "radio-veldmark")
    assert before.keys() == after.keys()
    assert {url for url in after if after[url].body != before[url].body} == {page, feed}
    validators = ("ETag", "Last-Modified")
    moved = {
        url for url in after for name in validators if after[url].headers[name] != before[url].headers[name]
    }
    assert moved == {page, feed}
    changed = {url for url, text in own_web.expected_articles.items() if text != articles[url]}
    assert changed == {page}


def test_advance_changes_exactly_one_item_of_the_feed(own_web: DemoWeb) -> None:
    feed = next(feed.url for feed in own_web.feeds if feed.name == "radio-veldmark")
    before = re.findall(r"<entry>.*?</entry>", ask(feed).text, re.S)
    own_web.advance()
    after = re.findall(r"<entry>.*?</entry>", ask(feed).text, re.S)
    changed = [entry for old, entry in zip(before, after, strict=True) if old != entry]
    assert len(changed) == 1
    assert "<updated>2026-11-22T15:30:00+00:00</updated>" in changed[0]


def test_advance_corrects_a_figure_and_adds_a_paragraph(own_web: DemoWeb) -> None:
    page = next(url for url in own_web.expected_articles if "landslip-coast-road" in url)
    before = own_web.expected_articles[page]
    own_web.advance()
    own_web.advance()
    after = own_web.expected_articles[page]
    assert len(after) == len(before) + 1
    assert [old == new for old, new in zip(before, after, strict=False)] == [True, False, True, True]
    assert set(after) <= set(PageReader(page, ask(page).text).blocks)


def test_robots_closes_the_one_path_that_a_feed_links(web: DemoWeb) -> None:
    closed = next(url for url, verdict in web.expected_verdicts.items() if verdict == "robots")
    rules = ask(f"http://{urlsplit(closed).netloc}/robots.txt").text
    assert "Disallow: /print/\n" in rules
    assert urlsplit(closed).path.startswith("/print/")
    assert "delay" not in rules.lower()


def test_failing_feeds_are_named_as_such(web: DemoWeb) -> None:
    failing = [feed.name for feed in web.feeds if feed.outcome == "fails"]
    assert failing == ["fennmoor-gazette", "old-lantern"]
    assert len({feed.name for feed in web.feeds}) == len({feed.url for feed in web.feeds}) == len(web.feeds)
    assert all(feed.note and feed.tags for feed in web.feeds)


def test_importing_it_loads_nothing_but_the_standard_library() -> None:
    program = (
        "import sys; import ingestd.demo.web; "
        "print([m for m in sys.modules if not m.startswith('ingestd') "
        "and m.partition('.')[0] not in {*sys.stdlib_module_names, '__main__'}])"
    )
    done = subprocess.run([sys.executable, "-S", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
