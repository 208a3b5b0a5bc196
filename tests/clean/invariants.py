"""What holds for every article that comes out of cleaning, whatever went in."""

import dataclasses
import pickle
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from ingestd.clean import Hints, clean_page
from ingestd.clean.decode import decode
from ingestd.model import Article, Image, Paragraph, ParagraphKind

# Neither text nor white space; a text that has one cannot be stored or shown everywhere.
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Where no character stands for another and none goes, a tag in the text is one that was not understood.
_SHOWS_TAGS = re.compile(r"&|\\|<(?:plaintext|xmp)|[\u00ad\u200b\u2060\ufeff]", re.IGNORECASE)
_CLOSING_TAG = re.compile("</[a-z]", re.IGNORECASE)


class Broken(AssertionError):
    """An article that must not be."""


def examined(document: str | bytes, url: str, hints: Hints | None = None) -> Article:
    """The article that cleaning makes of a document; raises Broken when something is wrong with it."""
    article = clean_page(document, url, hints=hints)
    check(article, document, url, hints)
    return article


def check(article: Article, document: str | bytes, url: str, hints: Hints | None) -> None:
    """Raises Broken with all that is wrong with the article that this document gave."""
    problems = [*problems_of(article), *_disagreements(article, document, url, hints)]
    raw = document if isinstance(document, str) else decode(document, hints.headers if hints else {})
    if hints is None and not _SHOWS_TAGS.search(raw):
        problems += [f"tags in {one.text!r}" for one in article.content if _CLOSING_TAG.search(one.text)]
    if problems:
        raise Broken("; ".join(problems)[:2000])


def problems_of(article: Article) -> Iterator[str]:
    """What is wrong with an article, whatever it was made of."""
    if article.verdict and article.verdict.reason == "unreadable":
        yield f"cleaning broke: {article.verdict.detail}"
    if bool(article.text) is (article.verdict is not None):
        yield f"text of {len(article.text)} characters and verdict {article.verdict}"
    if article.verdict and not 0 <= article.verdict.confidence <= 1:
        yield f"confidence {article.verdict.confidence}"
    for paragraph in article.content:
        yield from _of_paragraph(paragraph)
    for image in article.images:
        yield from _of_image(image, len(article.content))
    if article.lead is not None and (not article.lead.strip() or article.lead in article.paragraphs):
        yield f"lead {article.lead!r}"
    yield from _of_facts(article)


def _of_facts(article: Article) -> Iterator[str]:
    for name, text in _strings(article):
        if NO_TEXT.search(text):
            yield f"control characters in {name}: {text[:200]!r}"
    for name in ("title", "language", "section", "site_name"):
        value = getattr(article, name)
        if value is not None and (not value or value != value.strip()):
            yield f"{name} {value!r}"
    if any(not name.strip() for name in (*article.authors, *article.tags)):
        yield f"authors {article.authors!r}, tags {article.tags!r}"
    for time in (article.published_at, article.modified_at):
        if time is not None and time.tzinfo is None:
            yield f"{time} is in no zone"
    if article.declared_url is not None and not _is_absolute(article.declared_url):
        yield f"declared address {article.declared_url!r}"


def _of_paragraph(paragraph: Paragraph) -> Iterator[str]:
    text = paragraph.text
    if paragraph.kind is ParagraphKind.PREFORMATTED:
        # Its first line may be indented, as code is.
        folded = text.rstrip() if text.partition("\n")[0].strip() else ""
    else:
        folded = " ".join(text.split())
    if not folded or text != folded:
        yield f"white space in {text[:200]!r}"
    end = 0
    for link in paragraph.links:
        if not end <= link.start < link.end <= len(text):
            yield f"link {link} in {len(text)} characters after {end}"
        if not _is_absolute(link.url):
            yield f"link to {link.url!r}"
        end = link.end


def _of_image(image: Image, paragraphs: int) -> Iterator[str]:
    if not _is_absolute(image.url):
        yield f"image at {image.url!r}"
    if image.before is not None and not 0 <= image.before <= paragraphs:
        yield f"image before paragraph {image.before} of {paragraphs}"


def _is_absolute(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _strings(value: object, name: str = "article") -> Iterator[tuple[str, str]]:
    """Every text in an article, with the field that it stands in."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, tuple):
        for one in value:
            yield from _strings(one, name)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            # Preformatted text keeps its line ends, which are no control characters here.
            yield from _strings(getattr(value, field.name), f"{name}.{field.name}")


def _disagreements(article: Article, document: str | bytes, url: str, hints: Hints | None) -> Iterator[str]:
    if pickle.loads(pickle.dumps(article)) != article:
        yield "another article when it has been pickled"
    if clean_page(document, url, hints=hints) != article:
        yield "another article at the second time"
    # What is no page is told by its bytes.
    if isinstance(document, bytes) and not (article.verdict and article.verdict.reason == "not-html"):
        text = decode(document, hints.headers if hints else {})
        if clean_page(text, url, hints=hints) != article:
            yield "another article from bytes than from text"
