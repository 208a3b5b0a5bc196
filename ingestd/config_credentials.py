"""What a feed or a host asks its readers for: name and password, a token, cookies.

    username, password    Basic authentication (RFC 7617)    Authorization: Basic …
    bearer                a token (RFC 6750)                 Authorization: Bearer …
    cookies               for one feed or host, read-only    Cookie: …

Each value is a text, { env = "VARIABLE" } or { file = "path" }, and each is a `Secret`: no log line, message
or listing shows it. Cookies are either what a browser sends, "name=value; other=value", or the contents of
a cookies.txt as browsers and curl write it, of which those for the URL in question are taken; their date of
expiry is left to the server. Cookies that a server sets are never kept.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import NamedTuple, TypedDict
from urllib.parse import urlsplit

from ingestd.config_schema import Node, Understand, read_secret
from ingestd.values import Secret, Unusable

CREDENTIAL_KEYS = ("username", "password", "bearer", "cookies")

# What may stand in a header: no control character, nothing beyond ASCII, no space at the ends.
_HEADER_VALUE = re.compile(r"[!-~](?:[ -~]*[!-~])?")
# RFC 6750 §2.1 is stricter, but tokens outside of it exist; a space would part it from nothing.
_TOKEN = re.compile("[!-~]+")
_COOKIE_PAIRS = re.compile(r"[^=;,\s]+=[^;]*(?:;\s*[^=;,\s]+=[^;]*)*;?")
# In a cookies.txt this prefix of a line means that scripts may not read it, and is no comment.
_HTTP_ONLY = "#HttpOnly_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What is sent to be let in; None means not configured."""

    username: Secret | None = None
    password: Secret | None = None
    bearer: Secret | None = None
    # As the Cookie header has them.
    cookies: Secret | None = None

    @property
    def credential_headers(self) -> Mapping[str, str]:
        """The header fields that this becomes; each value is a `Secret`."""
        fields = {}
        if self.username is not None:
            pair = f"{self.username}:{self.password or ''}".encode()
            fields["Authorization"] = Secret(f"Basic {base64.b64encode(pair).decode('ascii')}")
        if self.bearer is not None:
            fields["Authorization"] = Secret(f"Bearer {self.bearer}")
        if self.cookies is not None:
            fields["Cookie"] = self.cookies
        return MappingProxyType(fields)


class Given(TypedDict):
    """The fields of `Credentials`."""

    username: Secret | None
    password: Secret | None
    bearer: Secret | None
    cookies: Secret | None


def read_credentials(given: Mapping[str, Node], url: str, headers: Mapping[str, str]) -> Given:
    """Those of a feed or host; `headers` is what it configures besides.

    `url` is what they are for, empty when it was refused already. What is wrong is noted at its key.
    """
    _refuse_rivals(given, headers)
    return Given(
        username=_read(given, "username", _username),
        password=_read(given, "password", str),
        bearer=_read(given, "bearer", _bearer),
        cookies=_read(given, "cookies", partial(cookie_header, url=url) if url else str),
    )


def _read(given: Mapping[str, Node], key: str, understand: Understand) -> Secret | None:
    return read_secret(given[key], understand) if key in given else None


def _refuse_rivals(given: Mapping[str, Node], headers: Mapping[str, str]) -> None:
    for one, other in (("username", "password"), ("password", "username")):
        if one in given and other not in given:
            given[one].refuse(f"without a {other}")
    if "bearer" in given and "username" in given:
        given["bearer"].refuse("give either this, or username and password")
    named = {name.lower() for name in headers}
    for key, name in (("username", "Authorization"), ("bearer", "Authorization"), ("cookies", "Cookie")):
        if key in given and name.lower() in named:
            given[key].refuse(f"headers has {name} already")


def _username(text: str) -> str:
    if not text or ":" in text:
        raise Unusable("a user name is not empty, and cannot have a colon in it")
    return text


def _bearer(text: str) -> str:
    if not _TOKEN.fullmatch(text):
        raise Unusable('a token is ASCII without spaces; leave out the word "Bearer"')
    return text


# ---------------------------------------------------------------------------------- cookies


class _Cookie(NamedTuple):
    """A line of a cookies.txt."""

    domain: str
    # Whether hosts below that domain get it too.
    below: bool
    path: str
    secure: bool
    name: str
    value: str

    def goes_to(self, url: str) -> bool:
        """RFC 6265 §5.4, for the URL that the credentials are for."""
        parts = urlsplit(url)
        host, path = parts.hostname or "", parts.path or "/"
        in_domain = host == self.domain or (self.below and host.endswith(f".{self.domain}"))
        in_path = path == self.path or path.startswith(f"{self.path.rstrip('/')}/")
        return in_domain and in_path and (parts.scheme == "https" or not self.secure)


def cookie_header(text: str, url: str) -> str:
    """The Cookie header for `url`, from a header's own value or from the contents of a cookies.txt.

    Raises Unusable, without repeating what it was given.
    """
    header = text.strip()
    if "\t" in header or header.startswith(("# Netscape", "# HTTP Cookie")):
        cookies = [
            cookie for line in header.splitlines() if (cookie := _cookie(line)) and cookie.goes_to(url)
        ]
        if not cookies:
            raise Unusable(f"there is no cookie for {url} in it")
        # Of two with one name a server reads the first, which shall be the one for the narrower path.
        cookies.sort(key=lambda cookie: -len(cookie.path))
        header = "; ".join(f"{cookie.name}={cookie.value}" for cookie in cookies)
    if not (_HEADER_VALUE.fullmatch(header) and _COOKIE_PAIRS.fullmatch(header)):
        raise Unusable('cookies are written "name=value; other=value", or are the contents of a cookies.txt')
    return header


def _cookie(line: str) -> _Cookie | None:
    """None for comments, and for what has not the seven fields: those of `_Cookie` with an expiry date."""
    fields = line.removeprefix(_HTTP_ONLY).strip("\r\n").split("\t")
    if len(fields) != 7 or fields[0].startswith("#"):
        return None
    domain, below, path, secure, _, name, value = fields
    return _Cookie(
        domain.lower().removeprefix("."), below.upper() == "TRUE", path, secure.upper() == "TRUE", name, value
    )
