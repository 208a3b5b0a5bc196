"""Why a page is no article, if it is none.

What the publisher says comes before what a page looks like: JSON-LD or og:type that call it an article
outweigh every phrase, because articles are written about cookies, captchas and pages not found. Phrases
count only on pages with little text. In doubt a page is an article: a wall in the archive can be seen
and taken out, a lost article cannot.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ingestd.model import Verdict


@dataclass(frozen=True, slots=True)
class Reason:
    """What a code means, and whether fetching again later can give the article."""

    sentence: str
    retry: bool


# Sorted by code. Codes are stored and never re-used for something else.
REASONS: Mapping[str, Reason] = {
    "bot-wall": Reason("the server asked for proof that a person is reading", True),
    "consent-wall": Reason("the server showed a request for consent in place of the page", True),
    "empty": Reason("there is too little text to be an article", True),
    "list-page": Reason("the page is a home page or a list of links to articles", False),
    "login": Reason("the page asks for a name and a password", False),
    "not-html": Reason("the document is no HTML page", False),
    "paywall": Reason("only the beginning is shown to those who do not pay", False),
    "soft-404": Reason("the page says that there is no such page, with a status that says success", True),
    "video-page": Reason("the page is there for its video and has no text of its own", False),
}

# What stands on such a page, its title included, is about the wall and not about the article behind it.
WALLS = frozenset({"bot-wall", "consent-wall", "login", "soft-404"})


@dataclass(frozen=True, slots=True)
class Settings:
    """How little text makes a page suspicious. Weights are those of `boilerplate.text_weight`: about
    characters, six a word."""

    # Below this it is no article: the shortest of 218 articles has 369, and a news flash of one
    # sentence some 100.
    least_weight: float = 80
    # The same where the publisher says that it is an article.
    least_weight_of_article: float = 40
    # Up to this, walls and error pages are looked for by their phrases: some hundred words. The
    # shortest of 218 articles have 369 to 541 and say no such thing.
    wall_weight: float = 600
    # Notices about cookies run long.
    consent_weight: float = 3000
    # A paid article of which less than this share of the stated text is shown is a teaser.
    teaser_share: float = 0.5
    # Share of the page's characters inside links from which a page with little text is a list: articles
    # have .2 in the middle, but .85 with a large tag cloud and little text.
    list_linked_share: float = 0.75
    # The same for the page at the root of a site, which is hardly ever an article.
    front_linked_share: float = 0.5
    # Share of the paragraphs that are teasers from which a page is a list, whatever its weight.
    list_teaser_share: float = 0.75
    # So many headings that are links make a list of a page that has no text.
    list_headings: int = 4


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a fetched page when its text has been looked for."""

    url: str
    title: str
    # Whether JSON-LD or og:type call it an article, and all the types that they name, lower case.
    says_article: bool
    types: frozenset[str]
    # schema.org isAccessibleForFree; None when not stated.
    free: bool | None
    # Weight of the text that was found, and its first paragraph ("" when none was).
    weight: float
    first_paragraph: str
    # Weight of the whole text where the publisher gives it elsewhere (JSON-LD, feed); None when nowhere.
    stated_weight: float | None
    # Share of the visible characters that are inside links.
    linked_share: float
    # Share of the page's paragraphs that stand under a headline which is a link, and how many headings
    # are links as a whole.
    teaser_share: float
    linked_headings: int
    # Whether the found text begins in an element that calls itself a request for consent.
    in_consent_box: bool
    has_password_field: bool
    # The page's lines, what its buttons say, and its markup, all in lower case.
    lines: tuple[str, ...]
    buttons: tuple[str, ...]
    markup: str


_BOT_TITLE = re.compile(
    r"^(?:just a moment|attention required|access denied|are you (?:a robot|human)|pardon our interruption|"
    r"security check|verify(?:ing)? (?:you are|that you)|please wait|one moment|bot (?:check|verification)|"
    r"ddos-guard|human verification|robot check|request blocked|403 forbidden|un momento|einen moment|"
    r"un instant|проверка браузера|access to this page has been denied|client challenge)",
    re.IGNORECASE,
)
_BOT_MARKUP = (
    "/_fs-ch-",
    "/cdn-cgi/challenge-platform/",
    "_incapsula_resource",
    "awswafintegration",
    "captcha-delivery.com",
    "cf-browser-verification",
    "cf_chl_opt",
    "challenges.cloudflare.com",
    "ddos-guard",
    "human-challenge",
    "perfdrive.com",
    "px-captcha",
    "sucuri_cloudproxy",
)
_BOT_LINE = re.compile(
    r"(?:verify(?:ing)? (?:that )?you are (?:a )?human|checking your browser|"
    r"enable javascript and cookies to continue|"
    r"complete the (?:captcha|security check)|unusual traffic from your|prove (?:that )?you(?:'re|"
    r" are) not a robot)"
)
_NOT_FOUND = re.compile(
    r"(?:^|\b)(?:404|page (?:was )?not found|not found|page (?:doesn|does no)[’']?t? exist|"
    r"can[’']?t be found|"
    r"no longer available|seite (?:wurde )?nicht gefunden|nicht gefunden|page introuvable|"
    r"página no encontrada|"
    r"página não encontrada|pagina non trovata|pagina niet gevonden|strona nie (?:została )?znaleziona|"
    r"nie znaleziono strony|страница не найдена|сторінк[ау] не знайдено|sayfa bulunamadı|sidan hittades inte|"
    r"siden (?:blev|ble) ikke funnet|الصفحة غير موجودة|"
    r"页面不存在|頁面不存在|找不到页面|ページが見つかりません|페이지를 찾을 수 없)",
    re.IGNORECASE,
)
# A consent page's whole title; an article's goes on after such words.
_CONSENT_TITLE = re.compile(
    r"(?:before you continue|(?:we (?:value|care about|respect) )?your privacy(?: (?:settings|choices))?|"
    r"(?:privacy|cookie)[ -](?:consent|settings|notice|wall)|datenschutz(?:einstellungen)?|zustimmung|"
    r"einwilligung)"
    r"(?:\s[|–—·-]\s.{1,40})?",
    re.IGNORECASE,
)
# What every request for consent names, in the languages where walls were met.
_ABOUT_DATA = re.compile(
    r"cookie|consent|partner|privacy|\bdata\b|daten|einwillig|zustimm|donn[ée]es|confidential|consent|datos|"
    r"privacidad|dados|dati\b|gegevens|toestemming|samtycke|samtykke|zgod|dan(?:e|ych)\b|согласи|данны|"
    r"згод|дани|ملفات تعريف|بيانات|隐私|個人|쿠키",
    re.IGNORECASE,
)
# Such a notice speaks to the reader in the publisher's name; articles about cookies do not.
_CONSENT = re.compile(
    r"^(?:before you continue|we (?:value|care about|respect) your privacy)\b|"
    r"\b(?:we|our site) (?:and our|use|store|need your|ask for)\b.{0,80}(?:cookies|partners|data|consent)|"
    r"\bwir (?:und unsere|verwenden|nutzen|benötigen ihre)\b|\bmit (?:werbung|ihrer zustimmung)\b|"
    r"\bnous (?:et nos|utilisons|respectons)\b|\b(?:nosotros y nuestros|utilizamos|usamos) \b|"
    r"\bnoi e \S+ (?:nostri|partner)|\bwij en onze\b|\bvi (?:och våra|og våre|använder|bruker|bruger)\b|"
    r"\bmy i nasi\b|\bмы (?:и наши|используем)\b|\bми (?:та наші|використовуємо)\b",
    re.IGNORECASE,
)
_ACCEPT = re.compile(
    r"^(?:(?:i )?(?:accept|agree)(?: all)?|accept (?:all|cookies|and continue)\b.{0,20}|allow all|got it|"
    r"alle(?:s)? akzeptieren|akzeptieren(?: und .{0,20})?|zustimmen(?: und .{0,20})?|einverstanden|"
    r"tout accepter|"
    r"accepter(?: .{0,20})?|j'accepte|aceptar(?: .{0,20})?|aceitar(?: .{0,20})?|accetta(?: .{0,20})?|"
    r"accepteren|alles accepteren|akkoord|godkänn(?: .{0,20})?|godta(?: .{0,20})?|akceptuję|"
    r"принять(?: .{0,20})?|"
    r"manage (?:options|preferences|settings)|reject all)$"
)
_LOGIN_TITLE = re.compile(
    r"^(?:log ?in|sign ?in|login|anmelden|anmeldung|connexion|se connecter|iniciar sesión|accedi|entrar|вход|"
    r"увійти|войти|logowanie|登录|登入|ログイン|로그인)\b",
    re.IGNORECASE,
)
_PAYWALL_LINE = re.compile(
    r"(?:subscribe|sign up|register|log in|become a (?:member|subscriber)).{0,40}"
    r"(?:to (?:continue|keep|read|unlock|access)|for (?:full|unlimited) access)|"
    r"(?:this|the) (?:article|content|story) is (?:only |exclusively )?(?:for|available to|"
    r"reserved for) (?:our )?"
    r"(?:paying |registered |premium )?(?:subscribers|members)|already a (?:subscriber|member)\?|"
    r"jetzt (?:weiterlesen|abonnieren|testen)|dieser (?:artikel|"
    r"inhalt) ist (?:nur )?(?:exklusiv )?für (?:unsere )?"
    r"abonnent|bereits abonnent|article (?:est )?réservé (?:aux|à nos) abonnés|il vous reste \d+ ?% |"
    r"(?:contenido|artículo) (?:exclusivo|solo) para suscriptores|contenuto (?:riservato|"
    r"esclusivo) (?:agli|per gli) abbonati|"
    r"abbonati per (?:leggere|continuare)|assine para (?:ler|continuar)|para assinantes|"
    r"только для подписчиков|подпишитесь, чтобы (?:читать|продолжить)|dla subskrybentów|"
    r"endast för prenumeranter|"
    r"会员专享|有料会員限定|この記事は有料"
)
_FRONT_PAGE = re.compile(r"[a-z]+://[^/?#]+/?(?:[?#].*)?")
_LIST_TYPES = frozenset({"collectionpage", "itemlist", "searchresultspage", "profilepage"})


def judge(facts: Facts, settings: Settings | None = None) -> Verdict | None:
    """The first reason for which the page is no article; None when it is one."""
    settings = settings or Settings()
    found = next(_reasons(facts, settings), None)
    return refuse(*found) if found else None


def refuse(code: str, seen: str) -> Verdict:
    """The verdict for a reason; `seen` is what was seen, a clause without a full stop."""
    reason = REASONS[code]
    return Verdict(code, f"{reason.sentence} ({seen})", reason.retry)


def _reasons(facts: Facts, settings: Settings) -> Iterator[tuple[str, str]]:
    if facts.weight < settings.consent_weight and _asks_consent(facts):
        yield "consent-wall", f"it begins {facts.first_paragraph[:80]!r}"
    if not facts.says_article:
        yield from _walls(facts, settings)
    yield from _paid(facts, settings)
    if not facts.says_article:
        yield from _other_pages(facts, settings)
    least = settings.least_weight_of_article if facts.says_article else settings.least_weight
    if facts.weight < least:
        yield "empty", f"{facts.weight:.0f} characters of text"


def _walls(facts: Facts, settings: Settings) -> Iterator[tuple[str, str]]:
    if facts.weight < settings.wall_weight:
        marker = next((mark for mark in _BOT_MARKUP if mark in facts.markup), None)
        if _BOT_TITLE.match(facts.title) or any(_BOT_LINE.search(line) for line in facts.lines[:40]):
            yield "bot-wall", f"title {facts.title!r}"
        elif marker and facts.weight < settings.least_weight:
            yield "bot-wall", f"{marker} in its markup"
        if _NOT_FOUND.search(facts.title) or (facts.lines and _NOT_FOUND.search(" ".join(facts.lines[:2]))):
            yield "soft-404", f"title {facts.title!r}"
        if _LOGIN_TITLE.match(facts.title) or (
            facts.has_password_field and facts.weight < settings.wall_weight / 2
        ):
            yield "login", f"title {facts.title!r}"


def _asks_consent(facts: Facts) -> bool:
    """Whether the page's own text asks for consent, not a notice beside an article.

    A notice with its button stands on every page, so the text that was found must be the request: it
    stands in a box that says so, or it speaks for the publisher, or the whole title says so.
    """
    if facts.url.partition("://")[2].startswith("consent."):
        return True
    begins = facts.first_paragraph or " ".join(facts.lines[:3])
    if not any(_ACCEPT.match(line) for line in (*facts.lines, *facts.buttons)):
        return False
    if facts.in_consent_box:
        return _ABOUT_DATA.search(begins) is not None
    titled = _CONSENT_TITLE.fullmatch(facts.title)
    # "We use data" may be the first words of an article; a request names cookies or partners besides.
    named = {word.lower() for word in _ABOUT_DATA.findall(begins)}
    return not facts.says_article and len(named) >= 2 and bool(titled or _CONSENT.search(begins))


def _paid(facts: Facts, settings: Settings) -> Iterator[tuple[str, str]]:
    cut = facts.stated_weight is not None and facts.weight < settings.teaser_share * facts.stated_weight
    short = facts.weight < settings.wall_weight
    asked = short and any(_PAYWALL_LINE.search(line) for line in facts.lines)
    if facts.free is False and (cut or asked or facts.weight < settings.wall_weight / 2):
        yield "paywall", f"not free by its metadata, {facts.weight:.0f} characters shown"
    elif facts.free is None and asked:
        yield "paywall", f"it asks to subscribe, {facts.weight:.0f} characters shown"


def _other_pages(facts: Facts, settings: Settings) -> Iterator[tuple[str, str]]:
    video = "videoobject" in facts.types or any(name.startswith("video") for name in facts.types)
    if video and facts.weight < settings.wall_weight / 2:
        yield "video-page", "its metadata describe a video and no article"
    front = _FRONT_PAGE.fullmatch(facts.url) is not None
    listed = not facts.types.isdisjoint(_LIST_TYPES)
    short = facts.weight < settings.wall_weight
    if facts.teaser_share >= settings.list_teaser_share:
        yield "list-page", f"{facts.teaser_share:.0%} of its paragraphs are teasers"
    elif short and (listed or facts.linked_share >= settings.list_linked_share):
        yield "list-page", f"{facts.linked_share:.0%} of its characters are links"
    elif front and facts.linked_share >= settings.front_linked_share:
        yield "list-page", "it is the front page of its site"
    elif facts.weight < settings.least_weight and facts.linked_headings >= settings.list_headings:
        yield "list-page", f"{facts.linked_headings} of its headings are links"
