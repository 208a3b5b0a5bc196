"""What frameworks carry of an article beside its text: times, authors, headline."""

import json
from datetime import UTC, datetime
from html import escape

import pytest

from ingestd.clean.metadata import Metadata
from tests.clean.declarations import PROSE, meta, read

URL = "https://www.harbourpost.example/news/boats-come-home-late"
TITLE = "Boats come home late again"
MORNING = datetime(2024, 7, 13, 6, 25, tzinfo=UTC)
EPOCH = int(MORNING.timestamp())
TEXT = f"<p>{PROSE}</p>" * 9
# Of longer scripts only the object of the article is believed.
SPACE = " " * 40_000
OTHERS = [
    {"title": f"Other news {n}", "publishedAt": "2020-01-01T10:00:00Z", "author": {"name": "Jon Tern"}}
    for n in range(3)
]


def _read(head: str, body: str = "<div id=app></div>") -> Metadata:
    return read(f"<title>{TITLE} | Harbour Post</title>{head}", body, url=URL)


def _script(value: object, before: str = "__STATE__ = ") -> str:
    return f"<script>{before}{json.dumps(value)}; space = '{SPACE}'</script>"


def _data(value: object) -> str:
    spaced = [*value, SPACE] if isinstance(value, list) else {"state": value, "space": SPACE}
    return f'<script type="application/json">{json.dumps(spaced)}</script>'


def _pushed(row: str) -> str:
    opening = "<script>(self.__next_f=self.__next_f||[]).push([0])</script>"
    return f"{opening}<script>self.__next_f.push([1,{json.dumps(row)}])</script>"


NEXT = {
    "props": {
        "site": {"name": "Post", "createdAt": "2011-01-01T10:00:00Z"},
        "article": {"title": TITLE, "publishedAt": "2024-07-13T06:25:00Z", "authors": [{"name": "Ada Lark"}]},
        "latest": OTHERS,
        "others": OTHERS,
    }
}
ARC = {
    "created_date": "2024-07-11T09:00:00Z",
    "display_date": "2024-07-13T06:25:00Z",
    "headlines": {"basic": TITLE},
    "credits": {
        "by": [{"type": "author", "name": "Ada Lark"}],
        "photos_by": [{"type": "photographer", "name": "Jon Tern"}],
    },
    "related_content": {"basic": OTHERS},
}
APOLLO = {
    "Article:1": {"title": TITLE, 'published({"f":1})': EPOCH * 1000, "authors": [{"__ref": "Author:2"}]},
    "Author:2": {"name": "Ada Lark", "createdAt": "2011-01-01T10:00:00Z"},
    "Article:9": OTHERS[0],
}
API = {
    "data": {
        "attributes": {"title": TITLE, "created": "2024-07-13T06:25:00+00:00", "changed": "2024-07-14"},
        "relationships": {"field_author": {"data": [{"attributes": {"name": "Ada Lark"}}]}},
    }
}
CLIENT = {
    "content": {
        "headline": TITLE,
        "meta": {
            "datePublished": EPOCH,
            "contributors": [
                {"role": "Photographer", "name": "Jon Tern"},
                {"role": "Writer", "firstName": "Ada", "lastName": "Lark"},
            ],
        },
    }
}
FLAT = [
    {"title": 1, "date": 2, "author": 3, "body": 5},
    TITLE,
    ["Date", "2024-07-13T06:25:00.000Z"],
    {"name": 4},
    "Ada Lark",
    TEXT,
]
ADDRESSED = {
    "path": "/news/boats-come-home-late",
    "fecha_publicacion": "13/07/2024 06:25",
    "autores": "Ada Lark",
}


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(_data(NEXT), id="next"),
        pytest.param(_script(ARC, "Fusion.globalContent="), id="arc"),
        pytest.param(_script(APOLLO), id="apollo"),
        pytest.param(_data(json.dumps(CLIENT) + SPACE), id="json in a string"),
        pytest.param(_data(API), id="an answer of an interface"),
        pytest.param(_data(FLAT), id="flat"),
        pytest.param(_data({"page": ADDRESSED, "more": OTHERS}), id="by its address"),
        pytest.param(
            _pushed(
                f'0:["$","main",null,{{"post":{{"title":"{TITLE}","publishDate":"$D2024-07-13T06:25:00Z",'
                f'"byline":"By Ada Lark"}}}}]\n'
            ),
            id="flight",
        ),
        pytest.param(
            f'<script>start({{post: {{title: "{TITLE}", published: new Date({EPOCH}000), '
            f'author: "Ada Lark", text: "{PROSE * 400}"}}}})</script>',
            id="literals",
        ),
    ],
)
def test_times_and_authors_are_those_of_the_object_with_the_headline(page: str) -> None:
    found = _read(page)
    assert (found.title, found.authors, found.published_at) == (TITLE, ("Ada Lark",), MORNING)
    assert {"state"} == {one.source for read in found.readings[1:3] for one in read.readings}


def test_attributes_are_read_as_well() -> None:
    props = escape(json.dumps({"post": {"title": TITLE, "publishedAt": EPOCH, "text": TEXT * 9}}))
    assert _read("", f'<div id="app" data-page="{props}"></div>').published_at == MORNING


def test_a_change_is_read_beside_the_publication() -> None:
    assert _read(_data(API)).modified_at == datetime(2024, 7, 14, tzinfo=UTC)


def test_of_a_page_without_a_headline_the_objects_title_is_taken() -> None:
    state = _data({"page": {"url": URL, "title": "Boats at sea", "text": TEXT}})
    assert read(f"<title>Harbour Post</title>{state}", "<div></div>", url=URL).title == "Boats at sea"


@pytest.mark.parametrize(
    "facts",
    [
        {"art_regdt": "20240713092500", "last_upd_dt": "20240714101500"},
        {"firstServiceDateTime": "2024-07-13 09:25:00", "viewEndDate": "2034-07-13 09:25:00"},
        {"k1": "2024.07.13 09:25", "k2": "2024.07.14 10:15", "k3": "2024"},
    ],
    ids=["short names", "names of a service", "names that tell nothing"],
)
def test_times_under_short_and_unknown_names(facts: dict[str, str]) -> None:
    found = _read(_data({"detail": {"title": TITLE, "body": TEXT, **facts}}))
    assert found.published_at is not None
    assert found.published_at.isoformat().startswith("2024-07-13T09:25")


@pytest.mark.parametrize(
    "state",
    [
        {"latest": [{"title": TITLE, "publishedAt": EPOCH}], "build": {"createdAt": EPOCH}},
        {"lists": OTHERS},
        {"article": {"title": TITLE, "author": None}, "story": OTHERS[0], "user": {"createdAt": EPOCH}},
        {
            "article": {
                "title": TITLE,
                "image": {"createdAt": EPOCH, "author": "Jon Tern"},
                "isPublished": True,
            }
        },
    ],
)
def test_nothing_is_read_of_other_objects(state: object) -> None:
    found = _read(_data(state))
    assert (found.authors, found.published_at) == ((), None)


def test_the_pages_own_word_goes_first() -> None:
    said = meta("article:published_time", "2024-07-10T09:00:00Z") + meta("author", "Mona Gull")
    found = _read(_data(NEXT) + said)
    assert (found.authors, found.published_at) == (("Mona Gull",), datetime(2024, 7, 10, 9, tzinfo=UTC))


def test_a_page_with_text_is_looked_through_only_where_a_script_has_its_headline() -> None:
    elsewhere = {"page": {"url": URL, "publishedAt": EPOCH}}
    assert _read(_data(elsewhere)).published_at == MORNING
    assert _read(_data(elsewhere), TEXT).published_at is None
    assert _read(_data(NEXT), TEXT).published_at == MORNING
