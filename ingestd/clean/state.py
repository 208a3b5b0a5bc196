"""Text that a page carries only in the state of its scripts, for pages that are built in the browser.

Frameworks store what they show as JSON: in script elements of type application/json, or assigned to a
variable. An article there is a list of strings under one key, or one string of HTML. It is looked for by its
shape: the key whose strings together hold the most prose, in a document that also has the page's headline.
"""

import json
import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from ingestd.clean.boilerplate import reads_as_prose, squeeze, text_weight

# A text in script state has at least so much prose; labels and messages have less under one key.
_LEAST_WEIGHT = 600
# The largest state of a news page met has about two million characters.
_MOST_CHARACTERS = 4_000_000
_MOST_VALUES = 200_000

_ASSIGNED = re.compile(r"^[^{\[\"]{0,200}?=\s*(?=[{\[])")
_MARKUP = re.compile(r"<(?:p|br|div|h[1-6]|li)\b", re.IGNORECASE)
_NOT_THE_TEXT = re.compile(
    r"comment|related|recommend|teaser|cookie|consent|privacy|translation|i18n|locale|message|label|config|"
    r"caption|bio|description|seo|disclaimer",
    re.IGNORECASE,
)


def text_in_scripts(root: HtmlElement, headlines: frozenset[str]) -> str | None:
    """HTML or lines of the article in the page's script state; None when there is none."""
    best: list[str] = []
    weight = float(_LEAST_WEIGHT)
    for document in _documents(root):
        strings, titled = _strings(document, headlines)
        for found in strings.values() if titled else ():
            held = sum(text_weight(one) for one in found)
            if held > weight:
                best, weight = found, held
    if not best:
        return None
    return "".join(one if _MARKUP.search(one) else f"<p>{one}</p>" for one in dict.fromkeys(best))


def _documents(root: HtmlElement) -> Iterator[object]:
    for script in root.iter("script"):
        kind = (script.get("type") or "").lower()
        text = (script.text or "").strip()
        if "ld+json" in kind or not _LEAST_WEIGHT <= len(text) <= _MOST_CHARACTERS:
            continue
        text = _ASSIGNED.sub("", text)
        if text[0] in "{[":
            try:
                yield json.JSONDecoder().raw_decode(text)[0]
            except (ValueError, RecursionError):
                continue


def _strings(document: object, headlines: frozenset[str]) -> tuple[dict[tuple[str, ...], list[str]], bool]:
    """The strings that read as prose, by the keys that lead to them, and whether a headline is among all."""
    found: dict[tuple[str, ...], list[str]] = {}
    titled = False
    stack: list[tuple[tuple[str, ...], object]] = [((), document)]
    for _ in range(_MOST_VALUES):
        if not stack:
            break
        path, value = stack.pop()
        if isinstance(value, dict):
            stack += [((*path[-5:], str(key)), one) for key, one in reversed(value.items())]
        elif isinstance(value, list):
            stack += [(path, one) for one in reversed(value)]
        elif isinstance(value, str):
            titled = titled or squeeze(value[:300]) in headlines
            if reads_as_prose(value[:400]) and not any(map(_NOT_THE_TEXT.search, path[-2:])):
                found.setdefault(path, []).append(value)
    return found, titled
