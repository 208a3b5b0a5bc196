"""Text that a page carries only where nobody sees it, for pages that are built in the browser.

Frameworks store what they show in scripts, templates, hidden fields and attributes (carriers.py). An article
there is a list of blocks, or one string of HTML. It is looked for by its shape: the keys under which the most
prose stands, in the object that also has the page's headline.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from typing import TypeAlias

from lxml.html import HtmlElement

from ingestd.clean.boilerplate import reads_as_prose, squeeze, text_weight
from ingestd.clean.carriers import carried
from ingestd.clean.rich_text import (
    Node,
    element_of,
    inline_text,
    is_passed_over,
    kind_of,
    reads_as_line,
    tag_of,
)
from ingestd.clean.script_strings import Pieces, is_flat, plain_value, read_flat, read_string
from ingestd.clean.wall_words import ABOUT_DATA

# A text in script state has at least so much prose; labels and messages have less under one key.
_LEAST_WEIGHT = 600
# So much it has where the page's headline is not in the document, but its key says what it is; and so much
# where another headline stands beside it.
_LEAST_UNTITLED, _LEAST_FOREIGN = 900, 1500
# So many places of a headline are looked at.
_MOST_OWNERS = 50
_SHORTEST_TITLE = 3
_NEVER = 1e9
_SAID = frozenset("body children content html items text value".split())
_PROPERTIES = frozenset("attributes attrs data fields props".split())
# What is shorter, in an object of no kind, is no text.
_SHORTEST_TEXT = 20
_HOLDERS = (dict, list, Pieces)
_MOST_VALUES = 400_000
# Keys below that depth are not told apart.
_DEEPEST = 40
_LONGEST_HEADLINE = 300
# So much of a string is looked at to see what it is.
_BEGINNING = 1000
# The headline's object has the text in it: it counts that much more. So does text that is set in paragraphs,
# and text beside another headline counts less.
_OWNED, _FOREIGN, _SET = 3.0, 0.5, 1.3

_MARKUP = re.compile(r"<(?:p|br|div|h[1-6]|li|section|article|template)\b", re.IGNORECASE)
_ESCAPED_MARKUP = re.compile(r"&lt;(?:p|br|div|h[1-6])\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,1000}>")
_ANY_MARKUP = re.compile(r"</?[a-zA-Z]|&(?:#\w+|[a-zA-Z]+);")
_CODE = re.compile(r"\bfunction\s*\(|=>|\bvar [\w$]+\s*=|\{\{|@media|[{;]\s*[\w-]+\s*:[^;{}]{1,40};")
_BLANK_LINES = re.compile(r"\n\s*\n")
_LONGEST_KEY = 60
# Nothing below such a key is the article's text.
_ASIDE = re.compile(
    r"comment(?!ar)|related|recommend|teaser|cookie|consent|privacy|translation|i18n|locale|trending|popular|"
    r"most_?read|newsletter|footer|sidebar|read_?more|also_?read|latest|disqus",
    re.IGNORECASE,
)
# Nor is what stands at such a key, or one above it.
_NOT_THE_TEXT = re.compile(
    r"message|label|config|caption|bio$|biograph|authors?$|description|seo|disclaimer|excerpt|summary|transcript|"
    r"prompt|teaser|meta$|url$|css|style|reply|replies",
    re.IGNORECASE,
)
_TITLE_KEY = re.compile(r"(?:head|sub)?(?:title|line|ing)s?|headlines?", re.IGNORECASE)
_TEXT_KEY = re.compile(
    r"(?:\w*[_-]?)?(?:body|content|contents|html|text|article|story|paragraphs?|blocks?|template|textarea|"
    r"value|write|page|srcdoc|story|inhalt|contenu|contenido|corps|cuerpo|corpo|texte?o?)\w*",
    re.IGNORECASE,
)
_ID_KEY = re.compile(r"^(?:\d+|[0-9a-f-]{16,})$|(?<=:).*$", re.DOTALL)

_Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class _Held:
    """A text and where in a document it stands."""

    path: _Path
    text: str
    # Kind of the object that it is of: "paragraph", "header"; "" for none.
    kind: str
    prose: bool
    html: bool
    weight: float


@dataclass(slots=True)
class _Document:
    """What one carrier holds."""

    texts: list[_Held] = field(default_factory=list)
    # Paths of the objects that have the page's headline.
    owners: list[_Path] = field(default_factory=list)
    # Paths of the objects that have another headline.
    foreign: set[_Path] = field(default_factory=set)


def text_in_scripts(root: HtmlElement, headlines: frozenset[str]) -> str | None:
    """HTML of the article that the page carries unseen; None when there is none. `headlines` are squeezed."""
    best: list[_Held] = []
    score = 0.0
    for value in carried(root):
        document = _Reading(headlines).read(value)
        for found, worth in _groups(document):
            if worth > score:
                best, score = _with_neighbours(found, document.texts), worth
    return "".join(_as_html(held) for held in _once(best)) or None


def _once(texts: list[_Held]) -> Iterator[_Held]:
    seen: set[str] = set()
    for held in texts:
        if held.text not in seen:
            seen.add(held.text)
            yield held


def _as_html(held: _Held) -> str:
    if held.html:
        return held.text
    tag = tag_of(held.kind)
    text = held.text if _ANY_MARKUP.search(held.text) else escape(held.text, quote=False)
    text = text.strip()
    parted = _BLANK_LINES.split(text) if _BLANK_LINES.search(text) else text.split("\n")
    return "".join(f"<{tag}>{one}</{tag}>" for one in parted)


# ------------------------------------------------------------------------------- choosing


def _groups(document: _Document) -> Iterator[tuple[list[_Held], float]]:
    """The prose that stands under the same keys, and what it is worth."""
    groups: dict[tuple[str, ...], list[_Held]] = {}
    for held in document.texts:
        if held.prose:
            groups.setdefault(_shape(held.path), []).append(held)
    for shape, texts in groups.items():
        owner = _owner_of(texts, document)
        kept = [text for text in texts if _is_below(text, owner)] if owner else _one_of(texts)
        weight = sum(text.weight for text in kept)
        foreign: set[_Path | None] = {None}
        if owner is None:
            foreign = {_titled_otherwise(text.path, document) for text in texts}
        least = _LEAST_WEIGHT if document.owners else _least_untitled(shape, kept, foreign)
        if weight > least:
            is_set = len(kept) > 2 or any(text.html for text in kept)
            nearness = _FOREIGN if foreign != {None} else 1.0 if owner is None else _OWNED
            yield kept, weight * nearness * (_SET if is_set else 1.0)


def _owner_of(texts: list[_Held], document: _Document) -> _Path | None:
    """The largest object that has the page's headline and any of the texts; None when there is none."""
    owners = document.owners[:_MOST_OWNERS]
    return min((one for one in owners if any(_is_below(text, one) for text in texts)), key=len, default=None)


def _least_untitled(shape: tuple[str, ...], kept: list[_Held], foreign: set[_Path | None]) -> float:
    """How much prose makes an article of what stands in a document without the page's headline."""
    begins = " ".join(text.text[:_BEGINNING] for text in kept[:3])
    is_about_data = len({word.lower() for word in ABOUT_DATA.findall(begins)}) > 1
    if is_about_data or len(foreign) > 1 or not any(map(_TEXT_KEY.fullmatch, shape[-3:])):
        return _NEVER
    return _LEAST_UNTITLED if foreign == {None} else _LEAST_FOREIGN


def _titled_otherwise(path: _Path, document: _Document) -> _Path | None:
    """The innermost object around a text that has another headline than the page; None when there is none."""
    return next((path[:end] for end in reversed(range(len(path))) if path[:end] in document.foreign), None)


def _shape(path: _Path) -> tuple[str, ...]:
    return tuple(_ID_KEY.sub("#", key) for key in path if key and isinstance(key, str))


def _is_below(held: _Held, owner: _Path) -> bool:
    return held.path[: len(owner)] == owner


def _one_of(texts: list[_Held]) -> list[_Held]:
    """The longest, where each is an article of its own."""
    whole = [text for text in texts if text.html and text.weight > _LEAST_WEIGHT]
    return [max(whole, key=lambda text: text.weight)] if len(whole) * 2 > len(texts) else texts


def _with_neighbours(found: list[_Held], texts: list[_Held]) -> list[_Held]:
    """The texts found, and between them those of other kinds: headings, lists, quotations."""
    if len(found) < 2:
        return found
    first, last = found[0].path, found[-1].path
    shared = 0
    while shared < min(len(first), len(last)) and first[shared] == last[shared]:
        shared += 1
    around, keys = first[:shared], {_leaf(one.path) for one in found}
    chosen = set(map(id, found))
    return [
        one
        for one in texts
        if id(one) in chosen or (one.path[:shared] == around and (one.kind or _leaf(one.path) in keys))
    ]


def _leaf(path: _Path) -> str:
    return next((key for key in reversed(path) if isinstance(key, str)), "")


# ------------------------------------------------------------------------------- reading


class _Reading:
    """One walk over a document in its order, without recursion."""

    def __init__(self, headlines: frozenset[str]) -> None:
        self._headlines = headlines
        self._shortest = min(map(len, headlines), default=_SHORTEST_TEXT)
        self._found = _Document()
        self._seen: set[int] = set()
        self._named: dict[str, object] = {}
        self._stack: list[tuple[_Path, str, object]] = []

    def read(self, document: object) -> _Document:
        self._stack.append(((), "", document))
        for _ in range(_MOST_VALUES):
            if not self._stack:
                break
            path, kind, value = self._stack.pop()
            value = plain_value(value)
            if isinstance(value, str):
                self._read_string(path, kind, value)
            elif isinstance(value, (dict, list)) and id(value) not in self._seen:
                self._seen.add(id(value))
                self._open(path, kind, value)
        return self._found

    def _open(self, path: _Path, kind: str, value: dict[str, object] | list[object]) -> None:
        node: Node | None = value if isinstance(value, dict) else element_of(value)
        if node is None:
            self._push(path, kind, enumerate(value))
            return
        reference = node.get("__ref") or (node.get("id") if node.get("type") == "id" else None)
        if isinstance(reference, str) and reference in self._named:
            self._stack.append((path, kind, self._named[reference]))
            return
        # The properties of a block are of its kind.
        kind = kind_of(node) or (kind if _leaf(path) in _PROPERTIES else "")
        if is_passed_over(kind):
            return
        if reads_as_line(node, kind):
            self._read_line(path, kind, inline_text(node))
            return
        titles = (node.get("title"), node.get("headline"))
        if any(isinstance(one, str) and self._is_other(one) for one in titles):
            self._found.foreign.add(path)
        if any(":" in key for key in node):
            self._named.update(node)
        keys = ((key[:_LONGEST_KEY], one) for key, one in node.items())
        self._push(path, kind, ((key, one) for key, one in keys if not _is_aside(key)))

    def _push(self, path: _Path, kind: str, values: Iterable[tuple[str | int, object]]) -> None:
        """Lay what is in a container on the stack, without what can be neither headline nor text."""
        shortest = 0 if kind else self._shortest
        inner = [
            ((*path, key) if len(path) < _DEEPEST else path, kind, one)
            for key, one in values
            if (len(one) >= shortest if isinstance(one, str) else isinstance(one, _HOLDERS))
        ]
        inner.reverse()
        self._stack += inner

    def _is_other(self, title: str) -> bool:
        return _SHORTEST_TITLE <= len(title) < _LONGEST_HEADLINE and squeeze(title) not in self._headlines

    def _read_line(self, path: _Path, kind: str, text: str) -> None:
        if len(text) < _LONGEST_HEADLINE and squeeze(text) in self._headlines:
            self._found.owners.append(path[:-1])
        else:
            self._hold(path, kind, text, is_line=True)

    def _read_string(self, path: _Path, kind: str, text: str) -> None:
        if len(text) < _LONGEST_HEADLINE and squeeze(text) in self._headlines:
            self._found.owners.append(_owner(path))
            return
        if len(text) > 100 and (value := read_string(text)) is not None:
            values = read_flat(value) if isinstance(value, list) and is_flat(value) else (value,)
            self._stack += [(path, kind, one) for one in values]
            return
        self._hold(path, kind, text)

    def _hold(self, path: _Path, kind: str, text: str, *, is_line: bool = False) -> None:
        keys = [key for key in path[-3:] if isinstance(key, str)][-2:]
        if not text.strip() or any(map(_NOT_THE_TEXT.search, keys)):
            return
        if _ESCAPED_MARKUP.search(text[:_BEGINNING]) and not _MARKUP.search(text):
            text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
        html = _MARKUP.search(text) is not None
        plain = _TAG.sub(" ", text) if "<" in text else text
        prose = reads_as_prose(" ".join(plain[: 3 * _BEGINNING].split())[:_BEGINNING])
        prose = prose and " " in plain[:100].strip() and not _CODE.search(plain[:_BEGINNING])
        # Of a block, what is said in it may be short: a heading, an item of a list.
        if prose or (kind and (is_line or _leaf(path) in _SAID)):
            weight = text_weight(plain) if prose else 0.0
            self._found.texts.append(_Held(path, text, kind, prose, html, weight))
        if html and any(one in squeeze(plain[: 3 * _BEGINNING]) for one in self._headlines if len(one) > 15):
            self._found.owners.append(path)


@lru_cache(maxsize=4096)
def _is_aside(key: str) -> bool:
    return _ASIDE.search(key) is not None


def _owner(path: _Path) -> _Path:
    """The object that a headline is of: {"title": …} or {"title": {"text": …}}."""
    at = len(path) - 1
    while at > 0 and isinstance(key := path[at - 1], str) and _TITLE_KEY.fullmatch(key):
        at -= 1
    return path[: max(at, 0)]
