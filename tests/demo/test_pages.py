import json
import re

from ingestd.demo.web import DemoWeb
from tests.demo.reading import PageReader, ask, read_page


def test_every_page_holds_exactly_its_paragraphs_as_blocks_in_order(web: DemoWeb) -> None:
    for url, paragraphs in web.expected_articles.items():
        blocks = iter(read_page(url).blocks)
        assert all(paragraph in blocks for paragraph in paragraphs), url


def test_every_page_has_furniture_inside_and_around_its_text(web: DemoWeb) -> None:
    for url, paragraphs in web.expected_articles.items():
        blocks = read_page(url).blocks
        first, last = blocks.index(paragraphs[0]), blocks.index(paragraphs[-1])
        inside = [block for block in blocks[first : last + 1] if block not in paragraphs]
        assert inside, url
        assert first > 4, url
        assert len(blocks) - last > 8, url


def test_tags_of_every_page_match(web: DemoWeb) -> None:
    for url in (*web.expected_articles, *web.expected_verdicts):
        assert read_page(url).unmatched == [], url


def test_paywalled_page_shows_its_beginning_and_says_that_it_is_not_free(web: DemoWeb) -> None:
    url = next(url for url, verdict in web.expected_verdicts.items() if verdict == "paywall")
    text = ask(url).text
    assert "Subscribe to continue reading" in PageReader(url, text).blocks
    assert _json_ld(text)["isAccessibleForFree"] is False


def test_consent_wall_and_missing_pages_hold_no_text_of_the_article(web: DemoWeb) -> None:
    for url, verdict in web.expected_verdicts.items():
        answer = ask(url)
        assert answer.status == (404 if verdict == "gone" else 200)
        if verdict in ("consent", "gone", "soft-404"):
            assert 'property="article:published_time"' not in answer.text
            assert sum(len(block) > 120 for block in PageReader(url, answer.text).blocks) <= 1


def test_list_page_shows_many_headlines(web: DemoWeb) -> None:
    url = next(url for url, verdict in web.expected_verdicts.items() if verdict == "list")
    assert ask(url).text.count('<div class="front-card">') >= 5


def test_metadata_names_headline_dates_and_the_page_itself(web: DemoWeb) -> None:
    url = next(url for url in web.expected_articles if url.endswith("/night-ferry-returns-thursday"))
    text = ask(url).text
    assert _json_ld(text)["headline"] == "New ramp is in: night ferry returns on Thursday"
    assert _json_ld(text)["datePublished"] == "2026-11-22T02:30:00+00:00"
    assert f'<link rel="canonical" href="{url}">' in text
    assert "22 November 2026, 02:30" in text


def test_ages_are_counted_from_the_given_moment(web: DemoWeb) -> None:
    ages = set()
    for url in web.expected_articles:
        ages |= set(re.findall(r"\b\d+[hd] ago", ask(url).text))
    assert {"13h ago", "1d ago", "4d ago"} <= ages


def test_two_own_stories_of_one_outlet_show_the_same_teasers(web: DemoWeb) -> None:
    murals, baths = (
        ask(next(url for url in web.expected_articles if url.endswith(slug))).text
        for slug in ("/tram-depot-murals", "/saltwater-baths-heating")
    )
    sections = [
        re.search(r'<section class="read-next">.*?</section>', page, re.S) for page in (murals, baths)
    ]
    assert sections[0] is not None
    assert sections[1] is not None
    assert sections[0].group() == sections[1].group()


def _json_ld(text: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text)
    assert found is not None
    data: dict[str, object] = json.loads(found.group(1))
    return data
