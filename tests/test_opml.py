"""Subscription lists come in whole, whatever wrote them, and go out so that they come back the same."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestd.opml import MAX_FOLDERS, OpmlFeed, read_opml, write_opml

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)

LIST = """<?xml version="1.0" encoding="{encoding}"?>
<opml version="2.0">
  <head><title>Мої стрічки</title></head>
  <body>
    <outline text="Новини &amp; більше">
      <outline text="Europe" title="ignored">
        <outline type="rss" text="Вісник" title="other" xmlUrl="https://a.example/f?x=1&amp;y=2"
                 htmlUrl="https://a.example/" category="/Boston/Weather, sports"/>
      </outline>
      <outline title="Only a title" xmlUrl="http://b.example/feed"/>
    </outline>
    <outline text="A link" type="link" url="https://c.example/list.opml"/>
    <outline text="An empty folder"/>
  </body>
</opml>
"""


def read(text: str) -> list[tuple[str, tuple[str, ...]]]:
    result = read_opml(text.encode(), "list.opml")
    assert result.problems == ()
    return [(feed.url, feed.tags) for feed in result.feeds]


def wrapped(outlines: str) -> str:
    return f"<opml version='1.0'><body>{outlines}</body></opml>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251", "koi8-u", "iso-8859-5"])
def test_feeds_are_read_in_any_encoding(encoding: str) -> None:
    declared = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    result = read_opml(LIST.format(encoding=declared).encode(encoding), "list.opml")
    assert result.problems == ()
    assert result.feeds == (
        OpmlFeed(
            "https://a.example/f?x=1&y=2",
            "Вісник",
            ("Новини & більше", "Europe", "Boston", "Weather", "sports"),
            "https://a.example/",
            7,
        ),
        OpmlFeed("http://b.example/feed", "Only a title", ("Новини & більше",), None, 10),
    )


@pytest.mark.parametrize(
    ("data", "declared"),
    [
        (LIST.encode(), "utf-16"),
        (LIST.encode("utf-16-le"), "utf-16"),
        (LIST.encode("utf-16-be"), "utf-8"),
        (LIST.encode(), "no-such-charset"),
        (LIST.encode(), "utf-7"),
        (LIST.encode(), "punycode"),
        (LIST.encode(), "hex"),
    ],
)
def test_declaration_that_is_wrong_does_not_garble(data: bytes, declared: str) -> None:
    utf16 = b"\0" in data
    placeholder = (
        "{encoding}".encode("utf-16-le" if data[:1] == b"<" else "utf-16-be") if utf16 else b"{encoding}"
    )
    codec = ("utf-16-le" if data[:1] == b"<" else "utf-16-be") if utf16 else "ascii"
    result = read_opml(data.replace(placeholder, declared.encode(codec)), "list.opml")
    assert result.problems == ()
    assert result.feeds[0].title == "Вісник"


@pytest.mark.parametrize("declared", ["utf-7", "unicode_escape", "raw-unicode-escape", "punycode", "idna"])
def test_codec_that_is_no_charset_is_not_used(declared: str) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>'
    data = head + wrapped(r'<outline text="+AEE- \u0041" xmlUrl="http://a.example/"/>')
    assert read_opml(data.encode(), "x").feeds[0].title == r"+AEE- \u0041"


def test_latin_1_without_a_declaration_is_read() -> None:
    data = wrapped('<outline text="Zürich" xmlUrl="http://a.example/"/>').encode("latin-1")
    assert read_opml(data, "x").feeds[0].title == "Zürich"


def test_feed_in_several_folders_is_one_feed_with_all_tags() -> None:
    outline = '<outline xmlUrl="http://a.example/"/>'
    result = read_opml(
        wrapped(f'<outline text="A">{outline}</outline><outline text="B">{outline}</outline>').encode(), "x"
    )
    assert [(feed.url, feed.tags) for feed in result.feeds] == [("http://a.example/", ("A", "B"))]
    assert result.duplicates == 1


def test_what_programs_get_wrong_is_read_all_the_same() -> None:
    assert read(wrapped('<outline text="AT&T&nbsp;&bogus;" xmlUrl="http://a.example/?a=1&b=2&copy=3"/>')) == [
        ("http://a.example/?a=1&b=2&copy=3", ())
    ]
    assert read("<OPML><BODY><OUTLINE XMLURL='http://a.example/'/></BODY></OPML>") == [
        ("http://a.example/", ())
    ]
    assert read("\n<br />junk\n" + wrapped("<outline xmlUrl=' http://a.example/ '/>") + "<!-- --> junk") == [
        ("http://a.example/", ())
    ]
    assert read(
        wrapped("<outline text='a&#0;\x01&#x1f;b&#128;' ><outline xmlUrl='http://a.example/'/></outline>")
    ) == [("http://a.example/", ("ab",))]


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("feed://a.example/x", "http://a.example/x"),
        ("feed:https://a.example/x", "https://a.example/x"),
        ("feed://https://a.example/x", "https://a.example/x"),
        ("FEED://a.example/x", "http://a.example/x"),
    ],
)
def test_feed_scheme_is_understood(written: str, url: str) -> None:
    assert read(wrapped(f'<outline xmlUrl="{written}"/>')) == [(url, ())]


def test_outline_that_cannot_be_used_is_named_with_its_line_and_hides_no_other() -> None:
    text = wrapped(
        '\n<outline xmlUrl="javascript:x"/>\n<outline xmlUrl=""/>\n<outline xmlUrl="http://a.example/"/>'
    )
    result = read_opml(text.encode(), "list.opml")
    assert [feed.url for feed in result.feeds] == ["http://a.example/"]
    assert [(str(problem.file), problem.line) for problem in result.problems] == [
        ("list.opml", 2),
        ("list.opml", 3),
    ]


def test_broken_xml_gives_what_stands_before_and_says_where_it_breaks() -> None:
    text = wrapped('<outline xmlUrl="http://a.example/"/>\n<outline text="<" xmlUrl="http://b.example/"/>')
    result = read_opml(text.encode(), "list.opml")
    assert [feed.url for feed in result.feeds] == ["http://a.example/"]
    [problem] = result.problems
    assert problem.line == 2
    assert "not well-formed" in problem.message


@pytest.mark.parametrize(
    "data", [b"", b"\0\0", b"<html><body/></html>", b"<rss/>", b'{"feeds": []}', bytes(range(256))]
)
def test_what_is_no_list_is_one_problem(data: bytes) -> None:
    result = read_opml(data, "x")
    assert result.feeds == ()
    assert [problem.message for problem in result.problems] == ["not an OPML document"]


def test_entities_never_multiply() -> None:
    entities = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12))
    text = f'<!DOCTYPE opml [<!ENTITY a0 "ha">{entities}]>' + wrapped(
        '<outline text="&a12;" xmlUrl="http://a.example/"/>'
    )
    assert read_opml(text.encode(), "x").feeds[0].title == "&a12;"


def test_no_file_is_read_for_an_entity() -> None:
    text = '<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + wrapped(
        '<outline text="&x;" xmlUrl="http://a.example/"/>'
    )
    assert read_opml(text.encode(), "x").feeds[0].title == "&x;"


def test_depth_costs_nothing_and_hides_no_feed() -> None:
    depth = 100_000
    inner = '<outline xmlUrl="http://a.example/"/>'
    opened = "".join(f'<outline text="{n}">' for n in range(depth))
    result = read_opml(wrapped(opened + inner + "</outline>" * depth).encode(), "x")
    assert [feed.tags for feed in result.feeds] == [tuple(map(str, range(MAX_FOLDERS)))]


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    read_opml(data, "x")
    read_opml(b"<opml>" + data + b"</opml>", "x")
    read_opml(b"<?xml version='1.0' encoding='" + data[:20] + b"'?><opml>" + data, "x")


def word(text: str) -> str:
    return " ".join(text.split())


PLAIN = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp"))
TAGS = st.lists(st.text(PLAIN, min_size=1, max_size=8).map(word).filter(bool), max_size=4, unique=True).map(
    tuple
)


@settings(deadline=None)
@given(st.dictionaries(st.integers(0, 20), TAGS, max_size=6))
def test_list_that_was_written_is_read_back(tags: dict[int, tuple[str, ...]]) -> None:
    feeds = [OpmlFeed(f"https://h{n}.example/?a=1&b", f"Title {n} <&>", tags[n], None) for n in tags]
    result = read_opml(write_opml(feeds, "All", NOW), "x")
    assert result.problems == ()
    assert {(feed.url, feed.title, feed.tags) for feed in result.feeds} == {
        (feed.url, feed.title, feed.tags) for feed in feeds
    }


def test_written_list_is_opml_2_that_other_programs_read() -> None:
    feeds = [
        OpmlFeed("https://a.example/f", "A", ("News", "daily"), "https://a.example/"),
        OpmlFeed("https://b.example/f", None, ("News", "a/b", "x")),
        OpmlFeed("https://c.example/f"),
    ]
    root = ElementTree.fromstring(write_opml(feeds, "Mine & yours", NOW))
    assert root.get("version") == "2.0"
    assert root.findtext("head/title") == "Mine & yours"
    assert root.findtext("head/dateCreated") == "Sun, 22 Nov 2026 10:00:00 +0000"
    [news, alone] = root.findall("body/outline")
    assert news.get("text") == "News"
    assert news.find("outline").attrib == {  # type: ignore[union-attr]
        "type": "rss",
        "text": "A",
        "xmlUrl": "https://a.example/f",
        "htmlUrl": "https://a.example/",
        "category": "daily",
    }
    assert [outline.get("text") for outline in news.findall("outline")] == ["A", "a/b"]
    assert alone.get("text") == "https://c.example/f"
