from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ingestd.errors import UsageError
from ingestd.matching import matching
from ingestd.model import (
    Article,
    Completeness,
    Image,
    Link,
    PageOutcome,
    Paragraph,
    ParagraphKind,
    Rights,
    TextSource,
)
from ingestd.store import articles, clusters, entries
from ingestd.store.articles import Filter
from ingestd.store.content import article_of
from ingestd.store.database import Database, Settings
from ingestd.store.schema import article, event, page, raw, revision
from tests.store.samples import (
    ALL_POSTINGS,
    NOW,
    add_entries,
    add_feed,
    add_page,
    article_at,
    collected,
    count,
    item,
    page_id_of,
    page_of,
    settle,
    words,
)

URL = "https://paper.example/1"
OTHER = "https://other.example/1"
TEXT, SECOND = words(1), words(2)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def connection(database: Database) -> Iterator[sa.Connection]:
    with database.writing() as opened:
        yield opened


def kinds(connection: sa.Connection) -> list[str]:
    return list(connection.scalars(sa.select(event.c.kind).order_by(event.c.id)))


# ------------------------------------------------------------------------------- settling


def test_a_new_text_is_an_article_with_a_first_revision(connection: sa.Connection) -> None:
    assert settle(connection, URL, TEXT, lead="A lead", agency="AFP", language="de", raw=b"zstd") == "new"
    row = articles.find(connection, URL)
    assert (row.number, row.title, row.lead, row.body, row.site) == (
        1,
        "A headline",
        "A lead",
        TEXT,
        "paper.example",
    )
    assert (row.agency, row.agency_evidence, row.language, row.source) == ("AFP", "byline", "de", "page")
    assert row.word_count == len(TEXT.split()) + 2
    kept = connection.execute(sa.select(raw)).one()
    assert (kept.content_type, kept.zstd, kept.body_bytes) == ("text/html", b"zstd", 4)
    done = page_of(connection, URL)
    assert (done.state, done.outcome, done.article_id, done.fetched_at) == ("done", "new", row.id, NOW)
    assert kinds(connection) == ["new"]


def test_the_same_text_elsewhere_is_a_copy(connection: sa.Connection) -> None:
    settle(connection, URL, TEXT)
    assert settle(connection, OTHER, TEXT) is PageOutcome.COPY
    told = connection.execute(sa.select(event).where(event.c.kind == "copy")).one()
    assert told.data == {"matched": article_at(connection, URL), "containment": 1.0}
    cluster = clusters.cluster_of(connection, article_at(connection, OTHER))
    assert cluster is not None
    assert told.cluster_id == cluster.id


def test_the_same_text_again_is_unchanged(connection: sa.Connection) -> None:
    settle(connection, URL, TEXT)
    assert settle(connection, URL, TEXT, at=LATER) is PageOutcome.UNCHANGED
    assert count(connection, revision) == 1
    assert page_of(connection, URL).fetched_at == LATER
    assert kinds(connection) == ["new"]


# What is told of an article in its first reading, and what the next one tells of the same text.
FIRST = Article(
    authors=("Jane Roe",),
    tags=("ferry",),
    section="Local",
    rights=Rights("CC BY", tdm_reserved=True),
    images=(Image("https://a.example/1.jpg"),),
    source=TextSource.PAGE,
)


def reading(connection: sa.Connection, told: Article, text: str = TEXT, **values: Any) -> PageOutcome:
    """Bring the page at `URL` in with that text, and with what is told of it."""
    one = collected(add_page(connection, URL), URL, text, at=LATER)
    content = tuple(map(Paragraph, text.split("\n\n")))
    article = replace(told, content=content, title="A headline", **values)
    return articles.settle(connection, replace(one, article=article), matching())


def test_what_is_told_of_the_same_text_is_no_revision_but_is_taken_up(connection: sa.Connection) -> None:
    reading(connection, FIRST)
    told = Article(authors=("John Doe",), section="Isles", modified_at=LATER, extractor="trafilatura")
    assert reading(connection, told) is PageOutcome.UNCHANGED
    [state] = articles.revisions(connection, article_at(connection, URL))
    assert (state.authors, state.section, state.modified_at) == (["John Doe"], "Isles", LATER)
    assert state.extractor == "trafilatura"
    # What is no longer said stays, but for rights and for what stands in the text.
    assert (state.tags, state.licence, state.tdm_reserved, state.images) == (["ferry"], None, None, [])
    assert state.number == 1
    assert kinds(connection) == ["new"]


def test_kinds_and_links_are_taken_up_with_the_same_words(connection: sa.Connection) -> None:
    text = f"What it costs\n\n{TEXT}"
    reading(connection, FIRST, text)
    heading = Paragraph("What it costs", ParagraphKind.HEADING, 2)
    content = (heading, Paragraph(TEXT, links=(Link(0, 3, "https://a.example/"),)))
    one = collected(add_page(connection, URL), URL, text)
    again = replace(one, article=replace(FIRST, content=content, title="A headline"))
    assert articles.settle(connection, again, matching()) is PageOutcome.UNCHANGED
    [state] = articles.revisions(connection, article_at(connection, URL))
    assert article_of(state).content == content


def test_a_lead_that_moves_into_the_text_leaves_it_as_it_is(connection: sa.Connection) -> None:
    reading(connection, FIRST, lead="A lead")
    moved = f"A lead\n\n{TEXT}"
    assert reading(connection, FIRST, moved, extractor="trafilatura") is PageOutcome.UNCHANGED
    [state] = articles.revisions(connection, article_at(connection, URL))
    assert (state.lead, state.body, state.extractor) == ("A lead", TEXT, "own")


def test_a_feeds_word_does_not_replace_a_pages(connection: sa.Connection) -> None:
    reading(connection, FIRST)
    assert reading(connection, Article(section="Feed", source=TextSource.FEED)) is PageOutcome.UNCHANGED
    [state] = articles.revisions(connection, article_at(connection, URL))
    assert (state.section, state.source, state.licence) == ("Local", "page", "CC BY")


def test_the_same_reading_again_writes_nothing(connection: sa.Connection) -> None:
    written: list[str] = []
    reading(connection, FIRST)
    sa.event.listen(connection, "before_cursor_execute", lambda *given: written.append(given[2]), named=False)
    reading(connection, FIRST)
    assert not [statement for statement in written if statement.startswith("UPDATE revision")]
    assert written


@pytest.mark.parametrize("part", [Completeness.TEASER, Completeness.SUMMARY])
def test_a_part_never_follows_the_whole(connection: sa.Connection, part: Completeness) -> None:
    reading(connection, FIRST)
    shorter = " ".join(TEXT.split()[:60])
    assert reading(connection, FIRST, shorter, completeness=part) is PageOutcome.UNCHANGED
    assert articles.find(connection, URL).body == TEXT
    # A text that was cut by its publisher says of itself that it is whole.
    assert reading(connection, FIRST, shorter) is PageOutcome.REVISED
    # A part follows a part, and the whole a part.
    assert reading(connection, FIRST, SECOND, completeness=part) is PageOutcome.REVISED
    assert reading(connection, FIRST, shorter, completeness=part) is PageOutcome.REVISED
    assert reading(connection, FIRST) is PageOutcome.REVISED


@pytest.mark.parametrize("change", [{"title": "Another"}, {"lead": "A lead"}, {"text": SECOND}])
def test_a_changed_text_is_a_revision(connection: sa.Connection, change: dict[str, str]) -> None:
    settle(connection, URL, TEXT)
    given = {"text": TEXT, **change}
    assert settle(connection, URL, given.pop("text"), at=LATER, **given) is PageOutcome.REVISED
    states = articles.revisions(connection, article_at(connection, URL))
    assert [state.number for state in states] == [1, 2]
    assert articles.find(connection, URL).number == 2
    assert kinds(connection) == ["new", "revised"]
    cluster = clusters.cluster_of(connection, article_at(connection, URL))
    assert cluster is not None
    assert (cluster.size, cluster.active_at) == (1, LATER)


def test_a_text_that_goes_back_is_a_revision_too(connection: sa.Connection) -> None:
    for text in (TEXT, SECOND, TEXT):
        settle(connection, URL, text)
    bodies = [state.body for state in articles.revisions(connection, article_at(connection, URL))]
    assert bodies == [TEXT, SECOND, TEXT]


def test_an_article_never_matches_its_own_earlier_text(connection: sa.Connection) -> None:
    settle(connection, URL, TEXT)
    assert settle(connection, URL, TEXT + " " + words(3, 40)) is PageOutcome.REVISED
    assert len(clusters.listing(connection, at_least=1)) == 1


def test_another_address_of_an_article_is_only_a_sighting(connection: sa.Connection) -> None:
    settle(connection, URL, TEXT)
    short = "https://short.example/x"
    redirected = collected(add_page(connection, short), URL, SECOND)
    assert articles.settle(connection, redirected, matching()) is PageOutcome.SAME_ARTICLE
    assert count(connection, article) == count(connection, revision) == 1
    assert (
        page_of(connection, short).article_id == article_at(connection, URL) == article_at(connection, short)
    )


def test_a_page_stays_with_its_article_wherever_it_leads_later(connection: sa.Connection) -> None:
    settle(connection, URL, TEXT)
    moved = collected(add_page(connection, URL), "https://paper.example/moved", SECOND)
    assert articles.settle(connection, moved, matching()) is PageOutcome.REVISED
    assert count(connection, article) == 1


def test_a_revision_that_becomes_a_copy_joins_the_others(connection: sa.Connection) -> None:
    settle(connection, OTHER, TEXT)
    settle(connection, URL, SECOND)
    assert settle(connection, URL, TEXT) is PageOutcome.REVISED
    (row,) = clusters.listing(connection, at_least=1)
    assert [one.url for one in clusters.members(connection, row.id)] == [OTHER, URL]
    assert kinds(connection) == ["new", "new", "joined", "revised"]


def test_a_revised_member_of_a_larger_cluster_goes_where_its_new_text_is(connection: sa.Connection) -> None:
    third = "https://third.example/"
    settle(connection, third, SECOND)
    for url in (URL, OTHER, "https://fourth.example/"):
        settle(connection, url, TEXT)
    assert settle(connection, URL, SECOND, at=LATER) is PageOutcome.REVISED
    joined, left = (clusters.cluster_of(connection, article_at(connection, url)) for url in (URL, OTHER))
    assert joined is not None
    assert left is not None
    assert [one.url for one in clusters.members(connection, joined.id)] == [third, URL]
    assert (joined.active_at, left.active_at, left.size) == (LATER, NOW, 2)
    assert left.canonical_id == article_at(connection, OTHER)
    told = connection.execute(sa.select(event).where(event.c.kind == "split")).one()
    moved = {"from": left.id, "articles": [article_at(connection, URL)], "by": "machine"}
    assert (told.cluster_id, told.data) == (joined.id, moved)
    assert kinds(connection)[-3:] == ["split", "canonical-changed", "revised"]


def test_what_was_rolled_back_is_settled_again_as_for_the_first_time(connection: sa.Connection) -> None:
    settle(connection, OTHER, TEXT)
    undone = connection.begin_nested()
    assert settle(connection, URL, TEXT) is PageOutcome.COPY
    undone.rollback()
    (row,) = clusters.listing(connection, at_least=1)
    assert row.size == 1
    assert settle(connection, "https://third.example/", SECOND) is PageOutcome.NEW
    assert settle(connection, URL, TEXT) is PageOutcome.COPY
    (row,) = clusters.listing(connection)
    assert [one.url for one in clusters.members(connection, row.id)] == [OTHER, URL]
    assert kinds(connection) == ["new", "new", "copy"]


def test_an_address_of_any_length_can_be_settled_and_found(connection: sa.Connection) -> None:
    letters = "".join(chr(97 + n * n % 26) + str(n * 7919 % 9973) for n in range(3000))
    long = f"https://paper.example/{letters}"
    entries.queue_urls(connection, [long], "batch", NOW)
    page_id = connection.scalars(sa.select(page.c.id)).one()
    assert articles.settle(connection, collected(page_id, long, TEXT), matching()) is PageOutcome.NEW
    assert articles.find(connection, long).url == long
    assert articles.forget(connection, long, NOW, matching()) == 1


def test_text_that_cannot_be_stored_is_settled_without_it(connection: sa.Connection) -> None:
    assert settle(connection, URL, "a\x00b\ud800 " + TEXT) is PageOutcome.NEW
    assert articles.find(connection, URL).body == "ab " + TEXT


# ------------------------------------------------------------------------------- listing


def listed(connection: sa.Connection, **wanted: object) -> list[str]:
    return [row.url for row in articles.listing(connection, Filter(**wanted))]  # type: ignore[arg-type]


@pytest.fixture
def library(connection: sa.Connection) -> None:
    row = add_feed(connection, "feed")
    add_entries(connection, row, item("1", url=URL))
    settle(connection, URL, "Snow: 100% of roads_closed " + TEXT, title="Überall SCHNEE", language="de-AT")
    settle(connection, OTHER, SECOND, agency="AFP", language="EN", lead="Of snow", at=LATER)


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, [OTHER, URL]),
        ({"limit": 1}, [OTHER]),
        ({"since": LATER}, [OTHER]),
        ({"feed": "feed"}, [URL]),
        ({"feed": "none"}, []),
        ({"agency": "afp"}, [OTHER]),
        ({"language": "DE"}, [URL]),
        ({"language": "de-at"}, [URL]),
        ({"language": "d"}, []),
        ({"language": "%"}, []),
        ({"words": ("SNOW",)}, [OTHER, URL]),
        ({"words": ("snow", "roads")}, [URL]),
        ({"words": ("überall schnee",)}, [URL]),
        ({"words": ("100%",)}, [URL]),
        ({"words": ("s%d",)}, []),
        ({"words": ("roads_closed",)}, [URL]),
        ({"words": ("roads__losed",)}, []),
    ],
)
def test_articles_are_listed_as_asked_for(
    connection: sa.Connection, wanted: dict[str, object], found: list[str]
) -> None:
    assert listed(connection, **wanted) == found


@pytest.mark.usefixtures("library")
def test_a_word_of_an_earlier_text_finds_nothing(connection: sa.Connection) -> None:
    settle(connection, OTHER, SECOND, lead="Of rain")
    assert listed(connection, words=("of snow",)) == []


@pytest.mark.usefixtures("library")
def test_an_article_is_found_by_number_and_by_any_of_its_addresses(connection: sa.Connection) -> None:
    number = article_at(connection, URL)
    for name in (str(number), URL, "http://www.paper.example/1/?utm_source=x"):
        assert articles.find(connection, name).id == number
    for name in ("0", "9" * 30, "https://paper.example/none", "nonsense"):
        with pytest.raises(UsageError):
            articles.find(connection, name)


@pytest.mark.usefixtures("library")
def test_what_there_is_is_counted(connection: sa.Connection) -> None:
    settle(connection, "https://third.example/", SECOND)
    settle(connection, URL, words(9))
    assert articles.counts(connection) == {"articles": 3, "revisions": 4, "clusters": 1}


@pytest.mark.usefixtures("library")
def test_sightings_name_the_feeds(connection: sa.Connection) -> None:
    (one,) = articles.sightings(connection, article_at(connection, URL))
    assert (one["feed"], one["first_seen_at"]) == ("feed", NOW)
    assert articles.sightings(connection, article_at(connection, OTHER)) == []


# ------------------------------------------------------------------------------- taking down


def test_what_is_forgotten_is_gone_with_every_revision(connection: sa.Connection) -> None:
    for text in (TEXT, SECOND):
        settle(connection, URL, text, raw=b"zstd")
    settle(connection, OTHER, words(3), raw=b"zstd")
    number = article_at(connection, URL)
    assert articles.forget(connection, URL, LATER, matching()) == 2
    assert (count(connection, revision), count(connection, raw)) == (1, 1)
    kept = clusters.cluster_of(connection, article_at(connection, OTHER))
    assert kept is not None
    assert set(connection.scalars(sa.select(ALL_POSTINGS.c.cluster_id))) == {kept.id}
    with pytest.raises(UsageError):
        articles.find(connection, URL)
    assert listed(connection) == [OTHER]
    told = connection.execute(sa.select(event).where(event.c.kind == "withdrawn")).one()
    assert (told.article_id, told.at, told.data) == (number, LATER, {"revisions": 2})


def test_an_article_is_forgotten_by_its_number(connection: sa.Connection) -> None:
    settle(connection, URL, TEXT)
    assert articles.forget(connection, str(article_at(connection, URL)), NOW, matching()) == 1
    assert page_of(connection, URL).state == "forgotten"
    assert settle(connection, URL, TEXT) is PageOutcome.NOT_ARTICLE


@pytest.mark.parametrize("name", ["7", "nonsense", "ftp://paper.example/1", ""])
def test_what_names_nothing_is_refused(connection: sa.Connection, name: str) -> None:
    with pytest.raises(UsageError):
        articles.forget(connection, name, NOW, matching())
    assert count(connection, page) == 0


def test_forgetting_again_removes_nothing_more(connection: sa.Connection) -> None:
    settle(connection, URL, TEXT)
    assert [articles.forget(connection, URL, NOW, matching()) for _ in range(2)] == [1, 0]
    assert kinds(connection).count("withdrawn") == 1


def test_the_feeds_own_copies_go_too(connection: sa.Connection) -> None:
    row = add_feed(connection)
    add_entries(connection, row, item("1", url=URL, title="secret", content_html="secret"))
    settle(connection, URL, TEXT)
    articles.forget(connection, URL, NOW, matching())
    assert [one["title"] for one in entries.sightings(connection, [page_id_of(connection, URL)])] == [None]


def test_a_forgotten_article_never_returns_under_any_of_its_addresses(connection: sa.Connection) -> None:
    short = "https://short.example/x"
    settle(connection, URL, TEXT)
    articles.settle(connection, collected(add_page(connection, short), URL, TEXT), matching())
    articles.forget(connection, short, NOW, matching())
    for url in (URL, short):
        assert settle(connection, url, TEXT) is PageOutcome.NOT_ARTICLE
        assert page_of(connection, url).state == "forgotten"
    third = "https://third.example/leads-there"
    again = collected(add_page(connection, third), URL, TEXT)
    assert articles.settle(connection, again, matching()) is PageOutcome.NOT_ARTICLE
    assert page_of(connection, third).state == "forgotten"
    assert count(connection, revision) == 0


def test_an_address_that_was_never_seen_gets_a_tombstone(connection: sa.Connection) -> None:
    assert articles.forget(connection, URL, NOW, matching()) == 0
    assert settle(connection, URL, TEXT) is PageOutcome.NOT_ARTICLE
    assert count(connection, article) == 0


def test_other_outlets_copies_stay_and_inherit_the_cluster(connection: sa.Connection) -> None:
    for url in (URL, OTHER, "https://third.example/"):
        settle(connection, url, TEXT)
    articles.forget(connection, URL, LATER, matching())
    (row,) = clusters.listing(connection)
    assert (row.size, row.canonical_id) == (2, article_at(connection, OTHER))
    assert kinds(connection)[-2:] == ["canonical-changed", "withdrawn"]


@pytest.mark.parametrize("journal", ["closed", "another process reads"])
def test_nothing_of_a_forgotten_text_is_left_in_the_file(sqlite_url: str, journal: str) -> None:
    database = Database(Settings(sqlite_url))
    marker = "unmistakable"
    with database.writing() as connection:
        row = add_feed(connection)
        told = item("1", url=URL, title=marker, summary_html=marker, content_html=marker * 2000)
        add_entries(connection, row, told)
        text = f"{marker} {TEXT} " * 200
        settle(connection, URL, text, title=marker, lead=marker, raw=marker.encode() * 999)
    other = Database(Settings(sqlite_url))
    with other.reading() as reader:
        assert count(reader, article) == 1
    with database.writing() as connection:
        articles.forget(connection, URL, NOW, matching())
    if journal == "closed":
        other.close()
    database.close()
    file = Path(str(database.url.database))
    left = [path for path in file.parent.glob(f"{file.name}*") if marker.encode() in path.read_bytes()]
    other.close()
    assert left == []
