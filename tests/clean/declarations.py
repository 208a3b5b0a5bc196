"""Pages for the tests of metadata: what stands in their heads, and around their text."""

import json
from collections.abc import Mapping

from lxml.html import HtmlElement

from ingestd.clean.declared import Declared, gather
from ingestd.clean.metadata import Metadata, read_metadata
from ingestd.clean.tree import Block, blocks, parse_html

URL = "https://www.harbourpost.example/a/1"
PROSE = "The boats of the harbour came home in the evening and the nets were full of herring, as always."


def json_ld(value: object) -> str:
    """A script with JSON-LD; a string stands in it as it is."""
    text = value if isinstance(value, str) else json.dumps(value)
    return f'<script type="application/ld+json">{text}</script>'


def meta(name: str, content: str) -> str:
    """A meta element."""
    return f'<meta name="{name}" content="{content}">'


def declared(
    head: str = "",
    body: str = "<p>x</p>",
    *,
    attributes: str = "",
    url: str = URL,
    headers: Mapping[str, str] | None = None,
) -> Declared:
    """What such a page declares."""
    root = parse_html(f"<html {attributes}><head>{head}</head><body>{body}</body></html>")
    assert root is not None
    return gather(root, url, _lines(root), headers or {})


def read(
    head: str = "",
    body: str = "<p>x</p>",
    *,
    attributes: str = "",
    url: str = URL,
    headers: Mapping[str, str] | None = None,
) -> Metadata:
    """The metadata of such a page."""
    page = declared(head, body, attributes=attributes, url=url)
    return read_metadata(page.root, url, page.lines, headers)


def _lines(root: HtmlElement | None) -> list[Block]:
    assert root is not None
    return blocks(root)
