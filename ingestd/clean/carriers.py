"""Where a page holds text that is not shown: scripts, templates, fields, attributes, as plain values."""

import re
from collections.abc import Collection, Iterator
from itertools import chain, islice

from lxml import etree
from lxml.html import HtmlElement

from ingestd.clean.script_strings import is_flat, read_flat, read_flight, read_json, read_script, unescaped

# What is shorter holds no article.
LEAST_CHARACTERS = 400
# The largest state of a news page met has about two million characters.
_MOST_CHARACTERS = 6_000_000
_MOST_TEMPLATES, _MOST_ATTRIBUTES = 200, 300

_TEMPLATE = re.compile(r"<(/?)template\b", re.IGNORECASE)
_PUSHED = re.compile(r'\.push\(\s*\[\s*1\s*,\s*"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_ENQUEUED = re.compile(r'\.enqueue\(\s*"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_CHUNK = re.compile(r"^(?:P\d+:)?(?=\[)")
_MARKUP_TYPES = re.compile(
    r"text/(?:x-)?(?:html|template|handlebars|mustache|ng-template)|x-template", re.IGNORECASE
)
# Attributes that are never text.
_NO_TEXT = frozenset(
    "action class d href id points sizes src srcset style transform integrity alt title".split()
)


def carried(root: HtmlElement, telling: Collection[str] = ()) -> Iterator[object]:
    """Values as JSON has them (strings may be HTML or hold JSON again), one for each carrier of the page.

    With `telling` strings only the scripts that have one of them are read.
    """
    budget = _MOST_CHARACTERS
    pushed: list[str] = []
    enqueued: list[str] = []
    for script in root.iter("script"):
        text = (script.text or "").strip()
        kind = (script.get("type") or "").lower()
        if "ld+json" in kind or not text or (telling and not any(one in text for one in telling)):
            continue
        budget -= len(text)
        if budget < 0:
            break
        if "__next_f" in text[:200]:
            pushed += _PUSHED.findall(text)
        elif ".enqueue(" in text[:400]:
            enqueued += _ENQUEUED.findall(text)
        elif len(text) >= LEAST_CHARACTERS:
            yield from _script(text, kind)
    if pushed:
        yield from read_flight("".join(map(unescaped, pushed)))
    if enqueued:
        yield from _streamed("".join(map(unescaped, enqueued)))
    if not telling:
        yield from _elements(root, budget)


def _script(text: str, kind: str) -> Iterator[object]:
    if _MARKUP_TYPES.search(kind):
        yield {"template": text}
    elif "json" in kind:
        value = read_json(text)
        if isinstance(value, list) and is_flat(value):
            yield from read_flat(value)
        else:
            yield value
    else:
        yield from read_script(text)


def _streamed(text: str) -> Iterator[object]:
    values: list[object] = []
    for line in text.split("\n"):
        if match := _CHUNK.match(line):
            chunk = read_json(line[match.end() :])
            values += chunk if isinstance(chunk, list) else []
    yield from read_flat(values)


def _elements(root: HtmlElement, budget: int) -> Iterator[object]:
    found = chain(
        islice(_templates(root), _MOST_TEMPLATES),
        ({"textarea": one.text} for one in root.iter("textarea") if len(one.text or "") >= LEAST_CHARACTERS),
        islice(_attributes(root), _MOST_ATTRIBUTES),
    )
    for value in found:
        yield value
        budget -= sum(len(text or "") for text in value.values())
        if budget < 0:
            break


def _templates(root: HtmlElement) -> Iterator[dict[str, str | None]]:
    for template in root.iter("template"):
        if next(template.iterancestors("template"), None) is None:
            yield {"template": _inside(template)}


def _attributes(root: HtmlElement) -> Iterator[dict[str, str | None]]:
    for element in root.iter(etree.Element):
        if not element.attrib or element.tag == "meta":
            continue
        for name, value in element.items():
            if len(value) >= LEAST_CHARACTERS and name not in _NO_TEXT and not name.startswith("on"):
                yield {name.removeprefix("data-").lstrip(":"): value}


def _inside(template: HtmlElement) -> str:
    """The HTML in a template, and in those within it."""
    return _TEMPLATE.sub(
        r"<\1div", etree.tostring(template, encoding="unicode", method="html", with_tail=False)
    )
