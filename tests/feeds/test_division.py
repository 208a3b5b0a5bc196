"""A feed is cut into its items where that is plain, and nowhere else."""

import pytest

from ingestd.feeds import division
from ingestd.feeds.division import divided

HEAD = '<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>'
TAIL = "</channel></rss>"
ONE, TWO = "<item><title>1</title></item>", "<item><title>2</title></item>"


def pieces(source: str) -> tuple[str, ...] | None:
    found = divided(source)
    return found.items if found else None


@pytest.mark.parametrize("gap", ["", "\r\n\t ", "<!-- next -->", " <!-- a --> <!-- b - c -->\n"])
def test_items_are_found_with_what_is_around_them(gap: str) -> None:
    found = divided(HEAD + ONE + gap + TWO + gap + TAIL)
    assert found is not None
    assert (found.head, found.items, found.tail) == (HEAD, (ONE, TWO), gap + TAIL)
    assert found.without({0}) == f"{HEAD}\n{TWO}\n{gap}{TAIL}"


@pytest.mark.parametrize(
    "item",
    [
        "<item><![CDATA[</item><item>]]></item>",
        "<item><!-- </item><item> --></item>",
        "<item><![CDATA[<!-- ]]><title/></item>",
        "<item><items/><itemize>x</itemize><x.item/><news_item/></item>",
        '<item rdf:about="https://a.example/>?b=/>" a=\'"\'\n>x</item>',
        "<item\n>x</item\t>",
        "<item>&lt;/item&gt;&lt;item&gt;</item>",
    ],
)
def test_marks_of_items_that_are_none_are_stepped_over(item: str) -> None:
    assert pieces(HEAD + item + TWO + TAIL) == (item, TWO)


def test_each_format_has_its_own_name_for_items() -> None:
    entry = "<entry><title>1</title></entry>"
    assert pieces(f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>') == (entry,)
    assert pieces(f"<rdf:RDF><channel/>{ONE}{TWO}</rdf:RDF>") == (ONE, TWO)


@pytest.mark.parametrize(
    "prolog",
    [
        "",
        "<?xml version='1.0'?>\n<?xml-stylesheet href='a'?><!-- <rss> -->\n",
        '<!DOCTYPE rss PUBLIC "-//Netscape//DTD" "http://my.netscape.com/rss.dtd">',
    ],
)
def test_what_ordinary_feeds_begin_with_is_no_hindrance(prolog: str) -> None:
    assert pieces(f"{prolog}<rss>{ONE}</rss>") == (ONE,)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "text",
        HEAD + TAIL,
        HEAD + ONE,
        HEAD + "<item>" + ONE + "</item>" + TAIL,
        HEAD + ONE + "</item>" + TAIL,
        HEAD + "</item><item>" + TAIL,
        HEAD + ONE + "<item><title>" + TAIL,
        HEAD + ONE + "<item/>" + TAIL,
        HEAD + ONE + "<Item></Item>" + TAIL,
        HEAD + ONE + "<a:item></a:item>" + TAIL,
        HEAD + ONE.replace("1", "<entry/>") + TAIL,
        HEAD + "<item a=b></item>" + TAIL,
        HEAD + "<item a='<'></item>" + TAIL,
        HEAD + "<item></item x>" + TAIL,
        HEAD + ONE + "<title/>" + TWO + TAIL,
        HEAD + ONE + "text" + TWO + TAIL,
        HEAD + ONE + "<![CDATA[ ]]>" + TWO + TAIL,
        HEAD + ONE + "<title>late</title>" + TAIL,
        HEAD + ONE + TAIL + "text",
        HEAD + ONE + "<!-- open" + TAIL,
        HEAD + "<item><![CDATA[open</item>" + TAIL,
        HEAD + "<item><?php 1 ?></item>" + TAIL,
        HEAD + "<!-- <![CDATA[ -->" + ONE + TAIL,
        HEAD + TAIL + ONE,
        "<a>" + ONE + "</a>",
        "warning" + HEAD + ONE + TAIL,
        '<!DOCTYPE rss [<!ENTITY a "b">]>' + HEAD + ONE + TAIL,
        '<!-- <!ENTITY a "b"> -->' + HEAD + ONE + TAIL,
        "<a:feed><a:entry/></a:feed>",
        "<feed>" + ONE + "</feed>",
    ],
)
def test_the_least_doubt_leaves_the_document_whole(source: str) -> None:
    assert divided(source) is None


def test_a_document_that_the_reader_may_not_read_to_its_end_stays_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert divided(HEAD + ONE + TAIL) is not None
    monkeypatch.setattr(division, "MAX_ELEMENTS", 10)
    assert divided(HEAD + ONE + TAIL) is None


@pytest.mark.parametrize(
    "unit", ["<!--", "<![CDATA[", "<item ", "<item a='", "<!-- -", "<?", "</item", "<a:", " "]
)
def test_no_document_takes_long_to_refuse(unit: str) -> None:
    assert divided(HEAD + ONE + unit * 30_000 + TAIL) is None or not unit.strip()
    assert divided(unit * 30_000 + HEAD) is None
