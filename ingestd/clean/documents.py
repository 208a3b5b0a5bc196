"""Documents that are no HTML page, told by how they begin and by their Content-Type."""

import re
from collections.abc import Mapping

from ingestd.clean.verdict import refuse
from ingestd.model import Verdict

_BINARY = (
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"RIFF",
    b"\x1f\x8b",
    b"\x00\x00\x00",
    b"ID3",
)
_MARKUP = re.compile(r"<(?:!doctype html|html|head|body|article|div|p|h1|meta|title)\b", re.IGNORECASE)
_FEED = re.compile(
    r"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:rss|feed|rdf:RDF|urlset|sitemapindex)\b", re.DOTALL
)
_DATA_TYPE = re.compile(
    r"^(?:image|audio|video|font)/|^application/(?:pdf|zip|json|octet-stream|.*(?:word|excel|powerpoint))"
)
# So far into a text markup is looked for.
_BEGINNING = 200_000


def refuse_document(html: str | bytes, text: str, headers: Mapping[str, str]) -> Verdict | None:
    """Why a document is not read as HTML; None when it is. `text` is `html` decoded."""
    if isinstance(html, bytes) and html.startswith(_BINARY):
        return refuse("not-html", f"it begins {html[:8]!r}")
    if _FEED.match(text[:2000]):
        return refuse("not-html", "it is a feed or a sitemap")
    if _MARKUP.search(text[:_BEGINNING]):
        return None
    content_type = headers.get("content-type", "").lower().strip()
    if _DATA_TYPE.match(content_type):
        return refuse("not-html", f"Content-Type {content_type!r}")
    if text.lstrip()[:1] in ("{", "["):
        return refuse("not-html", "it is JSON")
    return None
