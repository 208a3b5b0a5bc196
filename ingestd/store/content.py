"""An article's text and what is told of it, as columns of `revision`, and back.

    body        the paragraphs, a blank line between two: what is searched, compared and fingerprinted
    structure   per paragraph null for a plain one, else [kind, level, [[start, end, url], …]]; NULL when
                all are plain
    images      [{"url": …, "caption": …, "alt": …, "before": …}, …] without what is None
    readings    [{"field": …, "value": …, "reason": …, "readings": [[source, value], …]}, …]

A text set as it stands may have blank lines in it; its level, which means nothing otherwise, counts them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ingestd.model import (
    Agency,
    Article,
    Completeness,
    Image,
    Link,
    Paragraph,
    ParagraphKind,
    Reading,
    Resolved,
    Rights,
    TextSource,
)

_BETWEEN = "\n\n"
_PLAIN: tuple[str, int, tuple[()]] = (ParagraphKind.PARAGRAPH.value, 0, ())


def description_values(one: Article) -> dict[str, Any]:
    """What is told of a text, by column."""
    return {
        "authors": list(one.authors),
        "published_at": one.published_at,
        "modified_at": one.modified_at,
        "language": one.language,
        "site_name": one.site_name,
        "declared_url": one.declared_url,
        "section": one.section,
        "tags": list(one.tags),
        "readings": readings_to_json(one.readings),
    }


def rights_values(one: Article) -> dict[str, Any]:
    """What the publisher says of its use, by column."""
    return {
        "licence": one.rights.licence,
        "free": one.rights.free,
        "tdm_reserved": one.rights.tdm_reserved,
        "tdm_policy": one.rights.tdm_policy,
        "robots": list(one.rights.robots),
    }


def form_values(one: Article) -> dict[str, Any]:
    """What the paragraphs of the body are, what stands between them, and how they were come by."""
    return {
        "structure": structure_to_json(one.content),
        "images": [_without_none(asdict(image)) for image in one.images],
        "source": one.source.value,
        "source_reason": one.source_reason,
        "completeness": one.completeness.value,
        "extractor": one.extractor,
    }


def article_of(row: Any) -> Article:
    """A stored state of a text as it was when it was stored, `row` having the columns of `revision`.

    What an older version did not store is as if it had not been found.
    """
    agency = Agency(row.agency, row.agency_evidence, row.agency_quote) if row.agency else None
    return Article(
        content=content_from_json(row.body, row.structure),
        title=row.title,
        authors=tuple(row.authors),
        published_at=row.published_at,
        modified_at=row.modified_at,
        language=row.language,
        section=row.section,
        tags=tuple(row.tags),
        site_name=row.site_name,
        declared_url=row.declared_url,
        lead=row.lead,
        images=tuple(Image(**image) for image in row.images),
        agency=agency,
        rights=Rights(row.licence, row.free, tuple(row.robots), row.tdm_reserved, row.tdm_policy),
        source=TextSource(row.source),
        source_reason=row.source_reason,
        completeness=Completeness(row.completeness or Completeness.WHOLE),
        extractor=row.extractor or "own",
        readings=readings_from_json(row.readings),
    )


# ------------------------------------------------------------------------------- paragraphs


def structure_to_json(content: Sequence[Paragraph]) -> list[Any] | None:
    """What the paragraphs are besides their texts; None when all are plain."""
    kinds = [_kind_to_json(paragraph) for paragraph in content]
    return kinds if any(kinds) else None


def _kind_to_json(one: Paragraph) -> list[Any] | None:
    if one == Paragraph(one.text):
        return None
    level = one.text.count(_BETWEEN) if one.kind is ParagraphKind.PREFORMATTED else one.level
    return [one.kind.value, level, [[link.start, link.end, link.url] for link in one.links]]


def content_from_json(body: str, structure: Sequence[Any] | None) -> tuple[Paragraph, ...]:
    """The paragraphs of a body; plain ones where the two do not fit together."""
    pieces = body.split(_BETWEEN) if body else []
    paragraphs: list[Paragraph] = []
    at = 0
    for name, level, links in (stored or _PLAIN for stored in structure or ()):
        kind = ParagraphKind(name)
        blank_lines = level if kind is ParagraphKind.PREFORMATTED else 0
        text = _BETWEEN.join(pieces[at : at + 1 + blank_lines])
        paragraphs.append(Paragraph(text, kind, level - blank_lines, _links(links, len(text))))
        at += 1 + blank_lines
    return tuple(paragraphs) if structure and at == len(pieces) else tuple(map(Paragraph, pieces))


def _links(stored: Sequence[Any], length: int) -> tuple[Link, ...]:
    """The links that lie within a text of that length, as all do unless something was not storable."""
    return tuple(Link(start, end, url) for start, end, url in stored if end <= length)


# ------------------------------------------------------------------------------- readings


def readings_to_json(readings: Sequence[Resolved]) -> list[Any] | None:
    """How the values of fields were found; None when that is not told."""
    return [
        {
            "field": one.field,
            "value": one.value,
            "reason": one.reason,
            "readings": [[reading.source, reading.value] for reading in one.readings],
        }
        for one in readings
    ] or None


def readings_from_json(stored: Sequence[Mapping[str, Any]] | None) -> tuple[Resolved, ...]:
    """The inverse of `readings_to_json`."""
    return tuple(
        Resolved(
            one["field"],
            one["value"],
            one["reason"],
            tuple(Reading(source, value) for source, value in one["readings"]),
        )
        for one in stored or ()
    )


def _without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
