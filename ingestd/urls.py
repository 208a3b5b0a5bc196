"""URLs as identities: absolute forms, hosts, and the key under which a page is known.

Two spellings that lead to one page must give one key, or an article is stored twice; two pages must
never share a key, or one is lost. Where both cannot be had the second rule wins: an unknown query
parameter is kept. RFC 3986 §6 normalisation comes from w3lib; the rules on top are ours.
"""

import re
from urllib.parse import urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

DEFAULT_PORTS = {"http": 80, "https": 443}

# Parameters that tell the publisher where a reader came from and never which page is meant. A name
# belongs here only when no common publishing system uses it to select content: "ref", "source" and
# "id" are absent because some do.
TRACKING_PARAMETERS = frozenset(
    "_ga _gl _hsenc _hsmi at_campaign at_custom1 at_custom2 at_custom3 at_custom4 at_format at_link_id "
    "at_link_origin at_link_type at_medium at_ptr_name cmpid dclid fb_action_ids fb_action_types fb_ref "
    "fb_source fbclid gbraid gclid gclsrc guccounter guce_referrer guce_referrer_sig icid igsh igshid "
    "ito mbid mc_cid mc_eid mkt_tok ml_subscriber ml_subscriber_hash msclkid ncid ns_campaign "
    "ns_linkname ns_mchannel ns_source oly_anon_id oly_enc_id piwik_campaign piwik_kwd s_cid sc_campaign "
    "sc_channel sc_content sc_country sc_geo sc_medium sc_outcome smid smtyp srsltid taid tpcc twclid "
    "vero_conv vero_id wbraid wickedid wt_mc wt_zmc xtor yclid ysclid".split()
)
TRACKING_PREFIXES = ("utm_", "pk_", "mtm_", "hsa_", "matomo_")

_HOST_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.ASCII)


def is_http(url: str) -> bool:
    """Whether this is an absolute http or https URL with a host that can be looked up and a valid port."""
    try:
        parts = urlsplit(url)
        return parts.scheme in DEFAULT_PORTS and _valid_host(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _valid_host(host: str | None) -> bool:
    if not host:
        return False
    if ":" in host:
        return True
    try:
        ascii_host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return False
    labels = ascii_host.rstrip(".").lower().split(".")
    return len(ascii_host) <= 254 and all(_HOST_LABEL.fullmatch(label) for label in labels)


def resolve(base: str | None, reference: str | None) -> str | None:
    """`reference` as an absolute http(s) URL seen from `base`; None when that cannot be done.

    White space around and control characters within are dropped, as the WHATWG URL standard has it.
    """
    cleaned = re.sub(r"[\x00-\x1f\x7f]", "", reference or "").strip()
    if not cleaned:
        return None
    try:
        joined = urljoin(base or "", cleaned)
    except ValueError:
        return None
    return joined if is_http(joined) else None


def host_of(url: str) -> str:
    """The host that requests for this URL are counted against: lower case, with its port when unusual.

    A port of its own is commonly a server of its own, so it has a politeness of its own. `url` must
    satisfy `is_http`.
    """
    parts = urlsplit(url)
    host = _ascii_host(parts.hostname or "")
    port = parts.port
    bracketed = f"[{host}]" if ":" in host else host
    return bracketed if port in (None, DEFAULT_PORTS.get(parts.scheme)) else f"{bracketed}:{port}"


def site_of(url: str) -> str:
    """The outlet a URL belongs to, for showing and for comparing sources: its host without "www."."""
    return host_of(url).removeprefix("www.")


def _ascii_host(host: str) -> str:
    folded = host.rstrip(".").lower()
    if folded.isascii():
        return folded
    try:
        return folded.encode("idna").decode("ascii")
    except UnicodeError:
        return folded


def url_key(url: str) -> str:
    """The canonical form of a URL: equal for spellings of one page, readable, and never dialled.

    Scheme, "www.", default port, fragment, tracking parameters, the order of the others, a slash at
    the end and percent-encoding variants make no difference. A "#!" fragment is part of the address
    (the old AJAX crawling scheme, where it selects the page). `url` must satisfy `is_http`.
    """
    parts = urlsplit(canonicalize_url(url, keep_fragments=True))
    # Pairs stay as w3lib encoded them: decoding again would fold bytes that are no UTF-8 into one.
    query = "&".join(pair for pair in parts.query.split("&") if not _tracks(pair.partition("=")[0]))
    path = re.sub(r"/{2,}", "/", parts.path).rstrip("/")
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    return urlunsplit(("", "", site_of(url) + path, query, fragment))


def _tracks(parameter: str) -> bool:
    name = parameter.lower()
    return name in TRACKING_PARAMETERS or name.startswith(TRACKING_PREFIXES)


def without_userinfo(url: str) -> str:
    """The URL as it may stand in a log line: name and password taken out."""
    parts = urlsplit(url)
    if "@" not in parts.netloc:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
