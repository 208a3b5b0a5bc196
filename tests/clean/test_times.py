from datetime import UTC, datetime

import pytest

from ingestd.clean.metadata import Metadata, with_entry
from tests.clean.declarations import declared, json_ld, meta, read

MORNING = datetime(2024, 7, 13, 6, 25, tzinfo=UTC)
DAY = datetime(2024, 7, 13, tzinfo=UTC)


def _article(**fields: str) -> str:
    return json_ld({"@type": "NewsArticle", **fields})


def _why(found: Metadata, field: str = "published_at") -> str:
    return next(one.reason for one in found.readings if one.field == field)


@pytest.mark.parametrize(
    "head",
    [
        _article(datePublished="2024-07-13T06:25:00Z"),
        meta("article:published_time", "2024-07-13T08:25:00+02:00"),
        meta("parsely-pub-date", "2024-07-13T06:25:00Z"),
        meta("published", "2024-07-13T06:25:00Z"),
        '<meta name="DC.date.issued" content="2024-07-13T06:25:00Z">',
        '<meta itemprop="datePublished" content="2024-07-13T06:25:00Z">',
        json_ld({"@type": "WebPage", "datePublished": "2024-07-13T06:25:00Z"}),
    ],
)
def test_the_time_of_publication_is_read_where_markup_states_it(head: str) -> None:
    assert read(head).published_at == MORNING


@pytest.mark.parametrize(
    "body",
    [
        "<time datetime='2024-07-13T06:25:00Z'>today</time>",
        "<time datetime='2024-07-13'>13 July 2024 06:25</time>",
        "<time itemprop='dateModified' datetime='2024-07-14'>x</time><time>13 July 2024 06:25</time>",
        "<time datetime='2024-07-12'></time><time pubdate datetime='2024-07-13T06:25Z'></time>",
        "<time class='entry-date published updated' datetime='2024-07-13T06:25Z'>13 July</time>",
        "<h1>Boats</h1><p>13 July 2024, 06:25</p><ol class='comment-list'><li><time>14 July 2024</time></ol>",
        "<h1>Boats</h1><p>By Ada Lark</p><p>13 July 2024, 06:25 GMT</p>",
        "<p>13 July 2024, 06:25 GMT</p><h1>Boats</h1><p>x</p><p>11 July 2020, 06:25</p>",
    ],
)
def test_the_time_of_publication_is_read_in_the_page(body: str) -> None:
    assert read(body=body).published_at == MORNING


def test_the_address_tells_the_day_at_least() -> None:
    found = read(url="https://www.harbourpost.example/2024/07/13/boats")
    assert found.published_at == DAY
    assert _why(found) == "url is the most credible that states it"


def test_the_order_of_day_and_month_follows_the_language() -> None:
    body = "<h1>Boats</h1><p>07/08/2024</p>"
    british, american = (
        read(body=body, attributes=f'lang="{tag}"').published_at for tag in ("en-GB", "en-US")
    )
    assert british == datetime(2024, 8, 7, tzinfo=UTC)
    assert american == datetime(2024, 7, 8, tzinfo=UTC)
    assert read(body=body).published_at is None


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ("2024-07-13", "2024-07-13T06:25:00Z", "the time of day is from meta article:published_time"),
        (
            "2024-07-13T00:00:00Z",
            "2024-07-13T06:25:00Z",
            "the time of day is from meta article:published_time",
        ),
        ("2024-07-13 08:25:00", "2024-07-13T08:25:00+02:00", "the zone is from meta article:published_time"),
        ("2024-07-13T08:25:00", "2024-07-13T06:25:30Z", "the zone is from meta article:published_time"),
        ("2024-07-13T08:25:00", "2024-07-11T16:44:00+02:00", "the zone is from meta article:published_time"),
        ("2024-07-13T06:25:00", "2024-07-14", "without a zone it is taken as UTC"),
    ],
)
def test_what_one_reading_lacks_another_tells(first: str, second: str, why: str) -> None:
    found = read(_article(datePublished=first) + meta("article:published_time", second))
    assert found.published_at == MORNING
    assert _why(found).endswith(why)


def test_the_zone_of_the_last_change_is_that_of_the_publication() -> None:
    head = _article(datePublished="2024-07-13T08:25:00", dateModified="2024-07-13T09:00:00+02:00")
    assert read(head).published_at == MORNING


@pytest.mark.parametrize(
    "lie",
    [
        "1970-01-01T00:00:00Z",
        "0001-01-01T00:00:00",
        "2000-01-01",
        "1999-11-30T00:00:00",
        "2024-07-16T10:00:00Z",
    ],
)
def test_a_template_or_a_day_to_come_is_not_believed(lie: str) -> None:
    head = _article(datePublished=lie) + meta("pubdate", "2024-07-13T06:25:00Z")
    assert read(head, headers={"date": "Sat, 13 Jul 2024 12:00:00 GMT"}).published_at == MORNING


def test_the_time_of_serving_is_not_believed_where_another_day_is_stated() -> None:
    head = _article(datePublished="2026-11-20T12:00:30Z") + meta("pubdate", "2024-07-13T06:25:00Z")
    headers = {"Date": "Fri, 20 Nov 2026 12:00:31 GMT"}
    assert read(head, headers=headers).published_at == MORNING
    assert read(head).published_at == datetime(2026, 11, 20, 12, 0, 30, tzinfo=UTC)


def test_a_change_before_the_publication_is_none() -> None:
    found = read(_article(datePublished="2024-07-13T06:25:00Z", dateModified="2024-07-12T06:25:00Z"))
    assert found.modified_at is None
    assert _why(found, "modified_at") == "what is stated lies before the publication"


def test_the_last_change_is_read_in_all_its_places() -> None:
    later = datetime(2024, 7, 13, 9, 0, tzinfo=UTC)
    for head, body in (
        (_article(dateModified="2024-07-13T09:00:00Z"), ""),
        ('<meta property="og:updated_time" content="2024-07-13T09:00:00Z">', ""),
        ("", "<time class='updated' datetime='2024-07-13T09:00:00Z'></time>"),
    ):
        assert read(head, body).modified_at == later


def test_what_a_page_tells_its_analytics_tells_the_time_of_a_day() -> None:
    script = '<script>dataLayer = [{"publishedAt": "2024-07-13T06:25:00Z"}]</script>'
    assert read(script).published_at == MORNING
    assert read(script + meta("date", "2024-07-13")).published_at == MORNING
    assert read(script + meta("date", "2024-07-10")).published_at == datetime(2024, 7, 10, tzinfo=UTC)
    state = script.replace("</script>", " " * 40_000 + "</script>")
    assert read(state).published_at is None
    assert read(state + meta("date", "2024-07-13")).published_at == MORNING
    escaped = '<script>push("{\\"publishDate\\":\\"2024-07-13T06:25:00Z\\"}")</script>'
    assert read(escaped).published_at == MORNING


def test_in_the_state_of_a_site_the_time_nearest_to_the_headline_is_the_articles() -> None:
    title = meta("og:title", "Boats leave the strait")
    others = '{"headline": "Another headline", "createdAt": "2024-07-01T06:25:00Z"}, ' * 400
    state = others + '{"headline": "Boats leave the strait", "regDt": "2024-07-13T06:25:00Z"}, ' + others
    assert read(f"{title}<script>state = [{state}]</script>").published_at == MORNING
    assert (
        read(f"{meta('og:title', 'Boats come home')}<script>state = [{state}]</script>").published_at is None
    )


# ---------------------------------------------------------------------------------- beside the feed


def test_the_feed_tells_the_time_of_a_day() -> None:
    found = with_entry(read(_article(datePublished="2024-07-13")), published_at=MORNING)
    assert found.published_at == MORNING
    assert "the time of day is from feed" in _why(found)


def test_the_feed_tells_the_zone_of_a_time() -> None:
    found = with_entry(read(_article(datePublished="2024-07-13T08:25:00")), published_at=MORNING)
    assert found.published_at == MORNING
    assert "the zone is from feed" in _why(found)


def test_markup_goes_before_the_feed_and_the_feed_before_what_is_seen() -> None:
    other = datetime(2024, 7, 10, 1, 2, tzinfo=UTC)
    assert (
        with_entry(read(_article(datePublished="2024-07-13T06:25:00Z")), published_at=other).published_at
        == MORNING
    )
    seen = read(body="<h1>Boats</h1><p>13 July 2024</p>")
    assert with_entry(seen, published_at=other).published_at == other


def test_the_feed_fills_what_the_page_leaves_open() -> None:
    found = with_entry(read(), published_at=MORNING, updated_at=MORNING)
    assert (found.published_at, found.modified_at) == (MORNING, MORNING)


def test_a_thousand_times_are_read_within_bounds() -> None:
    body = "<time datetime='2024-07-13T06:25Z'>x</time>" * 20_000
    assert len(declared(body=body).times) <= 4_000
    assert read(body=body).published_at == MORNING


def test_a_midnight_with_its_zone_is_not_overruled_by_what_stands_in_the_page() -> None:
    head = _article(datePublished="2024-07-13T00:00:00+02:00")
    seen = "<h1>Boats</h1><p>13 July 2024, 06:25</p><time datetime='2024-07-13T06:25:00Z'></time>"
    assert read(head, seen).published_at == datetime(2024, 7, 12, 22, tzinfo=UTC)
    told = meta("article:published_time", "2024-07-13T06:25:00Z")
    assert read(head + told, seen).published_at == MORNING


def test_the_time_is_read_in_every_object_of_the_article() -> None:
    article = {"@type": "NewsArticle", "headline": "Boats"}
    twins = json_ld([article, article | {"datePublished": "2024-07-13T06:25:00Z"}])
    assert read(twins).published_at == MORNING
    others = json_ld([article, article | {"headline": "Nets", "datePublished": "2024-07-13T06:25:00Z"}])
    assert read(others).published_at is None


def test_a_thing_of_another_name_says_little_of_the_page() -> None:
    clip = {"@type": "VideoObject", "name": "Trains", "uploadDate": "2024-07-11T06:20:00Z"}
    body = "<h1>Boats</h1><time datetime='2024-07-13T06:25:00Z'></time>"
    assert read(json_ld(clip), body).published_at == MORNING
    assert read(json_ld(clip), "<h1>Boats</h1>").published_at == datetime(2024, 7, 11, 6, 20, tzinfo=UTC)
    assert read(json_ld(clip), body.replace("Boats", "Trains")).published_at == datetime(
        2024, 7, 11, 6, 20, tzinfo=UTC
    )


def test_a_live_blog_is_published_when_it_begins() -> None:
    live = {"@type": "LiveBlogPosting", "headline": "Boats", "coverageStartTime": "2024-07-13T06:25:00Z"}
    assert read(json_ld(live)).published_at == MORNING


def test_a_date_that_repeats_the_last_change_gives_way_to_an_earlier_one() -> None:
    later = "2024-07-15T06:20:00Z"
    head = meta("date", later) + meta("last-modified", later)
    marked = "<h1>Boats</h1><time itemprop='datePublished' datetime='2024-07-13T06:25:00Z'></time>"
    assert read(head, marked).published_at == MORNING
    assert read(head).published_at == datetime(2024, 7, 15, 6, 20, tzinfo=UTC)
    assert read(meta("pubdate", later) + head, marked).published_at == datetime(
        2024, 7, 15, 6, 20, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "body",
    [
        "<p class=x><time datetime='2024-07-15T06:20:00Z'></time></p><h1>Boats</h1>{}",
        "<h1>Boats</h1><aside><p>Trains <time datetime='2024-07-15T06:20:00Z'></time></p></aside>{}",
        "<h1>Boats</h1><div class=related><p>T <time datetime='2024-07-15T06:20:00Z'></time></p></div>{}",
        "<h1>Boats</h1><p>Updated <time datetime='2024-07-15T06:20:00Z'>15 July</time></p>{}",
        "<h1>Boats</h1><p><b>Aktualisiert:</b> <time datetime='2024-07-15T06:20:00Z'>15.</time></p>{}",
    ],
)
def test_of_several_times_that_below_the_headline_is_the_pages(body: str) -> None:
    time = "<p>13 July <time datetime='2024-07-13T06:25:00Z'></time></p><p>Boats.</p>"
    assert read(body=body.format(time)).published_at == MORNING


@pytest.mark.parametrize(
    "line",
    [
        "Updated: 15 July 2024, 06:20 | Published: 13 July 2024, 06:25",
        "13 July 2024, 06:25 (updated 15 July 2024, 06:20)",
        "Last updated on 15 July 2024 at 06:20</p><p>First published on 13 July 2024 at 06:25",
        "Stand: 15.07.2024, 06:20 Uhr</p><p>Erstellt: 13.07.2024, 06:25 Uhr",
        "Обновлено 15.07.2024, 06:20</p><p>13.07.2024, 06:25",
        "수정 2024.07.15 06:20 입력 2024.07.13 06:25",
    ],
)
def test_of_the_dates_that_readers_see_that_of_a_change_is_not_the_publication(line: str) -> None:
    assert read(body=f"<h1>Boats</h1><p>{line}</p>").published_at == MORNING


def test_where_readers_see_only_a_change_its_date_is_the_pages() -> None:
    for date in ("13 July 2024, 06:25", "<time datetime='2024-07-13T06:25:00Z'>13 July</time>"):
        assert read(body=f"<h1>Boats</h1><p>Updated: {date}</p>").published_at == MORNING


def test_the_marked_time_is_found_behind_the_many_of_a_menu() -> None:
    menu = "<ul>" + "<li><time datetime='2024-07-20'>20 July 2024</time></li>" * 30 + "</ul>"
    body = f"{menu}<h1>Boats</h1><time itemprop='datePublished' datetime='2024-07-13T06:25:00Z'></time>"
    assert read(body=body).published_at == datetime(2024, 7, 13, 6, 25, tzinfo=UTC)


def test_a_date_in_a_table_of_facts_is_not_that_of_the_page() -> None:
    table = "<h1>Boats</h1><table><tr><th>{}</th><td>13 July 1998</td></tr></table>"
    assert read(body=table.format("Founded")).published_at is None
    assert read(body=table.format("Date of issue")).published_at == datetime(1998, 7, 13, tzinfo=UTC)
