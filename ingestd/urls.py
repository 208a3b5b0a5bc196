"""URLs as identities: absolute forms, hosts, and the key under which a page is known.

Two spellings that lead to one page must give one key, or an article is stored twice; two pages must
never share a key, or one is lost. Where both cannot be had the second rule wins: an unknown query
parameter is kept, and an AMP or mobile address is folded into its twin only where its path names an
article by itself. What a rule would only guess is left to the page's own word (`believable`).

RFC 3986 §6 normalisation comes from w3lib; the rules on top are ours, and stand in tables.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

DEFAULT_PORTS = {"http": 80, "https": 443}

# ------------------------------------------------------------------------------- what a query says

# Parameters that tell the publisher where a reader came from and never which page is meant. A name
# belongs here only when no common publishing system uses it to select content: "ref", "source", "id",
# "cid", "sid", "mod", "from" and "partner" are absent because some do.
TRACKING_PARAMETERS = frozenset(
    # Google, Microsoft, Yandex and other advertising click ids.
    "_ga _gac _gl dclid gad_campaignid gad_source gbraid gclid gclsrc srsltid wbraid msclkid ocid yclid "
    "ysclid _openstat epik ttclid twclid li_fat_id lipi rb_clickid irclickid irgwc cjevent sscid wickedid "
    "zanpid dicbo obclickid oborigurl outbrainclickid tblci s_kwcid ef_id _branch_match_id _branch_referrer "
    # Social networks and share buttons.
    "__twitter_impression action_object_map action_ref_map action_type_map fb_action_ids fb_action_types "
    "fb_comment_id fb_ref fb_source fbclid igsh igshid isappinstalled mibextid ref_src smid smtyp soc_src "
    "soc_trk sr_share_id spm spm_id_from share_plat share_session_id vd_source wprov "
    # Mailers.
    "__hsfp __hssc __hstc _bta_c _bta_tid _hsenc _hsmi _ke _kx ck_subscriber_id dm_i elq elqaid elqat "
    "elqcampaignid elqtrack elqtrackid emci emdi et_cid et_rid hsctatracking mc_cid mc_eid mc_tc mkt_tok "
    "ml_subscriber ml_subscriber_hash oly_anon_id oly_enc_id sc_eh sc_lid sc_llid sc_src sc_uid sfmc_id "
    "sfmc_sub spjobid spmailingid spreportid spuserid trk_contact trk_module trk_msg trk_sid vero_conv "
    "vero_id vgo_ee "
    # Audience measurement: Adobe, Piano, Webtrends, Matomo and their like.
    "adobe_mc adobe_mc_ref at_bbc_team at_campaign at_campaign_type at_creation at_custom1 at_custom2 "
    "at_custom3 at_custom4 at_emailtype at_format at_link_id at_link_origin at_link_type at_medium "
    "at_ptr_name at_recipient_id at_recipient_list at_send_date at_variant cx_artpos cx_experienceid "
    "cx_testid cx_testvariant guccounter guce_referrer guce_referrer_sig ns_campaign ns_linkname "
    "ns_mchannel ns_source piwik_campaign piwik_kwd s_cid sc_campaign sc_channel sc_content sc_country "
    "sc_geo sc_medium sc_outcome taid wt_mc wt_zmc xtor "
    # Publishers' own marks of where a link stood.
    "bxid cmpid cndid emc ftag ftcamp icid intcmp ito leadsource maca mbid ncid refresh_ce reflink "
    "sara_ecid sara_ref sref srnd tpcc traffic_source unlocked_article_code gaa_at gaa_n gaa_sig gaa_ts "
    # WordPress' own: a reply form under the same text, and a trace of its scheduler.
    "doing_wp_cron replytocom".split()
)
TRACKING_PREFIXES = ("utm_", "pk_", "mtm_", "hsa_", "matomo_", "etcc_", "cm_mmc", "wt.mc", "aspsessionid")
# Servers' session ids ("sid" is not among them: PHP-Nuke selects stories by it), and what AMP viewers add.
_IDLE_PARAMETERS = TRACKING_PARAMETERS | frozenset(
    "amp_ct amp_gsa amp_js_v amp_r cftoken jsessionid phpsessid usqp".split()
)

# Parameters that ask for another rendering of the same page, with the values that do.
_ON = frozenset({"", "1", "true", "yes"})
RENDERING_PARAMETERS = {
    "amp": _ON,
    "_amp": _ON,
    "amp_markup": _ON,
    "noamp": _ON | {"mobile", "available"},
    "nonamp": _ON,
    "outputtype": frozenset({"amp", "amp-type"}),
    "output": frozenset({"amp"}),
    "print": _ON - {""} | {"print"},
}
# The same, where other sites could mean something else by it: believed when the page declares it.
LIKELY_RENDERINGS = {
    "printable": _ON,
    "view": frozenset({"amp", "print", "mobile"}),
    "format": frozenset({"amp", "print"}),
    "mode": frozenset({"amp", "print", "mobile"}),
    "type": frozenset({"amp"}),
    "m": frozenset({"0", "1"}),
    "mobile": _ON,
}

# ------------------------------------------------------------------------------- what a path says

# Files that a server sends when it is asked for their directory.
_INDEX = re.compile(
    r"(?:/+(?:index\.(?:s?html?|php|aspx?|jsp|cfm)|default\.(?:html?|aspx?)))+$", re.IGNORECASE
)
# Session ids that servlet containers and ASP.NET write into paths when a client keeps no cookies.
_PATH_SESSION = re.compile(r";jsessionid=[^/;]*|/\(S\([a-z0-9]{24}\)\)(?=/)", re.IGNORECASE)
# A segment that names one article by itself: words joined by hyphens, or a long number.
_SLUG = re.compile(r"-[^/]*-")
_NUMBER = re.compile(r"(?<!\d)\d{5,}(?!\d)")
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-3]\d)?")

_AMP_END = re.compile(r"(?:/amp)+$|\.amp(?=(?:\.html)?$)")
_LIKELY_SEGMENTS = frozenset({"amp", "google-amp", "m", "mobile", "print", "amp.html"})

# ------------------------------------------------------------------------------- what a host says

# Hosts of another rendering of a site, with what the path must look like before that is believed:
# a topic may have a host named "mobile" too, so there a number is not enough.
_TWIN_HOSTS = {"amp": None, "m": None, "mobile": _SLUG, "touch": _SLUG}
# "wap" is among these alone: such sites often had a database, and so numbers, of their own.
_LIKELY_HOSTS = frozenset({"amp", "m", "mobile", "touch", "wap"})

# Second labels below which a country's registry gives out names. The Public Suffix List knows more; what
# is missing here makes a rule more careful or asks for one piece of evidence less, and decides nothing alone.
_SECOND_LEVELS = frozenset(
    "ac co com edu gen go gob gouv gov govt gv ltd mil muni ne net nom or org plc sch".split()
)
# Services below whose name strangers publish side by side.
_SHARED_SERVICES = frozenset(
    "altervista appspot beehiiv blogspot canalblog fc2 ghost github gitlab hatenablog herokuapp jimdofree "
    "livejournal medium neocities netlify notion over-blog pages squarespace substack tumblr typepad ucoz "
    "vercel webflow weebly wixsite wordpress".split()
)

# ------------------------------------------------------------------------------- addresses within addresses


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A service whose addresses carry the address of the page in plain sight."""

    # Host and path. Its group "target" is the page's address without scheme, or with one; "rest" continues
    # it; "secure" says that the scheme is https when it takes part.
    pattern: re.Pattern[str]
    # Query parameters that hold the address, in order of trust; empty when the path holds it.
    parameters: tuple[str, ...] = ()


def _wrapper(pattern: str, *parameters: str) -> Wrapper:
    return Wrapper(re.compile(pattern, re.IGNORECASE | re.DOTALL), parameters)


_ANY = r"(?:[\w-]+\.)*"
_AMP_PATH = r"(?P<secure>s/)?(?P<target>[^/]+\.[^/]+.*)"
# By the name within the registrable domain. Opaque ones (feedproxy.google.com, news.google.com/rss/articles,
# t.co, list-manage.com) cannot be here: of those only the address that answers in the end counts.
WRAPPERS: dict[str, tuple[Wrapper, ...]] = {
    # Results and alerts link through /url, Google News once did; /amp is the viewer of AMP pages.
    "google": (
        _wrapper(_ANY + r"google\.[a-z.]{2,7}/(?:news/)?url", "url", "q"),
        _wrapper(_ANY + r"google\.[a-z.]{2,7}/amp/" + _AMP_PATH),
    ),
    # AMP caches: c is the page, v the page in a viewer, wp its signed exchange.
    "ampproject": (_wrapper(_ANY + r"cdn\.ampproject\.org/(?:c|v|wp)/" + _AMP_PATH),),
    "bing-amp": (_wrapper(_ANY + r"bing-amp\.com/(?:c|v)/" + _AMP_PATH),),
    # Yandex' cached light pages.
    "yandex": (_wrapper(_ANY + r"yandex\.[a-z.]{2,7}/turbo/(?P<target>[^/]+\.[^/]+)/s(?P<rest>/.*)"),),
    "turbopages": (_wrapper(_ANY + r"turbopages\.org/(?:turbo/)?(?P<target>[^/]+\.[^/]+)/s(?P<rest>/.*)"),),
    # The feeds of Bing News.
    "bing": (_wrapper(_ANY + r"bing\.com/news/apiclick\.aspx", "url"),),
    # Links in the results and old feeds of Yahoo.
    "yahoo": (
        _wrapper(r"r\.search\.yahoo\.com/.*?/RU=(?P<target>[^/]+)/.*"),
        _wrapper(_ANY + r"rd\.yahoo\.com/.*?\*(?P<target>https?:.+)"),
    ),
    "duckduckgo": (_wrapper(_ANY + r"duckduckgo\.com/l/?", "uddg"),),
    # Social networks warn or count before they let go; bridges that make feeds of them keep such links.
    "facebook": (_wrapper(_ANY + r"facebook\.com/(?:l\.php|flx/warn/?)", "u"),),
    "instagram": (_wrapper(r"l\.instagram\.com/?", "u"),),
    "threads": (_wrapper(r"l\.threads\.(?:net|com)/?", "u"),),
    "linkedin": (_wrapper(_ANY + r"linkedin\.com/(?:redir/redirect|safety/go)/?", "url"),),
    "reddit": (_wrapper(r"out\.reddit\.com/.*", "url"),),
    "umblr": (_wrapper(r"t\.umblr\.com/redirect", "z"),),
    "vk": (_wrapper(_ANY + r"vk\.com/away\.php", "to"),),
    "youtube": (_wrapper(_ANY + r"youtube\.com/redirect", "q"),),
    # Newsletters made into feeds: a mail gateway's and two affiliate services' links.
    "outlook": (_wrapper(_ANY + r"safelinks\.protection\.outlook\.com/.*", "url"),),
    "redirectingat": (_wrapper(_ANY + r"redirectingat\.com/?", "url"),),
    "skimresources": (_wrapper(_ANY + r"skimresources\.com/?", "url"),),
    # One outlet's feed counter: the page's host and path follow its own.
    "theregister": (_wrapper(r"go\.theregister\.co(?:m|\.uk)/feed/(?P<target>[^/]+\.[^/]+/.*)"),),
}
# FeedBlitz counts clicks under many publishers' own hosts, always in this form.
_FEEDBLITZ = _wrapper(r"[^/]+/~/t/.*?/~(?P<target>https?:/.+)")
_MAX_WRAPPINGS = 5

_FOLDED_PATH_CHARS = 1_000
_SLASHES = re.compile("/{2,}")
_WWW = re.compile(r"(?:www\.)+(?=[^.]+\.)")

_SURROGATE = re.compile("[\ud800-\udfff]")
_BRACKETED = re.compile(r"(?:[^\[]*@)?\[[0-9A-Fa-f:.]+\](?::\d*)?")
_HOST_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.ASCII)


def is_http(url: str) -> bool:
    """Whether this is an absolute http or https URL with a host that can be looked up and a valid port."""
    try:
        parts = urlsplit(url)
        return parts.scheme in DEFAULT_PORTS and _valid_host(parts) and parts.port != 0
    except ValueError:
        return False


def _valid_host(parts: SplitResult) -> bool:
    host = parts.hostname
    # Browsers read "\\" as "/", Python as part of a user's name: two hosts in one address.
    if not host or "\\" in parts.netloc:
        return False
    if "[" in parts.netloc:
        # Some Pythons let more through: names around the brackets, any word in them.
        return bool(_BRACKETED.fullmatch(parts.netloc) and IPv6Address(host))
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


def registrable(host: str) -> str:
    """The part of a host name (no port) that one owner registered: "news.example.co.uk" → "example.co.uk".

    Below services where strangers publish side by side it is the name that one of them was given. An address
    and a name without a dot are their own.
    """
    labels = host.split(".")
    if len(labels) < 3 or labels[-1].isdecimal():
        return host
    owned = 3 if len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVELS else 2
    if labels[-owned] in _SHARED_SERVICES:
        owned += 1
    return ".".join(labels[-owned:])


def unwrap(url: str) -> str:
    """The page's own address, when `url` is one of a service that carries it in plain sight; else `url`.

    Covers click counters of feeds, search engines and social networks, AMP viewers and AMP caches. `url`
    must satisfy `is_http`, and so does what comes back.
    """
    for _ in range(_MAX_WRAPPINGS):
        target = next(_targets(url), None)
        if target is None:
            break
        url = target
    return url


def _targets(url: str) -> Iterator[str]:
    """What `url` may stand for by the tables."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    for wrapper in _wrappers(host, parts.path):
        match = wrapper.pattern.fullmatch(host + _SLASHES.sub("/", parts.path))
        if match:
            found = (
                _in_query(parts.query, wrapper.parameters) if wrapper.parameters else _in_path(match, parts)
            )
            yield from filter(_is_target, found)


def _wrappers(host: str, path: str) -> tuple[Wrapper, ...]:
    """The services that an address may be one of."""
    of_host = WRAPPERS.get(registrable(host).partition(".")[0], ())
    return (*of_host, _FEEDBLITZ) if "/~/t/" in path else of_host


def _in_query(query: str, names: tuple[str, ...]) -> Iterator[str]:
    given = dict(reversed(parse_qsl(query)))
    for value in (given[name] for name in names if name in given):
        yield from (value.strip(), unquote(value).strip())


def _in_path(match: re.Match[str], parts: SplitResult) -> Iterator[str]:
    groups = match.groupdict()
    target = groups["target"] + groups.get("rest", "")
    if "secure" in groups:
        # AMP viewers write the page's own "?" so, to keep it from their own.
        target = re.sub("%3f", "?", target, count=1, flags=re.IGNORECASE)
    if not re.match(r"https?(?::|%3a)", target, re.IGNORECASE):
        scheme = "https" if groups.get("secure", "s/") else "http"
        target = f"{scheme}://{target}"
    # Proxies and normalisers fold "//" in paths.
    whole = re.sub(r"^(https?:)/+", r"\1//", target, flags=re.IGNORECASE)
    yield from (f"{whole}?{parts.query}" if parts.query else whole, unquote(whole))


def _is_target(url: str) -> bool:
    return is_http(url) and "." in (urlsplit(url).hostname or "")


def url_key(url: str) -> str:
    """The canonical form of a URL: equal for spellings of one page, readable, and never dialled.

    No difference make: scheme, "www.", default port, fragment, tracking parameters and session ids, the
    order of the others, a slash or an index file at the end, and percent-encoding variants; a service's
    address that carries the page's (`unwrap`); and AMP, mobile and print addresses where the path names an
    article. A "#!" fragment is part of the address (the old AJAX crawling scheme, where it selects the
    page). `url` must satisfy `is_http`.
    """
    return _key(url, RENDERING_PARAMETERS, likely=False)


def _twin_key(url: str) -> str:
    """Like `url_key`, with everything taken off that may mark another rendering: no identity, evidence."""
    return _key(url, RENDERING_PARAMETERS | LIKELY_RENDERINGS, likely=True)


def _key(url: str, renderings: dict[str, frozenset[str]], *, likely: bool) -> str:
    # Half a surrogate pair has no UTF-8; its own percent-encoding tells it from all else.
    encodable = _SURROGATE.sub(lambda found: quote(found[0], errors="surrogatepass"), unwrap(url))
    parts = urlsplit(canonicalize_url(encodable, keep_fragments=True))
    # Pairs stay as w3lib encoded them: decoding again would fold bytes that are no UTF-8 into one.
    query = "&".join(pair for pair in parts.query.split("&") if not _is_idle(pair, renderings))
    path = _fold_path(parts.path, likely=likely)
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    host = _fold_host(_ascii_host(parts.hostname or ""), path, query, likely=likely)
    host = f"[{host}]" if ":" in host else host
    port = "" if parts.port in (None, *DEFAULT_PORTS.values()) else f":{parts.port}"
    key = urlunsplit(("", "", host + port + path, query, fragment))
    if _wrappers(host, path):
        # What was taken off may have hidden an address that carries another.
        bare = unwrap(f"http://{key}")
        return key if bare == f"http://{key}" else _key(bare, renderings, likely=likely)
    return key


def _is_idle(pair: str, renderings: dict[str, frozenset[str]]) -> bool:
    """Whether a query parameter does not select content."""
    given, _, value = pair.partition("=")
    name = given.lower()
    if name in _IDLE_PARAMETERS or name.startswith(TRACKING_PREFIXES):
        return True
    return name in renderings and value.lower() in renderings[name]


def _fold_path(path: str, *, likely: bool) -> str:
    folded = _SLASHES.sub("/", path).rstrip("/")
    # No article has so long an address, and the patterns are not meant for what a prankster sends.
    while len(folded) <= _FOLDED_PATH_CHARS:
        before = folded
        folded = _INDEX.sub("", _SLASHES.sub("/", _PATH_SESSION.sub("", folded)).rstrip("/"))
        if likely:
            segments = [segment for segment in folded.split("/") if segment.lower() not in _LIKELY_SEGMENTS]
            folded = "/".join(segments)
        twin = _AMP_END.sub("", folded)
        folded = twin if _names_article(twin) else folded
        # What was taken off may have hidden another mark.
        if folded == before:
            break
    return folded


def _names_article(path: str) -> bool:
    """Whether the last segment names one article, not a section or a front page."""
    last = path.rpartition("/")[2]
    return bool(_SLUG.search(last) or _numbers(last))


def _fold_host(host: str, path: str, query: str, *, likely: bool) -> str:
    bare = _WWW.sub("", host)
    label, _, rest = bare.partition(".")
    if label not in _LIKELY_HOSTS or registrable(bare) == bare:
        return bare
    required = _TWIN_HOSTS.get(label, _SLUG)
    last = path.rpartition("/")[2]
    if likely or (required.search(last) if required else _names_article(path) or _numbers(query)):
        return _fold_host(rest, path, query, likely=likely)
    return bare


def believable(declared: str, url: str) -> bool:
    """Whether the address that the page at `url` declares can be its own by the looks of both.

    Broken systems declare a home page, a section or one page for all, and copies declare the original at
    another outlet. So both must be of one site, and either name an article by the same last segment or
    number, or differ by nothing but marks of AMP, mobile and print renderings. Evidence, not proof: texts
    have to be compared as well.
    """
    if _owner(declared) != _owner(url):
        return False
    twin = _twin_key(declared)
    return same_name(declared, url) or ("/" in twin and twin == _twin_key(url))


def same_name(one: str, other: str) -> bool:
    """Whether two addresses, at one host or two, name an article by the same last segment or number."""
    return bool(_names(one) & _names(other))


def _owner(url: str) -> str:
    return registrable(_ascii_host(urlsplit(url).hostname or ""))


def _names(url: str) -> set[str]:
    """What names the article in an address: its last segment, its number."""
    path, _, query = _twin_key(url).partition("?")
    last = path.rpartition("/")[2] if "/" in path else ""
    slug = {last} if _SLUG.search(last) else set()
    numbers = _numbers(last) or _numbers(query)
    # Several numbers do not say which is the article's.
    return slug | numbers if len(numbers) == 1 else slug


def _numbers(text: str) -> set[str]:
    return {number for number in _NUMBER.findall(text) if not _DATE.fullmatch(number)}


def without_userinfo(url: str) -> str:
    """The URL as it may stand in a log line: name and password taken out."""
    parts = urlsplit(url)
    if "@" not in parts.netloc:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
