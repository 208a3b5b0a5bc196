"""What the publisher says about the use of a page: evidence for those who use it, no judgement.

Licence (rel=license, schema.org, Dublin Core, Creative Commons), access (schema.org isAccessibleForFree),
robots directives (meta elements and X-Robots-Tag), and the TDM Reservation Protocol (W3C, 2024).
"""

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from ingestd.clean.declared import Declared
from ingestd.clean.json_ld import Json, address, listed, name
from ingestd.model import Rights

_LICENCE_META = (
    "dcterms.license",
    "dc.license",
    "license",
    "cc:license",
    "dcterms.rights",
    "dc.rights",
    "rights",
)
# What stands in these is a picture's licence.
_OF_PICTURES = frozenset(("figure", "figcaption", "picture"))
# Parts of the word licence in many languages, and of what its most common ones are called.
_LICENCE_WORDS = ("icen", "izen", "reative", "CC", "ицен", "іценз")
_CREATIVE_COMMONS = "creativecommons.org/licenses/"
_MOST_LINES, _MOST_LINKS = 10, 50
_LONGEST_LICENCE = 300

# A meta element is addressed to robots when it is called so, or like one of them.
_ROBOT = re.compile(r"(?:[\w-]*(?:bot|crawler|spider)(?:-[a-z]+)?|slurp|google-extended|ia_archiver)\Z")
_ALL_ROBOTS = frozenset(("robots", "robot"))
# These have a value behind a colon; before any other colon stands a robot's name.
_VALUED = ("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after")
_DIRECTIVE = re.compile(r"[a-z][a-z_-]{1,40}(?::.{0,60})?\Z")
_MOST_DIRECTIVES = 60


def read_rights(page: Declared, story: Json) -> Rights:
    """What the page, its JSON-LD and its response headers say about its use."""
    return Rights(
        licence=next((licence[:_LONGEST_LICENCE] for licence in _licences(page, story) if licence), None),
        free=_free(page, story),
        robots=tuple(sorted(set(_robots(page)))),
        tdm_reserved=_reserved(page.first("tdm-reservation") or page.headers.get("tdm-reservation")),
        tdm_policy=page.absolute(page.first("tdm-policy") or page.headers.get("tdm-policy")),
    )


# ---------------------------------------------------------------------------------- licence and access


def _licences(page: Declared, story: Json) -> Iterator[str | None]:
    for node in (story, page.graph.page):
        for stated in listed(node.get("license")):
            yield address(stated) or name(stated)
    for rel, reference in page.links:
        if "license" in rel:
            yield page.absolute(reference)
    yield from (content for key, content in page.all(_LICENCE_META[:4]))
    yield from _linked_licences(page)
    yield from (content for key, content in page.all(_LICENCE_META[4:]) if "://" in content)


def _linked_licences(page: Declared) -> Iterator[str | None]:
    """Licences that readers are told of, with a link to them."""
    partly = (line for line in page.lines if 0 < line.linked < len(line.text))
    telling = (line.element for line in partly if any(word in line.text for word in _LICENCE_WORDS))
    for element in islice(telling, _MOST_LINES):
        licensed = [link for link in islice(element.iter("a"), _MOST_LINKS) if _is_licence(link)]
        if licensed and not any(one.tag in _OF_PICTURES for one in (element, *element.iterancestors())):
            yield page.absolute(licensed[0].get("href"))


def _is_licence(link: HtmlElement) -> bool:
    return "license" in (link.get("rel") or "") or _CREATIVE_COMMONS in (link.get("href") or "")


def _free(page: Declared, story: Json) -> bool | None:
    """Whether one may read on without paying; parts that are not free make the whole not free."""
    stated = _truth(story.get("isAccessibleForFree"))
    if stated is None:
        stated = _truth(page.graph.page.get("isAccessibleForFree"))
    parts = (part for part in listed(story.get("hasPart")) if isinstance(part, dict))
    if stated is None and any(_truth(part.get("isAccessibleForFree")) is False for part in parts):
        return False
    if stated is None:
        return {"locked": False, "paid": False, "free": True}.get(
            (page.first("article:content_tier") or "").lower()
        )
    return stated


def _truth(value: object) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower().rpartition("/")[2])
    return value if isinstance(value, bool) else None


def _reserved(value: str | None) -> bool | None:
    return {"1": True, "0": False}.get((value or "").strip()[:1])


# ---------------------------------------------------------------------------------- robots


def _robots(page: Declared) -> Iterator[str]:
    for key, contents in page.meta.items():
        if key in _ALL_ROBOTS or _ROBOT.match(key):
            robot = "" if key in _ALL_ROBOTS else key
            for content in contents:
                yield from directives(content, robot)
    yield from directives(page.headers.get("x-robots-tag") or "", "")


def directives(content: str, robot: str) -> Iterator[str]:
    """The directives in a meta element or header, lower case; behind their robot where one is addressed.

    A robot that is named stays addressed until the next one is (repeated headers arrive joined by commas).
    """
    for token in _tokens(content.lower())[:_MOST_DIRECTIVES]:
        key, colon, value = (part.strip() for part in token.partition(":"))
        if colon and key not in _VALUED:
            robot, directive = key, value
        else:
            directive = f"{key}:{value}" if colon else key
        if _DIRECTIVE.match(directive):
            yield f"{robot}: {directive}" if robot else directive


def _tokens(content: str) -> list[str]:
    """What stands between commas; the date of unavailable_after has commas of its own."""
    tokens: list[str] = []
    for piece in content.split(","):
        token = piece.strip()
        if tokens and "unavailable_after" in tokens[-1] and token[:1].isdigit():
            tokens[-1] += f", {token}"
        elif token:
            tokens.append(token)
    return tokens
