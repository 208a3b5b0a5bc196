"""The proxy that requests go through, when the configuration names one.

A proxy looks names up itself, so nobody here sees which address it dials: of all that the guard checks,
only ports and hosts that are spelled as addresses are left. `Proxy.limits` says so to people. What the
proxy itself is called and where it stands is the configuration's word, and is dialled whatever it is.

Environment variables such as HTTPS_PROXY never apply: a daemon that leaves the house by another door
because of what some shell exported is a surprise to everybody.
"""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from ingestd import urls

# The value of the setting that means: no proxy.
NONE = "none"
# "https" means that the proxy itself is spoken to over TLS.
HTTP_SCHEMES = frozenset({"http", "https"})
# Other programs tell by these who looks names up; here it is the proxy in both cases.
SOCKS_SCHEMES = frozenset({"socks5", "socks5h"})
# A SOCKS proxy is told their length in one byte.
LONGEST_CREDENTIAL = 255
EXAMPLES = '"http://proxy.example:3128" or "socks5://127.0.0.1:1080"'


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where a proxy stands and how it is spoken to; printed without name and password."""

    # One of HTTP_SCHEMES or SOCKS_SCHEMES.
    scheme: str
    host: str
    port: int
    # Name and password; None when it asks for none.
    credentials: tuple[bytes, bytes] | None = field(default=None, repr=False)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def limits(self) -> str:
        """What people must know who have configured it, one sentence without a full stop."""
        return (
            f"requests go through the proxy {self}, which looks names up itself: addresses are not checked, "
            "only ports and hosts that are written as addresses"
        )


def parse_proxy(text: str) -> Proxy | None:
    """The proxy that a setting names; None for "none".

    Raises ValueError with a sentence that says what was expected, and never repeats the text, because
    it may have a password in it.
    """
    if text == NONE:
        return None
    scheme, _, rest = text.partition("://")
    if scheme not in HTTP_SCHEMES | SOCKS_SCHEMES:
        raise ValueError(f'a proxy is "{NONE}", or an address such as {EXAMPLES}')
    address = f"http://{rest}"
    parts = urlsplit(address) if urls.is_http(address) else None
    if parts is None or parts.port is None or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(f"a proxy is written as scheme, host and port, such as {EXAMPLES}")
    credentials = None
    if parts.username is not None:
        credentials = (unquote(parts.username).encode(), unquote(parts.password or "").encode())
        if max(map(len, credentials)) > LONGEST_CREDENTIAL:
            raise ValueError(f"name and password of a proxy have {LONGEST_CREDENTIAL} bytes at most")
    return Proxy(scheme, parts.hostname or "", parts.port, credentials)
