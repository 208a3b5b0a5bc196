"""RSS, RDF and Atom to entries."""

from datetime import UTC, datetime, timedelta

import pytest

from ingestd.errors import FeedUnreadable
from ingestd.feeds import text
from ingestd.feeds.identity import MAX_KEY_CHARS
from ingestd.feeds.rss_atom import read, read_source
from ingestd.feeds.xml_text import MAX_ENTITY_CHARS, MAX_REFERENCES
from ingestd.model import Enclosure, Entry, ParsedFeed, PollHints

URL = "https://news.example.test/feeds/all.xml"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)


def rss(inside: str, **headers: str) -> ParsedFeed:
    document = f'<?xml version="1.0"?><rss version="2.0" {NAMESPACES}><channel>{inside}</channel></rss>'
    served = {name.replace("_", "-"): value for name, value in headers.items()}
    return read(document.encode(), URL, {"content-type": "application/rss+xml", **served})


def rss_item(inside: str) -> Entry:
    (only,) = rss(f"<item>{inside}</item>").entries
    return only


def atom(inside: str) -> ParsedFeed:
    return read(f'<feed xmlns="http://www.w3.org/2005/Atom">{inside}</feed>'.encode(), URL, {})


def atom_entry(inside: str) -> Entry:
    (only,) = atom(f"<entry>{inside}</entry>").entries
    return only


def test_everything_an_rss_item_says_is_read() -> None:
    feed = rss(
        "<title>The News</title><link>/</link><language>en-gb</language>"
        '<item><title>A</title><link>../a</link><guid isPermaLink="false"> 7 </guid>'
        "<description>Short</description><content:encoded><![CDATA[<p>Long</p>]]></content:encoded>"
        "<dc:creator>Ada</dc:creator><author>ben@example.test (Ben)</author><category>Politics</category>"
        "<pubDate>Sun, 22 Nov 2026 12:00:00 GMT</pubDate><comments>/a#comments</comments>"
        '<source url="http://other.example.test/feed">Other</source>'
        '<enclosure url="/a.mp3" length="12" type="audio/mpeg"/><media:content url="/a.jpg"/></item>'
    )
    assert (feed.format, feed.title, feed.language) == ("rss20", "The News", "en-gb")
    assert feed.site_url == "https://news.example.test/"
    (only,) = feed.entries
    assert (only.guid, only.url, only.title) == ("7", "https://news.example.test/a", "A")
    assert (only.summary_html, only.content_html) == ("Short", "<p>Long</p>")
    assert (only.authors, only.categories) == (("Ada", "Ben"), ("Politics",))
    assert (only.published_at, only.updated_at) == (NOON, None)
    assert only.comments_url == "https://news.example.test/a#comments"
    assert only.source_title == "Other"
    assert only.language == "en-gb"
    assert only.enclosures == (
        Enclosure("https://news.example.test/a.mp3", "audio/mpeg", 12),
        Enclosure("https://news.example.test/a.jpg"),
    )


def test_everything_an_atom_entry_says_is_read() -> None:
    feed = atom(
        '<title>The News</title><author><name>Desk</name></author><link href="/"/>'
        '<entry xml:lang="fr"><id>urn:x:1</id><title type="html">A &amp;amp; &lt;b&gt;B&lt;/b&gt;</title>'
        '<link rel="alternate" href="/a"/><summary>1 &lt; 2</summary>'
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Long</p></div></content>'
        "<published>2026-11-22T12:00:00Z</published><updated>2026-11-22T13:00:00Z</updated></entry>"
    )
    (only,) = feed.entries
    assert (feed.format, only.guid, only.url) == ("atom10", "urn:x:1", "https://news.example.test/a")
    assert (only.title, only.authors, only.language) == ("A & B", ("Desk",), "fr")
    assert (only.summary_html, only.content_html) == ("<p>1 &lt; 2</p>", "<p>Long</p>")
    assert (only.published_at, only.updated_at) == (NOON, NOON + timedelta(hours=1))


def test_rdf_is_read() -> None:
    document = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>C</title></channel>'
        '<item rdf:about="x"><title>A</title><link>http://news.example.test/a</link>'
        "<dc:date>2026-11-22T12:00:00Z</dc:date></item></rdf:RDF>"
    )
    feed = read(document.encode(), URL, {})
    assert (feed.format, feed.title) == ("rss10", "C")
    assert [(only.title, only.published_at) for only in feed.entries] == [("A", NOON)]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("AT&amp;amp;T", "AT&T"),
        ("AT&amp;T", "AT&T"),
        ("AT&T", "AT&T"),
        ("a &lt; b", "a < b"),
        ("<![CDATA[a < b &amp; <i>c</i>]]>", "a < b & c"),
        ("&lt;b&gt;Bold&lt;/b&gt;\n  move", "Bold move"),
        ("Caf&#233; &#x2013; &#0;bar&#xD800;", "Café – bar"),
    ],
)
def test_titles_are_plain_text_decoded_once(written: str, shown: str) -> None:
    assert rss_item(f"<title>{written}</title>").title == shown


def test_one_date_alone_is_the_date_of_publication() -> None:
    assert rss_item("<dc:date>2026-11-22T12:00:00Z</dc:date>").published_at == NOON
    only = atom_entry("<id>1</id><updated>2026-11-22T12:00:00Z</updated>")
    assert (only.published_at, only.updated_at) == (NOON, NOON)
    assert rss_item("<title>A</title><pubDate>soon</pubDate>").published_at is None


def test_a_guid_stands_in_for_the_link_only_when_it_is_an_address() -> None:
    assert rss_item("<guid>http://news.example.test/a</guid>").url == "http://news.example.test/a"
    assert rss_item("<guid>/a</guid>").url == "https://news.example.test/a"
    assert rss_item("<guid>333483</guid>").url is None
    assert rss_item("<guid>333483</guid>").unusable_link is None
    assert rss_item('<guid isPermaLink="false">http://news.example.test/a</guid>').url is None


@pytest.mark.parametrize("link", ["javascript:alert(1)", "htpt://x", "mailto:a@example.test", "http://", " "])
def test_a_link_that_cannot_be_asked_is_kept_but_is_no_address(link: str) -> None:
    entry = rss_item(f"<title>One</title><link>{link}</link>")
    assert (entry.url, entry.page_url) == (None, None)
    assert entry.unusable_link == (link.strip() or None)


def test_a_full_form_alone_is_not_repeated_as_the_short_form() -> None:
    only = rss_item("<title>A</title><content:encoded><![CDATA[<p>Long</p>]]></content:encoded>")
    assert (only.summary_html, only.content_html) == (None, "<p>Long</p>")
    only = rss_item("<description>Same</description><content:encoded>Same</content:encoded>")
    assert (only.summary_html, only.content_html) == (None, "Same")
    only = atom_entry('<id>1</id><content type="text">1 &lt; 2</content>')
    assert (only.summary_html, only.content_html) == (None, "<p>1 &lt; 2</p>")


def test_the_page_behind_a_feed_services_redirect_is_the_page() -> None:
    redirect = "http://feeds.example.test/~r/1"
    item = f"<title>A</title><link>{redirect}</link>"
    only = rss_item(f"{item}<feedburner:origLink>http://news.example.test/a</feedburner:origLink>")
    assert (only.url, only.page_url) == (redirect, "http://news.example.test/a")
    only = rss_item(f"{item}<feedburner:origLink>javascript:void(0)</feedburner:origLink>")
    assert (only.url, only.page_url) == (redirect, redirect)


def test_relative_links_start_at_xml_base_or_the_feeds_own_address() -> None:
    feed = atom(
        '<entry xml:base="http://other.example.test/x/"><id>1</id><link href="a"/></entry>'
        '<entry xml:base="/y/"><id>2</id><link href="a"/></entry>'
        '<entry><id>3</id><link href="a"/></entry>'
        '<entry><id>4</id><link href="//cdn.example.test/a"/></entry>'
    )
    assert [only.url for only in feed.entries] == [
        "http://other.example.test/x/a",
        "https://news.example.test/y/a",
        "https://news.example.test/feeds/a",
        "https://cdn.example.test/a",
    ]


def test_content_location_moves_the_base_within_its_host_only() -> None:
    def link(location: str) -> str | None:
        return rss("<item><link>a</link></item>", content_location=location).entries[0].url

    assert link("https://news.example.test/politics/all.xml") == "https://news.example.test/politics/a"
    assert link("/politics/all.xml") == "https://news.example.test/politics/a"
    for elsewhere in (
        "https://evil.example.test/x/",
        "//evil.example.test/",
        "https://news.example.test:8443/",
    ):
        assert link(elsewhere) == "https://news.example.test/feeds/a"


@pytest.mark.parametrize(
    ("given", "hints"),
    [
        ("<sy:updateFrequency>4</sy:updateFrequency>", PollHints(timedelta(hours=6))),
        (
            "<sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>",
            PollHints(timedelta(minutes=30)),
        ),
        (
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            PollHints(),
        ),
        ("<sy:updatePeriod>often</sy:updatePeriod>", PollHints()),
        ("<ttl>-5</ttl>", PollHints()),
        ("<ttl>0</ttl>", PollHints()),
        ("<ttl>60</ttl>", PollHints(timedelta(hours=1))),
        ("<ttl>999999999</ttl>", PollHints()),
        (
            "<skipHours><hour>7</hour><hour> 23 </hour><hour>24</hour></skipHours>"
            "<skipDays><day>Monday</day><day> sunday </day></skipDays>",
            PollHints(skip_hours=frozenset({0, 7, 23}), skip_days=frozenset({0, 6})),
        ),
        (
            "<skipHours><hour>25</hour><hour>-1</hour><hour>noon</hour><hour/></skipHours>"
            "<skipDays><day>Someday</day><day>1</day><day/></skipDays>",
            PollHints(),
        ),
    ],
)
def test_hints_are_read_and_junk_is_none(given: str, hints: PollHints) -> None:
    assert rss(given).hints == hints


@pytest.mark.parametrize(
    "before",
    [
        "<!-- <html><body> -->",
        '<?xml-stylesheet href="/feed.xsl"?>\n<!DOCTYPE rss [<!ENTITY page "<html><body>">]>',
        "<br />\n<b>Warning</b>: something in line 3<br />\n",
        "\n\n  ",
        "\ufeff",
    ],
)
def test_what_stands_before_the_feed_is_passed_over(before: str) -> None:
    document = (
        '<?xml version="1.0"?><rss version="2.0"><channel><item><title>A</title></item></channel></rss>'
    )
    feed = read((before + document).encode(), URL, {})
    assert ([only.title for only in feed.entries], feed.problems) == (["A"], ())


def test_control_characters_do_not_cost_the_strict_reading() -> None:
    feed = rss("<item><title>\x00A\x08\x0b\x1f B\x7f\ufffe</title></item>")
    assert (feed.entries[0].title, feed.problems) == ("A B", ())


def test_ampersands_that_nobody_escaped_are_text_and_stay_in_links() -> None:
    feed = rss(
        "<item><title>R&D & A&B; &amp; &copy;</title><link>/a?b=1&copy=2&amp;d=3</link></item>"
        "<item><title><![CDATA[R&D]]></title><link><![CDATA[/a?b=1&copy=2&d=4]]></link>"
        "<description><![CDATA[R&D]]></description></item>"
    )
    assert [(only.title, only.url) for only in feed.entries] == [
        ("R&D & A&B; & ©", "https://news.example.test/a?b=1&copy=2&d=3"),
        ("R&D", "https://news.example.test/a?b=1&copy=2&d=4"),
    ]
    assert (feed.entries[1].summary_html, feed.problems) == ("R&D", ())


@pytest.mark.parametrize(
    ("reference", "meant"),
    [
        ("&#60;/description&#62;", "</description>"),
        ("&#x3C;/description&#x3e;", "</description>"),
        ("&LT;/description&GT;", "</description>"),
        ("&AMP;lt;", "&lt;"),
        ("&#0;&#8;&#x1F;", ""),
        ("&#xD800;&#xFFFE;", ""),
        ("&#x110000;&#99999999999999999999;", ""),
    ],
)
def test_a_reference_never_becomes_markup_or_a_forbidden_character(reference: str, meant: str) -> None:
    feed = rss(f"<item><description>[{reference}]</description></item>")
    assert ([only.summary_html for only in feed.entries], feed.problems) == ([f"[{meant}]"], ())


def described(entities: str, description: str) -> str:
    """The description as it is read in a document whose DOCTYPE declares the entities."""
    item = f"<item><description>{description}</description></item>"
    document = f'<!DOCTYPE rss [{entities}]><rss version="2.0"><channel>{item}</channel></rss>'
    feed = read(document.encode(), URL, {})
    assert feed.problems == ()
    return feed.entries[0].summary_html or ""


def test_harmless_entities_are_expanded_and_others_are_not() -> None:
    declared = (
        '<!ENTITY paper "The News"><!ENTITY dash "&#8212;"><!ENTITY less "&#60;"><!ENTITY nothing "&#0;">'
        '<!ENTITY nested "&paper;"><!ENTITY tag "<b>"><!ENTITY file SYSTEM "file:///etc/hostname">'
        f'<!ENTITY % parameter "x"><!ENTITY long "{"x" * (MAX_ENTITY_CHARS + 1)}">'
    )
    assert described(declared, "&paper;|&dash;|&less;|&nothing;|&eacute;") == "The News|—|<||é"
    others = "&nested;|&tag;|&file;|&parameter;|&long;|&unheard;"
    assert described(declared, others) == others


def test_an_entity_bomb_does_not_go_off() -> None:
    levels = "".join(f'<!ENTITY e{level + 1} "{f"&e{level};" * 10}">' for level in range(10))
    assert described(f'<!ENTITY e0 "ha">{levels}', "&e10;") == "&e10;"
    # One long entity, named so often that the document would grow a hundredfold.
    flood = "&e;" * (MAX_REFERENCES + 1)
    assert described(f'<!ENTITY e "{"x" * MAX_ENTITY_CHARS}">', flood) == flood


def test_absurdly_long_values_end_well() -> None:
    long = "9" * 1_000_000
    item = (
        f"<title>{long}</title><link>/{long}</link><author>{long}</author><category>{long}</category>"
        f'<pubDate>{long}</pubDate><enclosure url="/{long}"/><enclosure url="/a" length="{long}"/>'
    )
    feed = rss(
        f"<ttl>{long}</ttl><item>{item}<guid>{long}1</guid></item><item>{item}<guid>{long}2</guid></item>"
    )
    assert (feed.hints, feed.problems) == (PollHints(), ())
    one, other = feed.entries
    assert (one.title, one.authors, one.categories) == (
        long[: text.MAX_TITLE_CHARS],
        (long[: text.MAX_NAME_CHARS],),
        (long[: text.MAX_NAME_CHARS],),
    )
    assert (one.url, one.published_at) == (None, None)
    assert one.enclosures == (Enclosure("https://news.example.test/a"),)
    assert len(one.unusable_link or "") == len(one.guid or "") == text.MAX_GUID_CHARS
    assert len(one.key) == MAX_KEY_CHARS
    assert one.key != other.key
    assert one.guid != other.guid


def test_ten_thousand_entries_are_all_read() -> None:
    feed = rss("".join(f"<item><title>T{number}</title></item>" for number in range(10_000)))
    assert [only.title for only in feed.entries] == [f"T{number}" for number in range(10_000)]
    assert feed.problems == ()


def test_the_first_link_that_can_be_the_page_is() -> None:
    assert rss_item("<link>/a</link><link>/b</link>").url == "https://news.example.test/a"
    beside = '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" href="/amp"/><link>/a</link>'
    assert rss_item(beside).url == "https://news.example.test/a"
    pages = (
        '<id>1</id><link type="application/json" href="/json"/><link rel="edit" href="/edit"/>'
        '<link type="text/html" href="/a"/><link hreflang="de" href="/b"/>'
    )
    assert atom_entry(pages).url == "https://news.example.test/a"
    relation = "http://www.iana.org/assignments/relation/alternate"
    assert atom_entry(f'<id>1</id><link rel="{relation}" href="/a"/>').url == "https://news.example.test/a"


def test_a_permalink_stands_in_for_an_empty_link() -> None:
    only = rss_item("<link></link><guid isPermaLink='TRUE'>http://news.example.test/a</guid>")
    assert only.url == "http://news.example.test/a"
    assert rss_item("<link/><guid isPermaLink='FALSE'>http://news.example.test/a</guid>").url is None


def test_rdfs_identifier_and_a_content_elsewhere_stand_in_for_the_link() -> None:
    document = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        '<item rdf:about="http://news.example.test/a"><title>A</title><link> </link></item></rdf:RDF>'
    )
    assert read(document.encode(), URL, {}).entries[0].url == "http://news.example.test/a"
    only = atom_entry('<id>1</id><content type="text/html" src="http://news.example.test/a"/>')
    assert only.url == "http://news.example.test/a"


def test_a_host_without_scheme_is_no_folder() -> None:
    assert rss_item("<link>www.example.test/a</link>").url == "https://www.example.test/a"


def test_of_two_ids_the_first_is_the_entrys() -> None:
    assert atom_entry("<id>1</id><id>2</id>").guid == "1"
    assert rss_item("<guid> </guid><guid>2</guid>").guid == "2"


def test_what_is_said_of_a_picture_is_not_the_items() -> None:
    picture = (
        '<media:content url="/a.jpg"><media:title>Picture</media:title>'
        "<media:description>Of it</media:description></media:content>"
    )
    only = rss_item(f"{picture}<title>A</title><description>Short</description>{picture}")
    assert (only.title, only.summary_html, only.content_html) == ("A", "Short", None)
    only = rss_item(picture)
    assert (only.title, only.summary_html) == ("Picture", "<p>Of it</p>")


def test_an_entry_without_author_has_its_sources() -> None:
    inside = "<id>1</id><source><title>S</title><author><name>Ada</name></author></source>"
    feed = atom(f"<author><name>Desk</name></author><entry>{inside}</entry><entry><id>2</id></entry>")
    assert [only.authors for only in feed.entries] == [("Ada",), ("Desk",)]
    assert feed.entries[0].source_title == "S"


def test_replies_are_comments() -> None:
    only = atom_entry('<id>1</id><link rel="replies" type="text/html" href="/a#comments"/>')
    assert only.comments_url == "https://news.example.test/a#comments"


def test_a_document_that_breaks_off_leaves_its_last_item_for_the_next_time() -> None:
    items = "<item><title>A</title><link>/a</link></item><item><title>B</title><link>/b"
    feed = read(f'<rss version="2.0"><channel>{items}'.encode(), URL, {})
    assert ([only.title for only in feed.entries], feed.cut_off) == (["A"], True)
    whole = read(f'<rss version="2.0"><channel>{items}</link></channel></rss>'.encode(), URL, {})
    assert ([only.title for only in whole.entries], whole.cut_off) == (["A", "B"], False)


def test_a_broken_document_without_items_is_no_feed_but_an_empty_channel_is() -> None:
    with pytest.raises(FeedUnreadable) as caught:
        read(b'<rss version="2.0"><channel><title>A</title>', URL, {})
    assert caught.value.reason == "not-a-feed"
    assert rss("").entries == ()


def test_dates_are_read_by_the_order_of_the_others() -> None:
    feed = rss("".join(f"<item><guid>{n}</guid><pubDate>{n}/11/2026</pubDate></item>" for n in (3, 22)))
    assert [only.published_at for only in feed.entries] == [
        datetime(2026, 11, 3, tzinfo=UTC),
        datetime(2026, 11, 22, tzinfo=UTC),
    ]


def test_items_that_depend_on_each_other_have_no_context() -> None:
    def context(*dates: str) -> str | None:
        items = "".join(f"<item><guid>{date}</guid><pubDate>{date}</pubDate></item>" for date in dates)
        source = f'<rss version="2.0"><channel><title>{len(dates)}</title>{items}</channel></rss>'
        return read_source(source, URL, {})[1]

    assert context("22/11/2026") == context("22/11/2026", "2026-11-22") is not None
    assert context("3/11/2026") is None
