"""An outlet's pages as a feed document: RSS 2.0, RSS 1.0 (RDF), Atom 1.0 (RFC 4287), JSON Feed 1.1.

Written out by hand, because the point of these documents is to differ the way real ones do.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from email.utils import format_datetime
from html import escape
from types import MappingProxyType

from ingestd.demo.world import FeedSpec, Outlet, Page

# Longest teaser in characters; longer ones are cut at a word.
_TEASER_CHARACTERS = 220


def feed_document(outlet: Outlet, feed: FeedSpec, pages: Sequence[Page], base: str) -> bytes:
    """The feed's bytes in the outlet's charset. `base` is the outlet's address without a slash at its end."""
    text = _FORMATS[feed.format](outlet, feed, pages, base)
    if feed.broken:
        text = _broken(text)
    return text.encode(outlet.encoding, "xmlcharrefreplace")


def content_type(outlet: Outlet, feed: FeedSpec) -> str:
    """The Content-Type header that this feed is served with."""
    return f"{_CONTENT_TYPES[feed.format]}; charset={outlet.encoding}"


def teaser(page: Page) -> str:
    """The beginning of the text, as long as a feed's description is."""
    first = next((block.text for block in page.blocks if not block.heading), page.title)
    if len(first) <= _TEASER_CHARACTERS:
        return first
    return first[:_TEASER_CHARACTERS].rpartition(" ")[0] + " …"


def _link(feed: FeedSpec, page: Page, base: str) -> str:
    return f"{base}{page.path}" + (f"?{feed.tracking}" if feed.tracking else "")


def _html(page: Page) -> str:
    return "".join(f"<{_tag(heading)}>{escape(text)}</{_tag(heading)}>" for heading, text in _texts(page))


def _texts(page: Page) -> list[tuple[bool, str]]:
    return [(block.heading, block.text) for block in page.blocks]


def _tag(heading: bool) -> str:
    return "h3" if heading else "p"


def _broken(text: str) -> str:
    """What hand-made templates do: undeclared entities, a stray tag, and the document's end missing."""
    return text.replace("<description>", "<description>&nbsp;<br>", 2).replace("</channel>\n</rss>\n", "")


def _rss(outlet: Outlet, feed: FeedSpec, pages: Sequence[Page], base: str) -> str:
    items = "".join(_rss_item(feed, page, base) for page in pages)
    return (
        f'<?xml version="1.0" encoding="{outlet.encoding}"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">\n<channel>\n'
        f"<title>{escape(outlet.name)}</title>\n<link>{base}/</link>\n"
        f"<description>{escape(outlet.tagline)}</description>\n<language>{outlet.language}</language>\n"
        f"{items}</channel>\n</rss>\n"
    )


def _rss_item(feed: FeedSpec, page: Page, base: str) -> str:
    guids = {
        "link": f'<guid isPermaLink="true">{base}{page.path}</guid>\n',
        "tag": f'<guid isPermaLink="false">{escape(page.guid)}</guid>\n',
        "none": "",
    }
    full = f"<content:encoded><![CDATA[{_html(page)}]]></content:encoded>\n" if feed.full_text else ""
    authors = "".join(f"<dc:creator>{escape(author)}</dc:creator>\n" for author in page.authors)
    return (
        f"<item>\n<title>{escape(page.title)}</title>\n<link>{escape(_link(feed, page, base))}</link>\n"
        f"<description>{escape(teaser(page))}</description>\n{full}{guids[feed.guid]}{authors}"
        f"<category>{escape(page.section)}</category>\n"
        f"<pubDate>{format_datetime(page.published)}</pubDate>\n</item>\n"
    )


def _rdf(outlet: Outlet, feed: FeedSpec, pages: Sequence[Page], base: str) -> str:
    listed = "".join(f'<rdf:li rdf:resource="{escape(_link(feed, page, base))}"/>\n' for page in pages)
    items = "".join(_rdf_item(feed, page, base) for page in pages)
    return (
        f'<?xml version="1.0" encoding="{outlet.encoding}"?>\n'
        '<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        f'<channel rdf:about="{base}{feed.path}">\n<title>{escape(outlet.name)}</title>\n'
        f"<link>{base}/</link>\n<description>{escape(outlet.tagline)}</description>\n"
        f"<items>\n<rdf:Seq>\n{listed}</rdf:Seq>\n</items>\n</channel>\n{items}</rdf:RDF>\n"
    )


def _rdf_item(feed: FeedSpec, page: Page, base: str) -> str:
    link = escape(_link(feed, page, base))
    authors = "".join(f"<dc:creator>{escape(author)}</dc:creator>\n" for author in page.authors)
    return (
        f'<item rdf:about="{link}">\n<title>{escape(page.title)}</title>\n<link>{link}</link>\n'
        f"<description>{escape(teaser(page))}</description>\n{authors}"
        f"<dc:date>{page.published.isoformat()}</dc:date>\n</item>\n"
    )


def _atom(outlet: Outlet, feed: FeedSpec, pages: Sequence[Page], base: str) -> str:
    updated = max(page.modified for page in pages).isoformat()
    entries = "".join(_atom_entry(feed, page, base) for page in pages)
    return (
        f'<?xml version="1.0" encoding="{outlet.encoding}"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.language}">\n'
        f"<id>{base}/</id>\n<title>{escape(outlet.name)}</title>\n<updated>{updated}</updated>\n"
        f'<link rel="self" href="{base}{feed.path}"/>\n<link rel="alternate" href="{base}/"/>\n'
        f"{entries}</feed>\n"
    )


def _atom_entry(feed: FeedSpec, page: Page, base: str) -> str:
    names = page.authors or (page.outlet.name,)
    authors = "".join(f"<author><name>{escape(name)}</name></author>\n" for name in names)
    full = f'<content type="html">{escape(_html(page))}</content>\n' if feed.full_text else ""
    identifier = (
        f"{base}{page.path}" if feed.guid == "link" else f"tag:{page.outlet.host}.localhost,2026:{page.slug}"
    )
    return (
        f"<entry>\n<id>{escape(identifier)}</id>\n<title>{escape(page.title)}</title>\n"
        f'<link rel="alternate" type="text/html" href="{escape(_link(feed, page, base))}"/>\n{authors}'
        f"<published>{page.published.isoformat()}</published>\n<updated>{page.modified.isoformat()}</updated>\n"
        f"<summary>{escape(teaser(page))}</summary>\n{full}</entry>\n"
    )


def _json(outlet: Outlet, feed: FeedSpec, pages: Sequence[Page], base: str) -> str:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "description": outlet.tagline,
        "home_page_url": f"{base}/",
        "feed_url": f"{base}{feed.path}",
        "language": outlet.language,
        "items": [_json_item(feed, page, base) for page in pages],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _json_item(feed: FeedSpec, page: Page, base: str) -> dict[str, object]:
    body = {"content_html": _html(page)} if feed.full_text else {"content_text": teaser(page)}
    return {
        "id": page.guid,
        "url": _link(feed, page, base),
        "title": page.title,
        "date_published": page.published.isoformat(),
        "date_modified": page.modified.isoformat(),
        "authors": [{"name": name} for name in page.authors],
        **body,
    }


def _html_page(outlet: Outlet, feed: FeedSpec, pages: Sequence[Page], base: str) -> str:
    """The apology that stands where a feed used to be: status 200, and no feed."""
    links = "".join(f'<li><a href="{base}{page.path}">{escape(page.title)}</a></li>' for page in pages)
    return (
        f'<!DOCTYPE html>\n<html lang="{outlet.language}"><head><meta charset="{outlet.encoding}">'
        f"<title>{escape(outlet.name)}</title></head><body><h1>{escape(outlet.name)}</h1>"
        f"<p>{escape(outlet.tagline)}</p><p>We have a new website! Our feeds will be back soon.</p>"
        f"<ul>{links}</ul></body></html>\n"
    )


_FORMATS: Mapping[str, Callable[[Outlet, FeedSpec, Sequence[Page], str], str]] = MappingProxyType(
    {"atom": _atom, "html": _html_page, "json": _json, "rdf": _rdf, "rss": _rss}
)
_CONTENT_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "atom": "application/atom+xml",
        "html": "text/html",
        "json": "application/feed+json",
        "rdf": "application/rdf+xml",
        "rss": "application/rss+xml",
    }
)
