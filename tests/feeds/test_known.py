"""A document read with what is remembered of the one before is the document."""

import json
import pickle
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestd.errors import FeedUnreadable
from ingestd.feeds import known
from ingestd.feeds.known import Item, Known, Reading, without
from ingestd.feeds.parse import parse_feed, parse_rest
from ingestd.jobs import read_feed
from ingestd.model import ParsedFeed

URL = "https://paper.example/feed"
XML = {"content-type": "application/xml; charset=utf-8"}
RSS = (
    '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>',
    "</channel></rss>",
)
ATOM = ('<feed xmlns="http://www.w3.org/2005/Atom">', "</feed>")
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    '<channel rdf:about="https://paper.example/"><title>T</title></channel>',
    "</rdf:RDF>",
)


def item(n: int, more: str = "") -> str:
    return (
        f"<item><title>Title {n}</title><link>https://paper.example/{n}</link><guid>tag:{n}</guid>"
        f"<description>Text {n}</description>{more}</item>"
    )


def rss(items: Sequence[str], channel: str = "<title>Paper</title>", tail: str = "") -> bytes:
    return (RSS[0] + channel + "\n".join(items) + tail + RSS[1]).encode()


def remembered(body: bytes) -> bytes | None:
    found = parse_rest(body, None, url=URL, headers=XML).known
    return found.to_bytes() if found else None


def reread(before: bytes, after: bytes) -> Reading:
    return parse_rest(after, remembered(before), url=URL, headers=XML)


def keys(reading: Reading) -> tuple[list[str], list[str]]:
    """Those that were parsed, and the others."""
    return [entry.key for entry in reading.parsed.entries], [one.key for one in reading.unchanged]


def tags(*numbers: int) -> list[str]:
    return [f"guid:tag:{n}" for n in numbers]


BEFORE = rss([item(n) for n in range(4)])


# ------------------------------------------------------------------------------- what is left out


def test_only_items_that_were_not_there_are_parsed() -> None:
    after = rss([item(n) for n in (5, 4, 1, 2, 3)])
    assert keys(reread(BEFORE, after)) == (tags(5, 4), tags(1, 2, 3))


def test_an_item_that_changed_by_a_byte_is_parsed() -> None:
    after = rss([item(0), item(1).replace("Text", "text"), item(2), item(3)])
    assert keys(reread(BEFORE, after)) == (tags(1), tags(0, 2, 3))


def test_one_item_is_parsed_although_all_are_known() -> None:
    assert keys(reread(BEFORE, rss([item(n) for n in range(4)], "<title>New</title>"))) == (
        tags(3),
        tags(0, 1, 2),
    )


def test_what_is_remembered_lasts_from_document_to_document() -> None:
    reading = reread(BEFORE, rss([item(n) for n in (1, 2, 3, 4)]))
    assert reading.known is not None
    again = parse_rest(rss([item(n) for n in (2, 3, 4, 5)]), reading.known.to_bytes(), url=URL, headers=XML)
    assert keys(again) == (tags(5), tags(2, 3, 4))


def test_the_sites_of_pages_are_remembered() -> None:
    reading = reread(BEFORE, rss([item(n) for n in (1, 2, 3, 4)]))
    assert {one.site for one in reading.unchanged} == {"paper.example"}


@pytest.mark.parametrize("charset", ["windows-1251", "utf-16"])
def test_the_charset_makes_no_difference(charset: str) -> None:
    def encoded(*numbers: int) -> bytes:
        text = rss([item(n, "<category>Мир</category>") for n in numbers]).decode()
        return text.replace("?>", f' encoding="{charset}"?>', 1).encode(charset)

    stored = parse_rest(encoded(1, 2), None, url=URL, headers={}).known
    assert stored is not None
    reading = parse_rest(encoded(2, 3), stored.to_bytes(), url=URL, headers={})
    assert keys(reading) == (tags(3), tags(2))
    assert reading.parsed.entries[0].categories == ("Мир",)


@pytest.mark.parametrize("frame", [ATOM, RDF])
def test_other_formats_are_cut_into_items_too(frame: tuple[str, str]) -> None:
    name = "entry" if frame is ATOM else "item"

    def document(*numbers: int) -> bytes:
        link = '<link href="https://paper.example/{0}"/>' if frame is ATOM else "<link>{0}</link>"
        one = f"<{name}><title>{{0}}</title>{link}<id>tag:{{0}}</id></{name}>"
        return (frame[0] + "".join(one.format(f"https://x.example/{n}") for n in numbers) + frame[1]).encode()

    parsed, unchanged = keys(reread(document(1, 2, 3), document(2, 3, 4)))
    assert (len(parsed), len(unchanged)) == (1, 2)


def test_xhtml_in_atom_hides_no_entry() -> None:
    def entry(n: int) -> str:
        xhtml = f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{n}</p></div>'
        link = f'<link href="https://paper.example/{n}"/><id>tag:{n}</id>'
        return f'<entry>{link}<content type="xhtml">{xhtml}</content></entry>'

    before, after = ((ATOM[0] + "".join(map(entry, some)) + ATOM[1]).encode() for some in ((1, 2), (2, 3)))
    reading = reread(before, after)
    assert keys(reading) == (tags(3), tags(2))
    assert reading.parsed.entries[0].content_html == "<p>3</p>"


# ------------------------------------------------------------------------------- the channel


def test_the_channel_is_read_anew() -> None:
    channel = "<title>New</title><link>https://new.example/</link><ttl>90</ttl><skipHours><hour>3</hour></skipHours>"
    first = rss([item(n) for n in range(4)], channel.replace("New", "Old").replace("90", "30"))
    reading = reread(first, rss([item(n) for n in range(1, 5)], channel))
    assert len(reading.unchanged) == 3
    assert (reading.parsed.title, reading.parsed.site_url) == ("New", "https://new.example/")
    assert reading.parsed.hints.interval == timedelta(minutes=90)
    assert reading.parsed.hints.skip_hours == {3}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<lastBuildDate>Sun, 22 Nov 2026 10:00:00 GMT</lastBuildDate>", "<pubDate>now</pubDate>"),
        ("<!-- made in 0.3 s -->", "<!-- made in 0.4 s -->"),
        ("<generator>A 1</generator>", "<generator>A 2</generator>"),
        ("<description>A</description>", "<image><url>https://paper.example/i.png</url></image>"),
    ],
)
def test_what_cannot_matter_to_items_costs_no_parse(before: str, after: str) -> None:
    items = [item(n) for n in range(4)]
    assert len(reread(rss(items, before), rss(items, after)).unchanged) == 3


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<rss ", '<rss xml:base="https://other.example/" '),
        ("<rss ", '<rss xml:lang="fr" '),
        ("<rss ", '<rss xmlns:q="urn:q" '),
        ('"http://purl.org/dc/elements/1.1/"', '"urn:other"'),
        ('version="2.0"', 'version="0.91"'),
        ("<title>Paper</title>", "<title>Paper</title><language>fr</language>"),
        ("<?xml", '<!DOCTYPE rss [<!ENTITY a "b">]><?xml'),
    ],
)
def test_what_may_matter_to_items_has_them_all_parsed(before: str, after: str) -> None:
    changed = BEFORE.replace(before.encode(), after.encode(), 1)
    assert changed != BEFORE
    assert reread(BEFORE, changed).unchanged == ()


def test_the_author_of_an_atom_feed_matters() -> None:
    entries = "".join(
        f'<entry><id>tag:{n}</id><link href="https://paper.example/{n}"/></entry>' for n in range(3)
    )
    bodies = [
        (ATOM[0] + f"<author><name>{who}</name></author>" + entries + ATOM[1]).encode() for who in ("A", "B")
    ]
    assert reread(bodies[0], bodies[1]).unchanged == ()
    assert len(reread(bodies[0], bodies[0]).unchanged) == 2


def test_the_address_and_what_the_server_says_of_it_matter() -> None:
    stored = remembered(BEFORE)
    for url, headers in (
        (URL + "/moved", XML),
        (URL, XML | {"content-language": "fr"}),
        (URL, XML | {"content-location": "https://paper.example/other/feed"}),
    ):
        assert parse_rest(BEFORE, stored, url=url, headers=headers).unchanged == ()
    assert len(parse_rest(BEFORE, stored, url=URL, headers=XML).unchanged) == 3


def test_another_parser_reads_everything_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = remembered(BEFORE)
    monkeypatch.setattr(known, "PARSER_VERSION", "next")
    assert parse_rest(BEFORE, stored, url=URL, headers=XML).unchanged == ()


# ------------------------------------------------------------------------------- items that hang together


@pytest.mark.parametrize(
    "meets",
    [
        "<guid>tag:1</guid>",
        "<link>http://www.paper.example/1/</link>",
        "<guid>https://paper.example/1</guid>",
    ],
)
def test_an_item_that_shares_a_name_with_a_known_one_has_all_parsed(meets: str) -> None:
    after = rss([f"<item><title>Other</title>{meets}</item>", *(item(n) for n in range(4))])
    reading = reread(BEFORE, after)
    assert reading.unchanged == ()
    assert reading.parsed == parse_feed(after, url=URL, headers=XML)


def test_items_that_share_a_name_are_parsed_each_time() -> None:
    shared = [item(7).replace("tag:7", "same"), item(8).replace("tag:8", "same")]
    body = rss([item(1), *shared, item(2)])
    parsed, unchanged = keys(reread(body, body))
    assert (len(parsed), unchanged) == (2, tags(1, 2))


def test_an_item_that_comes_twice_is_parsed() -> None:
    after = rss([item(0), item(1), item(1), item(2)])
    assert keys(reread(BEFORE, after)) == (tags(1), tags(0, 2))


def test_an_item_without_a_page_is_parsed_each_time() -> None:
    body = rss([item(1), "<item><guid isPermaLink='false'>a</guid><title>A</title></item>"])
    assert keys(reread(body, body)) == (["guid:a"], tags(1))


@pytest.mark.parametrize(
    "leak",
    [
        # Each changes how feedparser reads the items that follow.
        "<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'><div>x</div></content:encoded>",
        "<a:b xmlns:a='urn:a'/>",
        "<skipHours><hour>4</hour></skipHours>",
    ],
)
def test_items_that_leave_a_trace_in_the_reader_are_not_remembered(leak: str) -> None:
    assert remembered(rss([item(1), item(2, leak), item(3)])) is None
    assert reread(BEFORE, rss([item(0), item(1), item(4, leak)])).unchanged == ()


def test_dates_that_are_told_by_others_are_not_remembered() -> None:
    assert remembered(rss([item(1, "<pubDate>3/4/2026</pubDate>"), item(2)])) is None


def test_a_broken_document_is_parsed_whole() -> None:
    broken = rss([item(0), item(1), item(4).replace("</title>", "")])
    assert reread(BEFORE, broken).unchanged == ()
    assert remembered(broken) is None


def test_an_unreadable_document_stays_unreadable() -> None:
    deep = "<x>" * 600 + "</x>" * 600
    with pytest.raises(FeedUnreadable):
        reread(BEFORE, rss([item(0), item(1), item(4, deep)]))


@dataclass(frozen=True)
class Reluctant:
    """A document that can be read as a whole alone."""

    parsed: ParsedFeed
    items: Sequence[str]

    def read(self, left_out: Collection[int]) -> tuple[ParsedFeed, str | None]:
        if left_out:
            raise FeedUnreadable("There is nothing in the rest.", "not-a-feed")
        return self.parsed, "context"


def test_a_document_of_which_the_rest_cannot_be_read_is_read_whole() -> None:
    whole = Reluctant(parse_feed(BEFORE, url=URL, headers=XML), [item(n) for n in range(4)])
    first = known.read(whole, None)
    assert first.known is not None
    assert known.read(whole, first.known) == first


# ------------------------------------------------------------------------------- what the workers hand on


def test_a_worker_hands_on_what_the_store_needs() -> None:
    first = read_feed(BEFORE, URL, XML)
    assert (len(first.parsed.entries), first.unchanged_keys, first.unchanged_sites) == (4, (), frozenset())
    second = pickle.loads(pickle.dumps(read_feed(BEFORE, URL, XML, first.items)))
    assert [entry.key for entry in second.parsed.entries] == tags(3)
    assert second.unchanged_keys == tuple(tags(0, 1, 2))
    assert second.unchanged_sites == {"paper.example"}
    assert read_feed(BEFORE, URL, XML, second.items) == second
    assert read_feed(rss([]), URL, XML, first.items).items is None


# ------------------------------------------------------------------------------- JSON Feed


def feed_json(*items: object, **members: object) -> bytes:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items, **members}).encode()


def json_item(n: int) -> dict[str, object]:
    return {"id": str(n), "url": f"https://paper.example/{n}", "content_text": f"Text {n}"}


def test_items_of_a_json_feed_are_told_by_what_they_hold() -> None:
    before = feed_json(*map(json_item, range(4)), title="A")
    after = feed_json({}, 7, *map(json_item, (9, 3, 2)), title="B")
    reading = reread(before, after)
    assert keys(reading) == (["guid:9"], ["guid:3", "guid:2"])
    assert reading.parsed.title == "B"
    assert reading.parsed.problems == ("2 items hold nothing that can be read.",)


@pytest.mark.parametrize("member", [{"language": "fr"}, {"authors": [{"name": "A"}]}])
def test_what_items_of_a_json_feed_inherit_matters(member: dict[str, object]) -> None:
    items = [json_item(n) for n in range(3)]
    assert reread(feed_json(*items), feed_json(*items, **member)).unchanged == ()


def test_json_items_nested_too_deeply_are_not_told_apart() -> None:
    deep: object = "x"
    for _ in range(300):
        deep = [deep]
    body = feed_json({**json_item(1), "tags": deep}, json_item(2))
    assert reread(body, body).parsed.entries


# ------------------------------------------------------------------------------- what is kept


def test_fifty_items_take_little_room() -> None:
    stored = remembered(rss([item(n, "<category>x</category>") for n in range(50)]))
    assert stored is not None
    assert len(stored) < 3_000
    found = Known.from_bytes(stored)
    assert found is not None
    assert found.to_bytes() == stored


def test_very_long_documents_are_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = remembered(BEFORE)
    monkeypatch.setattr(known, "MAX_ITEMS", 3)
    assert remembered(BEFORE) is None
    assert parse_rest(BEFORE, stored, url=URL, headers=XML).unchanged == ()


def test_what_would_take_much_room_is_not_kept() -> None:
    long = [Item(f"{'ä' * 480}{n}", "s", frozenset(str(n))) for n in range(known.MAX_ITEMS)]
    most = Known("c", {str(n): one for n, one in enumerate(long)})
    assert Known.from_bytes(most.to_bytes()) == most
    odd = [replace(one, key=Random(n).randbytes(250).hex()) for n, one in enumerate(long)]
    assert Known("c", {str(n): one for n, one in enumerate(odd)}).to_bytes() is None


@pytest.mark.parametrize(
    "junk",
    [
        None,
        b"",
        b"junk",
        zlib.compress(b""),
        zlib.compress(b"[" * 100_000),
        *(
            zlib.compress(json.dumps(value).encode())
            for value in (
                None,
                7,
                [],
                ["c"],
                ["c", 7],
                ["c", [[]]],
                ["c", [["m", "k"]]],
                ["c", [["m", 1, "s"]]],
                [None, [["m", "k", "s"]]],
                ["c", [[["m"], "k", "s"]]],
                ["c", [["m", "k", "s", ["n"]]]],
                {"c": 1, "d": 2},
            )
        ),
        zlib.compress(b'["' + b"x" * known.MAX_BYTES + b'",[]]'),
    ],
)
def test_junk_is_nothing_remembered(junk: bytes | None) -> None:
    assert Known.from_bytes(junk) is None
    assert parse_rest(BEFORE, junk, url=URL, headers=XML).unchanged == ()


def test_a_bit_that_flips_does_no_harm() -> None:
    stored = remembered(BEFORE)
    assert stored is not None
    for place in range(0, len(stored), 7):
        damaged = bytes([*stored[:place], stored[place] ^ 1, *stored[place + 1 :]])
        reading = parse_rest(BEFORE, damaged, url=URL, headers=XML)
        parsed, unchanged = keys(reading)
        assert sorted(parsed + unchanged) == tags(0, 1, 2, 3)


def test_some_items_can_be_forgotten() -> None:
    stored = Known("c", {str(n): Item(f"key {n}", "s", frozenset("n")) for n in range(3)}).to_bytes()
    assert without(stored, []) is stored
    assert without(None, ["key 1"]) is None
    left = Known.from_bytes(without(stored, ["key 1", "another"]))
    assert left is not None
    assert [one.key for one in left.items.values()] == ["key 0", "key 2"]
    assert without(stored, ["key 0", "key 1", "key 2"]) is None


# ------------------------------------------------------------------------------- any change at all

# What items of ordinary feeds have.
ORDINARY = (
    "<link>https://paper.example/{}</link>",
    "<link href='https://paper.example/{}'/>",
    "<link>{}/relative</link>",
    "<guid>tag:{}</guid>",
    "<id>https://paper.example/{}</id>",
    "<title>One</title>",
    "<description>Text {}</description>",
    "<description><![CDATA[<item> & <entry>]]></description>",
    "<content type='html'>&lt;p&gt;{}</content>",
    "<summary>Short</summary>",
    "<pubDate>Sun, 22 Nov 2026 10:00:00 GMT</pubDate>",
    "<author><name>A</name></author>",
    "<dc:creator xmlns:dc='http://purl.org/dc/elements/1.1/'>B</dc:creator>",
    "<category>c</category>",
    "<enclosure url='https://paper.example/{}.mp3' type='audio/mpeg'/>",
    "<source url='https://other.example/'>Other</source>",
    "<!-- a comment with <item> -->",
    "&nbsp;&undeclared; a & b",
)
# What tempts a parser to read the next item differently, or makes items hang together.
ODD = (
    "<link>https://paper.example/shared</link>",
    "<guid>tag:shared</guid>",
    "<guid>https://paper.example/1</guid>",
    "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>T</div></title>",
    "<description><div>open</div> text</description>",
    "<description xml:lang='fr'>Texte</description>",
    "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><svg><title>s</title></svg></div></content>",
    "<pubDate>3/4/2026</pubDate>",
    "<pubDate>23/4/2026</pubDate>",
    "<source url='https://other.example/'>Other<title>S</title></source>",
    "<image><title>i</title><link>https://paper.example/i</link></image>",
    "<textinput><title>t</title></textinput>",
    "<language>fr</language>",
    "<hour>3</hour>",
    "<x:y xmlns:x='urn:x'>z</x:y>",
    "<dc:title xmlns:dc='urn:no-dublin-core'>z</dc:title>",
    "<media:title xmlns:media='http://search.yahoo.com/mrss/'>m</media:title>",
    "<b>unclosed",
)
STARTS = (" xml:lang='cs'", " xml:base='https://base.example/'", " href='h'")
CHANNELS = (
    "<title>Paper</title>",
    "<title>Paper</title><lastBuildDate>now</lastBuildDate><!-- 2 -->",
    "<title>Renamed</title><ttl>60</ttl>",
    "<image><title>Image</title></image><pubDate>22/11/2026</pubDate>",
    "<language>fr</language>",
    "<author><name>Editor</name></author>",
    "<link>https://paper.example/</link><content>unusual</content>",
)
TAILS = ("\n<!-- end -->", "<title>Late</title>", "<language>de</language>")
FRAMES = (RSS, ATOM, RDF, (RSS[0].replace("<rss", "<rss xml:lang='pt'"), RSS[1]))


@dataclass(frozen=True)
class Version:
    """A document that is made of pieces."""

    frame: tuple[str, str]
    channel: str
    items: Sequence[str]
    tail: str

    @property
    def body(self) -> bytes:
        name = "entry" if self.frame is ATOM else "item"
        items = (f"<{name}{one}</{name}>" for one in self.items)
        return (self.frame[0] + self.channel + "\n".join(items) + self.tail + self.frame[1]).encode()


def rarely(draw: st.DrawFn, choices: Sequence[str]) -> str:
    return draw(st.sampled_from(("", *choices))) if draw(st.integers(0, 9)) == 7 else ""


@st.composite
def an_item(draw: st.DrawFn, number: int) -> str:
    """The rest of an item's start tag and what stands in it."""
    first = f"<title>{number}</title><link>https://paper.example/{number}</link><guid>tag:{number}</guid>"
    more = draw(st.lists(st.sampled_from(ORDINARY), max_size=3))
    pieces = [first if draw(st.integers(0, 4)) else "", *more, rarely(draw, ODD)]
    return rarely(draw, STARTS) + ">" + "".join(pieces).replace("{}", str(number))


@st.composite
def histories(draw: st.DrawFn) -> list[Version]:
    """What one address served in turn, from one small stock of items."""
    stock = [draw(an_item(number)) for number in range(draw(st.integers(1, 6)))]
    frame = draw(st.sampled_from(FRAMES))
    channels = draw(st.sampled_from((CHANNELS[:4], CHANNELS)))
    return [
        Version(
            frame,
            draw(st.sampled_from(channels)),
            draw(st.lists(st.sampled_from(stock), max_size=7, unique=draw(st.integers(0, 4)) > 0)),
            rarely(draw, TAILS),
        )
        for _ in range(draw(st.integers(2, 4)))
    ]


def check_history(bodies: Sequence[bytes]) -> int:
    """Read each with what is remembered of the one before; returns how many items were left out."""
    stored: bytes | None = None
    digests: dict[str, str] = {}
    left_out = 0
    for body in bodies:
        whole = parse_feed(body, url=URL, headers=XML)
        reading = parse_rest(body, stored, url=URL, headers=XML)
        assert replace(reading.parsed, entries=()) == replace(whole, entries=())
        entries = {entry.key: entry for entry in whole.entries}
        parsed, unchanged = keys(reading)
        assert sorted(parsed + unchanged) == sorted(entries)
        assert all(entry == entries[entry.key] for entry in reading.parsed.entries)
        assert all(entries[key].digest == digests[key] for key in unchanged)
        stored = reading.known.to_bytes() if reading.known else None
        digests = {key: entry.digest for key, entry in entries.items()}
        left_out += len(unchanged)
    return left_out


@settings(derandomize=True, max_examples=200, deadline=None)
@given(histories())
def test_whatever_changes_the_result_is_that_of_a_whole_parse(history: list[Version]) -> None:
    check_history([version.body for version in history])


def test_the_check_of_histories_sees_items_that_are_left_out() -> None:
    assert check_history([BEFORE, rss([item(n) for n in (1, 2, 3, 4)]), BEFORE]) == 6
