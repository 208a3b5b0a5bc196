"""Where credentials may go: to the host that they are meant for, and never from https down to http."""

from urllib.parse import urlsplit

from ingestd import urls
from ingestd.fetch.guard import is_localhost, spelled_address


def may_carry(meant_for: str, url: str) -> bool:
    """Whether header fields configured for one URL may go with a request for another.

    They may on the same host, port included, and not in clear text when they were meant for https.
    """
    downgraded = urlsplit(meant_for).scheme == "https" and urlsplit(url).scheme == "http"
    return urls.host_of(meant_for) == urls.host_of(url) and not downgraded


def keeps_secrets(url: str) -> bool:
    """Whether nobody between here and there can read along: https, or a server on this machine.

    Credentials for a whole host go only to such URLs, because its addresses come from anybody's feed.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    address = spelled_address(host)
    return parts.scheme == "https" or is_localhost(host) or bool(address and address.is_loopback)
