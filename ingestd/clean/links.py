"""Addresses in a page, made absolute."""

import re
from functools import lru_cache
from urllib.parse import urljoin

from ingestd.urls import is_http

_NO_PAGES = ("#", "javascript:", "mailto:", "tel:", "data:", "whatsapp:", "sms:")

# Browsers drop line ends in an address; other control characters and lone surrogates stand in none.
_DROPPED = re.compile(r"[\t\r\n]")
_IMPOSSIBLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@lru_cache(maxsize=1024)
def absolute(url: str, href: str) -> str | None:
    """Where `href` leads from the page at `url`; None when to no address that can be fetched."""
    href = _DROPPED.sub("", href).strip()
    if not href or _IMPOSSIBLE.search(href) or href.startswith(_NO_PAGES):
        return None
    try:
        target = href if href.startswith(("https://", "http://")) else urljoin(url, href)
    except ValueError:
        return None
    return target if is_http(target) else None
