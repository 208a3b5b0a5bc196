"""What site rules say where title, authors and date of a page stand: it goes before everything else."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ingestd.model import Article, Reading, Resolved

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from ingestd.clean.rules import SiteRules

_REASON = "a site rule says where it stands"


def said_by_rules(rules: "SiteRules", root: "HtmlElement") -> dict[str, Resolved]:
    """What stands there, by field of the article; to be read before the rules prune the tree."""
    found = {
        "title": rules.stated(root, "title"),
        "authors": rules.stated(root, "authors"),
        "published_at": rules.stated(root, "date"),
    }
    return {name: _resolved(name, "; ".join(texts)) for name, texts in found.items() if texts}


def _resolved(name: str, said: str) -> Resolved:
    return Resolved(name, said, _REASON, (Reading("site rule", said),))


def as_ruled(article: Article, ruled: Mapping[str, Resolved]) -> Article:
    """The article with what its site's rules say; a date that cannot be read counts as not said."""
    from ingestd.clean.dates import read_moment, read_written

    known = {one.field: one for one in article.readings}
    for name, resolved in ruled.items():
        said = resolved.value or ""
        moment = (read_moment(said) or read_written(said)) if name == "published_at" else None
        if name == "title":
            article = replace(article, title=said)
        elif name == "authors":
            article = replace(article, authors=tuple(said.split("; ")))
        elif moment is not None:
            article = replace(article, published_at=moment.utc)
        else:
            continue
        others = known[name].readings if name in known else ()
        known[name] = replace(resolved, readings=(*resolved.readings, *others))
    return replace(article, readings=tuple(known.values()))
