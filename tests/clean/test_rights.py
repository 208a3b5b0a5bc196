import pytest

from ingestd.clean.rights import directives, read_rights
from ingestd.model import Rights
from tests.clean.declarations import declared, json_ld, meta

LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def _rights(head: str = "", body: str = "<p>x</p>", headers: dict[str, str] | None = None) -> Rights:
    page = declared(head, body, headers=headers)
    return read_rights(page, page.graph.story([]))


def _article(**fields: object) -> str:
    return json_ld({"@type": "NewsArticle", **fields})


def test_a_page_that_says_nothing_has_no_rights_stated() -> None:
    assert _rights() == Rights()


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (_article(license=LICENCE), ""),
        (_article(license={"@type": "CreativeWork", "url": LICENCE}), ""),
        (json_ld({"@type": "WebPage", "license": LICENCE}), ""),
        (f'<link rel="license" href="{LICENCE}">', ""),
        (meta("dcterms.license", LICENCE), ""),
        (
            "",
            f'<footer>Under a <a rel="license" href="{LICENCE}">Creative Commons</a> licence.</footer>',
        ),
        ("", f'<p>Text: <a href="{LICENCE}">CC BY 4.0</a>, name us</p>'),
    ],
)
def test_the_licence_is_read_where_it_is_stated(head: str, body: str) -> None:
    assert _rights(head, body).licence == LICENCE


def test_the_licence_of_a_picture_is_not_the_pages() -> None:
    caption = f'Bo Tern, <a rel="license" href="{LICENCE}">CC BY</a> licence'
    assert _rights(body=f"<figure><figcaption>{caption}</figcaption></figure>").licence is None


@pytest.mark.parametrize(
    ("fields", "free"),
    [
        ({"isAccessibleForFree": True}, True),
        ({"isAccessibleForFree": "False"}, False),
        ({"isAccessibleForFree": "http://schema.org/True"}, True),
        ({"hasPart": {"isAccessibleForFree": "False", "cssSelector": ".wall"}}, False),
        ({"hasPart": [{"isAccessibleForFree": False}], "isAccessibleForFree": True}, True),
        ({"isAccessibleForFree": "perhaps"}, None),
        ({"isAccessibleForFree": [True]}, None),
    ],
)
def test_access_is_free_or_not_as_stated(fields: dict[str, object], free: bool | None) -> None:
    assert _rights(_article(**fields)).free is free


def test_the_content_tier_tells_access_too() -> None:
    assert _rights(meta("article:content_tier", "locked")).free is False
    assert _rights(meta("article:content_tier", "free")).free is True
    assert _rights(meta("article:content_tier", "metered")).free is None


def test_robots_directives_come_from_meta_elements_and_the_header() -> None:
    head = (
        meta("robots", "INDEX, max-snippet: 50") + meta("Googlebot-News", "noindex") + meta("GPTBot", "noai")
    )
    headers = {"X-Robots-Tag": "noarchive, otherbot: noindex, nofollow"}
    assert _rights(head, headers=headers).robots == (
        *("googlebot-news: noindex", "gptbot: noai", "index", "max-snippet:50", "noarchive"),
        *("otherbot: nofollow", "otherbot: noindex"),
    )


def test_a_meta_element_that_only_sounds_like_a_robot_is_none() -> None:
    assert _rights(meta("robots-policy", "x") + meta("bottle", "y")).robots == ()


def test_a_date_in_a_directive_keeps_its_comma() -> None:
    value = "unavailable_after: Wed, 25 Jun 2025 15:00:00 PST, noindex"
    assert list(directives(value, "")) == ["unavailable_after:wed, 25 jun 2025 15:00:00 pst", "noindex"]


def test_senseless_directives_are_left_out() -> None:
    assert list(directives("<script>, ,,, x, noindex" + ", a" * 10_000, "")) == ["noindex"]


def test_the_tdm_reservation_is_read_in_the_page_before_the_headers() -> None:
    policy = "https://www.harbourpost.example/tdm.json"
    found = _rights(headers={"tdm-reservation": "1", "TDM-Policy": policy})
    assert (found.tdm_reserved, found.tdm_policy) == (True, policy)
    head = meta("tdm-reservation", "0") + meta("tdm-policy", "/tdm.json")
    found = _rights(head, headers={"tdm-reservation": "1"})
    assert (found.tdm_reserved, found.tdm_policy) == (False, policy)
