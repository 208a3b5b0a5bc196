"""Site rules: what a user says about the pages of one site.

The cleaner finds the text of a page by what pages have in common. Where a site differs, a rule names the
elements that hold its text (`keep`), those that never belong to it (`drop`), whole lines that are none of it
(`drop_lines`), and where headline, authors, date and standfirst stand.

    RuleBook   all rules that there are       for_url(url) ──▶   SiteRules   those of one page, at work

Of the rules that apply to a page all drop, and the most specific one that has a `keep`, `title` … decides it.
Rules are plain values, checked by the `read_…` functions here; where they stand in a file, only the
configuration knows. Selectors are CSS, applied by `clean.selectors`.
"""

import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, cast
from urllib.parse import unquote, urlsplit

from ingestd.urls import is_http, site_of
from ingestd.values import Unusable, describe, read_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Longer lines are prose, and no furniture that a pattern should remove. It also bounds what a pattern costs.
LONGEST_LINE = 300
# A pattern with k of the parts that match almost anything looks at a line of n characters nᵏ times at worst.
MOST_WIDE_PARTS = 3
# `x{,20}` repeats too little to matter.
_FEW = 20

# What one selector of a rule is for, beside `keep` and `drop`.
Field = Literal["lead", "title", "authors", "date"]


@dataclass(frozen=True, slots=True)
class SiteRule:
    """One rule, as it was written."""

    # The site in lower case, without "www."; its subdomains belong to it.
    host: str
    # Why it is there: sites change, and whoever reads the rule in a year wants to know.
    because: str
    # Beginning of the paths that it is about; "*" stands for anything.
    path: str = "/"
    # CSS selectors of the elements that hold the text, and of those that are taken out.
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    # Regular expressions; a line that one of them matches as a whole is no part of the text.
    drop_lines: tuple[str, ...] = ()
    # CSS selectors of what the page shows of itself; None: found as everywhere.
    lead: str | None = None
    title: str | None = None
    authors: str | None = None
    date: str | None = None

    @property
    def specificity(self) -> tuple[int, int]:
        """Orders rules that apply to one page: the greater one is about fewer pages."""
        return len(self.host), len(self.path)

    def covers(self, url: str) -> bool:
        """Whether it is about the page at this address."""
        return self._covers_host(_host(url)) and _begins(unquote(urlsplit(url).path) or "/", self.path)

    def _covers_host(self, host: str) -> bool:
        return host == self.host or host.endswith("." + self.host)


@dataclass(frozen=True, slots=True)
class Hit:
    """What one selector or pattern of a rule found on a page."""

    rule: SiteRule
    # "keep", "drop", "drop_lines", "title" …
    key: str
    # The selector or pattern.
    written: str
    # Elements or lines, and the text of the first.
    count: int
    first: str = ""


@dataclass(frozen=True, slots=True)
class SiteRules:
    """The rules that apply to one page, the most specific first; never empty."""

    rules: tuple[SiteRule, ...]

    @property
    def because(self) -> str:
        """Why they are there."""
        return "; ".join(rule.because for rule in self.rules)

    def container(self, root: "HtmlElement") -> "tuple[HtmlElement, ...]":
        """The elements that hold the text, in reading order, none within another; () when no rule says.

        It is also () where the page has none of them: the rule is out of date, and any text is better.
        """
        selectors = next((rule.keep for rule in self.rules if rule.keep), ())
        return _outermost(root, _selected(root, selectors))

    def prune(self, root: "HtmlElement") -> int:
        """Take out of the tree what the rules drop, but for `root` itself; returns how many elements."""
        dropped = _selected(root, (css for rule in self.rules for css in rule.drop))
        found = [one for one in dropped if one is not root]
        for element in found:
            _drop(element)
        return len(found)

    def drops(self, line: str) -> bool:
        """Whether a line, its white space folded, is no part of the text."""
        if len(line) > LONGEST_LINE:
            return False
        return any(
            _pattern(written).fullmatch(line) is not None
            for rule in self.rules
            for written in rule.drop_lines
        )

    def stated(self, root: "HtmlElement", name: Field) -> tuple[str, ...]:
        """What stands where the rules say that a field stands; () when none says, or nothing stands there.

        White space is folded. Of a `<time>` or `<meta>` this is what its attribute says, of a link in a
        list of authors the link's own text.
        """
        css = next((found for rule in self.rules if (found := _selector_of(rule, name))), None)
        if css is None:
            return ()
        return tuple(text for one in _outermost(root, _selected(root, (css,))) if (text := _says(one, name)))

    def hits(self, root: "HtmlElement", lines: Iterable[str]) -> tuple[Hit, ...]:
        """What each selector and pattern finds, for whoever writes a rule. The tree is left as it is."""
        texts = [line for line in lines if len(line) <= LONGEST_LINE]
        found: list[Hit] = []
        for rule in self.rules:
            for key, css in _selectors_of(rule):
                elements = _selected(root, (css,))
                found.append(Hit(rule, key, css, len(elements), _text(elements[0]) if elements else ""))
            for written in rule.drop_lines:
                matched = [text for text in texts if _pattern(written).fullmatch(text)]
                found.append(Hit(rule, "drop_lines", written, len(matched), matched[0] if matched else ""))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Rules for any number of sites."""

    rules: tuple[SiteRule, ...] = field(default=())

    def about(self, url: str) -> "RuleBook | None":
        """The rules of that address's host alone, which cost nothing to hand to a worker; None: no rules."""
        host = _host(url)
        rules = tuple(rule for rule in self.rules if rule._covers_host(host))
        return RuleBook(rules) if rules else None

    def for_url(self, url: str) -> SiteRules | None:
        """The rules that apply to the page at that address; None when there are none."""
        rules = sorted((rule for rule in self.rules if rule.covers(url)), key=lambda rule: rule.specificity)
        return SiteRules(tuple(reversed(rules))) if rules else None


def _host(url: str) -> str:
    """The outlet of an address without a port: one site, wherever it is tried."""
    return site_of(url).partition(":")[0] if is_http(url) else ""


def _begins(path: str, pattern: str) -> bool:
    """Whether a path begins as the pattern says. Its pieces are looked for from left to right, so that no
    pattern takes long."""
    first, *others = pattern.split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for piece in others:
        at = path.find(piece, at) + len(piece)
        if at < len(piece):
            return False
    return True


# ---------------------------------------------------------------------------------- the tree


def _selectors_of(rule: SiteRule) -> list[tuple[str, str]]:
    """Every selector of a rule, with the key under which it stands."""
    found = [("keep", css) for css in rule.keep] + [("drop", css) for css in rule.drop]
    fields: tuple[Field, ...] = ("lead", "title", "authors", "date")
    return found + [(name, css) for name in fields if (css := _selector_of(rule, name))]


def _selector_of(rule: SiteRule, name: Field) -> str | None:
    return cast("str | None", getattr(rule, name))


def _selected(root: "HtmlElement", selectors: Iterable[str]) -> "list[HtmlElement]":
    from ingestd.clean.selectors import select

    return select(root, selectors)


def _outermost(root: "HtmlElement", elements: "Iterable[HtmlElement]") -> "tuple[HtmlElement, ...]":
    from ingestd.clean.selectors import outermost

    return outermost(root, elements)


def _says(element: "HtmlElement", name: Field) -> str:
    attributes = ("datetime", "content") if name == "date" else ("content",)
    given = next((text for key in attributes if (text := element.get(key))), None)
    return " ".join(given.split()) if given else _text(element)


def _text(element: "HtmlElement") -> str:
    return " ".join("".join(element.itertext()).split())


@lru_cache(maxsize=1000)
def _pattern(written: str) -> re.Pattern[str]:
    return re.compile(written)


# ---------------------------------------------------------------------------------- checking


def read_site(raw: object) -> str:
    """A host as `SiteRule.host` has it; raises Unusable, as all of these do."""
    host = read_text(raw).strip()
    if "*" in host:
        raise Unusable('a rule is about one site: write "example.org", which covers its subdomains, too')
    url = f"http://{host}/"
    if not host or re.search(r"[/?#@:\s]", host) or not is_http(url):
        raise Unusable(f'expected a host such as "example.org", got {describe(raw)}')
    return site_of(url)


def read_path(raw: object) -> str:
    """The beginning of a path."""
    path = read_text(raw)
    if not path.startswith("/") or "?" in path or "#" in path:
        raise Unusable(
            f'expected the beginning of a path such as "/live/" or "/*/live/", got {describe(raw)}'
        )
    return unquote(path)


def read_selector(raw: object) -> str:
    """A CSS selector that can be applied."""
    from ingestd.clean.selectors import why_unusable

    css = read_text(raw).strip()
    if not css:
        raise Unusable('expected a CSS selector such as "div.article-body", got an empty text')
    if wrong := why_unusable(css):
        raise Unusable(f"{describe(css)} is no CSS selector that can be used: {wrong}")
    return css


def read_line_pattern(raw: object) -> str:
    """A regular expression for whole lines that cannot run for ever on any line."""
    written = read_text(raw)
    if not written:
        raise Unusable("expected a regular expression, got an empty text")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            compiled = re.compile(written)
    except (re.error, FutureWarning, DeprecationWarning, OverflowError, RecursionError) as error:
        raise Unusable(f"{describe(written)} is no regular expression: {error}") from None
    if compiled.fullmatch("") or compiled.fullmatch(_ANY_LINE):
        raise Unusable(f"{describe(written)} matches any line: say what must stand in it")
    if slow := _why_slow(written):
        raise Unusable(f"{describe(written)} could take too long on some line: {slow}")
    return written


_TOKEN = re.compile(
    r"""
      (?P<escape>\\(?:[0-9]+|.))
    | (?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])
    | (?P<whole>\(\?(?:\#[^)]*|P=\w+|[aiLmsux]+)\))         # a comment, a reference, flags
    | (?P<open>\((?:\?(?:P?<[^>=!]+>|<?[=!]|[:>]|[a-zA-Z-]+:|\(\w+\)))?)
    | (?P<close>\))
    | (?P<repeat>(?:[*+?]|\{[0-9]*(?:,[0-9]*)?\})[?+]?)
    | (?P<any>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_BOUNDS = re.compile(r"\{([0-9]*)(?:(,)([0-9]*))?\}")
_WIDE = re.compile(r"\.|\\[SDW]|\[\^.*", re.DOTALL)


# Stands for a line of which nothing is known.
_ANY_LINE = "\uffff \uffff"


@dataclass(slots=True)
class _Group:
    """What stands in a group of a pattern, groups within it included."""

    # A repetition that may end sooner or later, and one that has no end.
    varies: bool = False
    is_endless: bool = False
    # An alternative.
    chooses: bool = False

    def takes_ages(self, repeated: float) -> bool:
        """Whether the group, repeated so often, can match one text in all too many ways."""
        return (repeated > 1 and self.is_endless) or (repeated > _FEW and (self.varies or self.chooses))

    def take_in(self, inner: "_Group") -> None:
        """Add what stands in a group within this one."""
        self.varies |= inner.varies
        self.is_endless |= inner.is_endless
        self.chooses |= inner.chooses


def _why_slow(written: str) -> str | None:
    """What in a pattern lets `re` try exponentially or all too many ways; None when nothing does.

    A repetition within a repeated group can be divided in 2ⁿ ways, and so can an alternative within one.
    This refuses some patterns that would be quick, because telling them apart takes far more.
    """
    groups, wide, last = [_Group()], 0, ""
    # The group that ended with the last token.
    closed: _Group | None = None
    for token in _TOKEN.finditer(written):
        kind, text = token.lastgroup, token[0]
        if kind == "repeat":
            most, varies = _repetition(text)
            if closed and closed.takes_ages(most):
                return "a repeated group has a repetition or an alternative in it"
            groups[-1].take_in(_Group(varies, is_endless=varies and most > _FEW))
            wide += varies and most > _FEW and _WIDE.fullmatch(last) is not None
        closed = groups.pop() if kind == "close" and len(groups) > 1 else None
        if closed:
            groups[-1].take_in(closed)
        elif kind == "open":
            groups.append(_Group())
        groups[-1].chooses |= text == "|"
        last = text
    return (
        f'"." or the like is repeated more than {MOST_WIDE_PARTS} times' if wide > MOST_WIDE_PARTS else None
    )


def _repetition(text: str) -> tuple[float, bool]:
    """How often "+", "{2,5}" … repeats at most, and whether it tries fewer, which "++" never does."""
    if text[0] == "?":
        return 1, text != "?+"
    if text[0] in "*+":
        return float("inf"), text[1:] != "+"
    bounds = _BOUNDS.match(text)
    assert bounds is not None
    least, comma, most = bounds.groups()
    if not comma:
        return float(least or "1"), False
    return float(most or "inf"), not text.endswith("+")


def _drop(element: "HtmlElement") -> None:
    """Take an element out of its tree; the text after it stays."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)
