"""Which entries of a polled document are new, changed or seen."""

from ingestd.feeds.select import select
from ingestd.model import Entry, Selection

OWN_PAGE = "https://news.example.test/a"


def test_each_entry_goes_where_its_key_and_digest_say_in_document_order() -> None:
    new, changed, seen, other = (Entry(key, f"digest-{key}") for key in ("n", "c", "s", "o"))
    known = {"c": "an older digest", "s": "digest-s", "gone": "digest-gone"}
    assert select([new, changed, seen, other], known) == Selection((new, other), (changed,), (seen,))


def test_an_item_reissued_under_another_guid_is_seen() -> None:
    entry = Entry("new-key", "digest", page_url=OWN_PAGE)
    assert select([entry], {"old-key": "digest"}).seen == (entry,)


def test_an_equal_item_without_a_page_of_its_own_is_another_item() -> None:
    entry = Entry("new-key", "digest")
    assert select([entry], {"old-key": "digest"}).new == (entry,)


def test_an_empty_document_selects_nothing() -> None:
    assert select([], {"key": "digest"}) == Selection()
