"""What site rules find on a page, for whoever writes one."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ingestd.cli import show

if TYPE_CHECKING:
    from ingestd.clean.rules import Hit, RuleBook, SiteRule

# So much of the first thing that was found is shown.
LONGEST_SAMPLE = 100


def hits(book: "RuleBook", body: bytes, url: str, headers: Mapping[str, str]) -> "tuple[Hit, ...]":
    """What each line of the rules that apply to a page finds on it; () when none applies."""
    from ingestd.clean.decode import decode
    from ingestd.clean.tree import blocks, parse_html

    rules = book.for_url(url)
    root = parse_html(decode(body, headers)) if rules else None
    if rules is None or root is None:
        return ()
    return rules.hits(root, (line.text for line in blocks(root)))


def as_list(found: "Sequence[Hit]") -> list[dict[str, Any]]:
    """For programs."""
    return [
        {
            "host": one.rule.host,
            "path": one.rule.path,
            "because": one.rule.because,
            "key": one.key,
            "written": one.written,
            "count": one.count,
            "first": one.first,
        }
        for one in found
    ]


def draw(found: "Sequence[Hit]", book: "RuleBook", url: str) -> None:
    """The rules that apply to a page, one after the other, with a warning where a line finds nothing."""
    if not found:
        hosts = ", ".join(dict.fromkeys(rule.host + rule.path for rule in book.rules)) or "none"
        show.say(f"No rule is about {show.safe(url)}; there are rules for: {hosts}\n")
        return
    for rule in dict.fromkeys(one.rule for one in found):
        _draw(rule, [one for one in found if one.rule == rule])


def _draw(rule: "SiteRule", found: "Sequence[Hit]") -> None:
    rows = ((one.key, one.written, one.count or "nothing", _sample(one.first)) for one in found)
    title = f"Rule for {rule.host}{rule.path}: {show.safe(rule.because)}"
    columns = ("key", "written", "finds", "the first")
    show.table(title, columns, rows, right=("finds",), flexible=("written", "the first"))
    for one in found:
        if not one.count:
            show.tell(f"{one.key} {one.written!r} finds nothing on this page")


def _sample(text: str) -> str:
    return text if len(text) <= LONGEST_SAMPLE else text[: LONGEST_SAMPLE - 1] + "…"
