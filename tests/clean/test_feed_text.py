"""The text that a feed carries: whether it is the whole, and whether it is taken over the page's."""

import pytest

from ingestd.clean.feed_text import FeedText, breaks_off, choose, read_feed_text

from .pages import STORY

TEXT = "\n\n".join(STORY.paragraphs)
HTML = "".join(f"<p>{paragraph}</p>" for paragraph in STORY.paragraphs)
URL = "https://www.harbourpost.example/a"


def read(content: str | None, summary: str | None = None) -> FeedText | None:
    return read_feed_text(content, summary, URL, lambda line: line == "AFP")


def full(text: str) -> FeedText:
    feed = read("".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n\n")))
    assert feed is not None
    assert feed.full
    return feed


class TestReading:
    def test_the_full_form_goes_first_and_the_short_one_follows_where_it_is_blank(self) -> None:
        feed = read(HTML, "<p>Summary.</p>")
        assert feed is not None
        assert (feed.text, feed.full) == (TEXT, True)
        feed = read("<img src='a.jpg'>", HTML)
        assert feed is not None
        assert feed.text == TEXT

    def test_without_any_text_there_is_none(self) -> None:
        assert read(None, None) is None
        assert read(" ", "<img src='a.jpg'>") is None

    def test_a_short_form_must_be_long_to_be_the_whole(self) -> None:
        some = "".join(f"<p>{paragraph}</p>" for paragraph in STORY.paragraphs[:3])
        content, summary = read(some), read(None, some)
        assert content is not None
        assert summary is not None
        assert (content.full, summary.full) == (True, False)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("The boats come in.", False),
        ("The boats come in […]", True),
        ("The boats come in…", True),
        ("The boats come in ... Read more »", True),
        ("The boats come in. Continue reading", True),
        ("The boats come in. Weiterlesen", True),
        ("船只中午进港。阅读全文", True),
        ("The boats come in. The post Boats appeared first on Harbour Post.", False),
        ("The boats […] The post Boats appeared first on Harbour Post.", True),
        ("Der Hafen […] Der Beitrag Boote erschien zuerst auf Hafenpost.", True),
        ("He said that there is more to read in the log than one can read, and read more…", True),
        ("Whoever wants to read more about it has to ask the harbour master.", False),
    ],
)
def test_how_a_text_breaks_off(text: str, cut: bool) -> None:
    assert breaks_off(text) is cut


class TestChoosing:
    def test_of_two_that_agree_the_page_is_taken(self) -> None:
        choice = choose(TEXT, full(TEXT))
        assert not choice.feed
        assert choice.reason.startswith("page and feed agree by 100%: 206 words in the feed, 206 on the page")

    def test_a_page_with_much_less_gives_way(self) -> None:
        choice = choose(STORY.paragraphs[0], full(TEXT))
        assert choice.feed
        assert choice.reason == (
            "the feed's text is much longer: 206 words in the feed, 33 on the page, of which it has 100%"
        )

    def test_a_page_with_another_text_gives_way_to_a_long_one(self) -> None:
        other = "Comment of a reader who has been to the pier and writes about nothing but his cat. " * 20
        assert choose(other, full(TEXT)).feed
        assert not choose(other, full("\n\n".join(STORY.paragraphs[:3]))).feed

    def test_a_page_that_has_more_than_the_feed_keeps_it(self) -> None:
        assert not choose(TEXT, full("\n\n".join(STORY.paragraphs[:3]))).feed

    def test_a_little_more_in_the_feed_is_no_reason(self) -> None:
        assert not choose("\n\n".join(STORY.paragraphs[:6]), full(TEXT)).feed
