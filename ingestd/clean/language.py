"""The language of a text: what is declared, checked against the script and the commonest words.

1. what the page declares: html lang, JSON-LD, Content-Language, og:locale, other meta; and its feed
2. a declared language whose script is not that of the text is not believed, nor is one whose commonest
   words are missing while those of another are there: templates say "en" whatever they are filled with
3. a script that one language has to itself needs no declaration
4. what is left undecided a light detector decides where it is sure (resiliparse, 20 µs), and otherwise a
   better one (py3langid); that costs .7 s and 90 MB once in a process, so it is imported only then, and where
   it is not installed the language stays unknown
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import cast

from ingestd.clean.declared import Declared
from ingestd.clean.json_ld import Json, text
from ingestd.model import Reading, Resolved

_TAG = re.compile(
    r"\s*([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?(?:[-_.@].*)?\s*(?:[,;].*)?$"
)
_NO_LANGUAGE = frozenset("und mul zxx mis".split())
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_META = ("language", "dc.language", "dcterms.language", "lang", "inlanguage")

# Names of languages that people write where a tag belongs.
_NAMES = {
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es",
    "español": "es", "italian": "it", "italiano": "it", "portuguese": "pt", "português": "pt", "dutch": "nl",
    "nederlands": "nl", "russian": "ru", "русский": "ru", "arabic": "ar", "chinese": "zh", "japanese": "ja",
    "korean": "ko", "turkish": "tr", "türkçe": "tr", "polish": "pl", "polski": "pl", "hindi": "hi",
    "norwegian": "no", "swedish": "sv", "svenska": "sv", "danish": "da", "dansk": "da", "finnish": "fi",
}  # fmt: skip

# So much of a text is looked at; its letters decide which script it is written in.
_SAMPLE = 1_600
_FEWEST_LETTERS = 40
_SHARE_OF_SCRIPT = 0.6
# This much of a text with its spaces and stops: nearly all letters are Latin without an accent.
_SURELY_LATIN = 0.7
_NO_ASCII_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())

_SCRIPTS = {
    "latin": "A-Za-z\u00aa-\u024f\u1e00-\u1eff",
    "cyrillic": "\u0400-\u052f",
    "greek": "\u0370-\u03ff\u1f00-\u1fff",
    "arabic": "\u0620-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc",
    "hebrew": "\u0590-\u05ff",
    "devanagari": "\u0900-\u097f",
    "bengali": "\u0980-\u09ff",
    "gurmukhi": "\u0a00-\u0a7f",
    "gujarati": "\u0a80-\u0aff",
    "oriya": "\u0b00-\u0b7f",
    "tamil": "\u0b80-\u0bff",
    "telugu": "\u0c00-\u0c7f",
    "kannada": "\u0c80-\u0cff",
    "malayalam": "\u0d00-\u0d7f",
    "sinhala": "\u0d80-\u0dff",
    "thai": "\u0e00-\u0e7f",
    "lao": "\u0e80-\u0eff",
    "tibetan": "\u0f00-\u0fff",
    "myanmar": "\u1000-\u109f",
    "georgian": "\u10a0-\u10ff\u1c90-\u1cbf",
    "ethiopic": "\u1200-\u137f",
    "khmer": "\u1780-\u17ff",
    "mongolian": "\u1800-\u18af",
    "armenian": "\u0530-\u058f",
    "hangul": "\uac00-\ud7a3\u1100-\u11ff",
    "kana": "\u3040-\u30ff",
    "han": "\u3400-\u4dbf\u4e00-\u9fff",
}
# Japanese mixes kana and Chinese characters; this much kana makes a text Japanese.
_SHARE_OF_KANA = 0.1
# A script that one language has to itself among those that news is written in.
_SOLE = {
    "greek": "el", "hebrew": "he", "gurmukhi": "pa", "gujarati": "gu", "oriya": "or", "tamil": "ta",
    "telugu": "te", "kannada": "kn", "malayalam": "ml", "sinhala": "si", "thai": "th", "lao": "lo",
    "myanmar": "my", "georgian": "ka", "khmer": "km", "armenian": "hy", "hangul": "ko", "kana": "ja",
}  # fmt: skip
# Languages written in several scripts, or in one that is not Latin. Others are written in Latin letters.
_WRITTEN_IN = {
    **{language: (script,) for script, language in _SOLE.items()},
    **dict.fromkeys("ru uk be bg mk ky tg ab os ba cv".split(), ("cyrillic",)),
    **dict.fromkeys("sr bs sh cnr kk uz tt tk".split(), ("cyrillic", "latin")),
    **dict.fromkeys("ar fa ur ps ckb ug sd prs dv".split(), ("arabic",)),
    **dict.fromkeys("ku az pa ms ks".split(), ("latin", "arabic", "cyrillic", "gurmukhi", "devanagari")),
    **dict.fromkeys("hi mr ne sa bh mai kok doi".split(), ("devanagari",)),
    **dict.fromkeys("bn as mni".split(), ("bengali",)),
    **dict.fromkeys("zh yue wuu cmn".split(), ("han",)),
    **dict.fromkeys("am ti".split(), ("ethiopic",)),
    **dict.fromkeys("bo dz".split(), ("tibetan",)),
    "mn": ("cyrillic", "mongolian"),
    "yi": ("hebrew",),
    "ja": ("kana", "han"),
    "ko": ("hangul", "han"),
}

# The commonest words of languages in Latin letters that templates are mistaken about; each set has few in
# common with the others.
_COMMON = {
    "en": "the and of to in is that for was with on as it he his at by from are have be this has will which",
    "de": "der die und das den von mit ist im nicht auf ein eine dem sich für auch des wird wurde bei nach",
    "fr": "le la les des et une est dans que pour qui sur pas du avec par ont cette sont plus aux été ses au",
    "es": "el la los las de que en y del se por con una para su al como más fue ha este son pero sus lo",
    "pt": "o os as de que e do da em um uma para com não por mais dos das no na ao foi como pelo pela são",
    "it": "il di che la e per un una non del della con sono dei le nel alla gli anche è più ha si al dal",
    "nl": "de het een van en in dat die is op te zijn met voor niet aan er om ook bij door heeft werd naar",
    "sv": "och att det som en på är av för med den till inte har ett om var de från vid kan efter under",
    "da": "og det at en den til er som på de med der af ikke for har et var han vil fra ved efter ud",
    "no": "og det er som på en til av for med at ikke har den et de var han fra om seg etter også ble",
    "pl": "w i na z się do nie że jest to o jak po przez od dla oraz był za ale są który może które",
    "cs": "a se v na je že to s z do o i pro za by jako ale po jsou od ve podle které který také",
    "tr": "ve bir bu da de için ile olarak olan çok daha en gibi kadar sonra göre ise olduğu var yeni",
    "id": "yang dan di dengan untuk dari ini pada tidak dalam itu akan juga ke oleh ada telah bisa karena",
    "ms": "yang dan di dengan untuk dari ini pada tidak dalam itu akan juga ke oleh ada telah boleh kerana",
    "sw": "na ya wa kwa ni katika za la cha kuwa hiyo huo hilo huyo alisema ambao ambayo baada pia kama",
    "vi": "và của là có cho được trong với các không những một người này đã khi từ đến về năm",
    "ro": "și de în la a cu pe care din nu pentru că este au o mai un fost prin să sunt după al ale",
    "hu": "a az és hogy nem is egy volt meg csak már de ha vagy még mint el szerint ezt ami lesz után",
    "fi": "ja on ei että se oli hän mutta kun myös ovat kuin joka sen mukaan vuoden jo olla",
    "lt": "ir kad į iš su yra tai kaip bet ar buvo jau nuo dėl apie už pagal po tik jis metų",
    "af": "die en van in is dat nie het wat om te vir met sy op ook sal was aan ’n by deur",
    "zu": "ukuthi uma noma kodwa futhi kanye lokhu bese ngoba kuze kusho njengoba ngesikhathi khona lokho "
    "lapho wathi uthe yena bona kakhulu namuhla ngenxa okuthiwa abantu umuntu manje phambi",
    "xh": "ukuba kwaye okanye kodwa xa kuba ukuze kunye apho uthi uthe abantu nangona kwakhona emva kwe oko "
    "wathi umntu kakhulu malunga ngexesha namhlanje ngenxa ngokutsho ngoku njengoko phambi ngelixa into",
    "cy": "y yr yn a ar i o ei mae bod wedi gan ond fel nid eu am ac oedd sydd hefyd bydd tan",
    "tl": "ang ng sa na mga at ay ni para nang hindi ito kay may si din isang ayon niya",
}
_LEAST_WORDS = 60
# Of the words of prose in these languages a quarter and more are common ones; of another language's, some.
_LEAST_SHARE = 0.08
_SURE_SHARE = 0.15
_CLEARLY_MORE = 1.8
# What others say in words of their own these put into one word, so that few of theirs are common.
_LONG_WORDED = frozenset("zu xh".split())
_OF_LONG_WORDS = (0.04, 2.5)
# Their commonest words are nearly the same.
_ALIKE = (
    {"id", "ms"},
    {"no", "da"},
    {"nb", "no"},
    {"nb", "da"},
    {"af", "nl"},
    {"cs", "sk"},
    {"pt", "gl"},
    {"es", "gl"},
    {"es", "ca"},
)
_WORD = re.compile(r"[^\W\d_]+")
# Distances of the light detector. Of 22 languages, two sentences each, it was right about all that are so
# near and so far ahead of the next, but for languages that it takes for their neighbours.
_NEAR = 600
_AHEAD = 40
_TAKEN_FOR_OTHERS = frozenset("bs da ga gd gl hr id ms no pt sr".split())


def language_tag(value: str | None) -> str | None:
    """A declared language as a BCP 47 tag, "en_us" as "en-US"; None when it cannot be one."""
    named = _NAMES.get((value or "").strip().lower())
    match = None if named else _TAG.match(value or "")
    if match is None or match[1].lower() in _NO_LANGUAGE:
        return named
    language, script, region = match.groups()
    parts = (language.lower(), script and script.title(), region and region.upper())
    return "-".join(part for part in parts if part)


def declared_languages(page: Declared, story: Json) -> tuple[Reading, ...]:
    """Every language that the page declares, as tags, the most credible first."""
    tagged = ((source, language_tag(value)) for source, value in _declared(page, story) if value)
    return tuple(Reading(source, tag) for source, tag in dict.fromkeys(tagged) if tag)


def _declared(page: Declared, story: Json) -> Iterator[tuple[str, str | None]]:
    root = page.root
    yield "html lang", root.get("lang") or root.get(_XML_LANG) or root.get("xml:lang")
    for node in (story, page.graph.page):
        stated = node.get("inLanguage")
        stated = stated[0] if isinstance(stated, list) and stated else stated
        named = (stated.get("alternateName") or stated.get("name")) if isinstance(stated, dict) else stated
        yield "json-ld inLanguage", text(named)
    yield "header content-language", page.headers.get("content-language")
    yield "meta content-language", page.first("content-language")
    yield "meta og:locale", page.first("og:locale")
    for name, content in page.all(_META):
        yield f"meta {name}", content


# ---------------------------------------------------------------------------------- resolving


def resolve(declared: Sequence[Reading], text: str) -> Resolved:
    """The language of `text`; `declared` are tags, the most credible first.

    The detector is asked where nothing is declared or what is declared does not fit the text.
    """
    found, sure = _weighed(tuple(declared), text)
    declared_one = primary(found.value or "")
    detected = None if sure else _detected(text, declared_one)
    if detected is None or detected == declared_one:
        return found
    readings = (*found.readings, Reading("text", detected))
    return Resolved("language", detected, f"{found.reason}; the detector tells it by the text", readings)


def checked(declared: Sequence[Reading], text: str) -> Resolved:
    """Like `resolve`, without the detector: the value may be None where it would be asked."""
    return _weighed(tuple(declared), text)[0]


def _weighed(readings: tuple[Reading, ...], text: str) -> tuple[Resolved, bool]:
    """What is declared, weighed against script and commonest words; and whether that decides it."""
    script = script_of(text)
    fitting = [r for r in readings if script is None or script in _scripts_of(r.value)]
    if fitting:
        return _by_words(fitting, readings, text)
    reason = "none is declared"
    if readings:
        reason = f"{readings[0].source} says {readings[0].value}, but the text is in {script} letters"
    sole = _SOLE.get(script or "")
    if sole:
        return _told(sole, f"{reason}; only one language has this script", readings, "script"), True
    common = commonest(text)
    if common:
        return _told(common, f"{reason}; the commonest words tell it", readings, "words"), True
    return Resolved("language", None, reason, readings), len(text) < _FEWEST_LETTERS


def _told(language: str, reason: str, readings: tuple[Reading, ...], source: str) -> Resolved:
    return Resolved("language", language, reason, (*readings, Reading(source, language)))


def _by_words(fitting: Sequence[Reading], readings: tuple[Reading, ...], text: str) -> tuple[Resolved, bool]:
    """The first declared language, unless the text has another's commonest words, or none of its own."""
    first = fitting[0]
    stated = primary(first.value)
    declared = Resolved("language", first.value, f"{first.source} declares it", readings)
    share = _share_of(stated, text)
    if share is None or share >= _SURE_SHARE:
        return declared, True
    told = commonest(text)
    if told is None or told == stated or {told, stated} in _ALIKE:
        return declared, share >= _LEAST_SHARE / 2
    better = next((r.value for r in fitting if primary(r.value) == told), told)
    reason = f"{first.source} says {first.value}, but the commonest words are those of {told}"
    return _told(better, reason, readings, "words"), True


def primary(tag: str) -> str:
    """The language of a tag without script and region."""
    return tag.partition("-")[0]


def _scripts_of(tag: str) -> tuple[str, ...]:
    return _WRITTEN_IN.get(primary(tag), ("latin",))


def script_of(text: str) -> str | None:
    """The script that a text is written in; None when it is too short or mixed to tell."""
    sample = text[:_SAMPLE]
    plain = len(sample.encode("ascii", "ignore").translate(None, _NO_ASCII_LETTERS))
    if plain >= max(_FEWEST_LETTERS, _SURELY_LATIN * len(sample)):
        return "latin"
    counts = {name: sum(map(len, runs)) for name, pattern in _patterns() if (runs := pattern.findall(sample))}
    letters = sum(counts.values())
    if letters < _FEWEST_LETTERS:
        return None
    if counts.get("kana", 0) >= _SHARE_OF_KANA * letters:
        return "kana"
    script, most = max(counts.items(), key=lambda item: item[1])
    return script if most >= _SHARE_OF_SCRIPT * letters else None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(f"[{ranges}]+")) for name, ranges in _SCRIPTS.items())


def _share_of(language: str, text: str) -> float | None:
    """Which share of a text are the commonest words of a language; None when that cannot be told."""
    common = _common_words().get(language)
    found = _WORD.findall(text[:_SAMPLE].casefold())
    if common is None or len(found) < _LEAST_WORDS:
        return None
    return sum(map(common.__contains__, found)) / len(found)


def commonest(text: str) -> str | None:
    """The language whose commonest words a text clearly has; None when none stands out."""
    found = _WORD.findall(text[:_SAMPLE].casefold())
    if len(found) < _LEAST_WORDS:
        return None
    counts = Counter(found)
    shares = sorted(
        (
            (sum(counts[word] for word in common if word in counts) / len(found), language)
            for language, common in _common_words().items()
        ),
        reverse=True,
    )
    most, language = shares[0]
    second = next(share for share, other in shares[1:] if {language, other} not in _ALIKE)
    least, more = _OF_LONG_WORDS if language in _LONG_WORDED else (_LEAST_SHARE, _CLEARLY_MORE)
    return language if most >= least and most >= more * second else None


@cache
def _common_words() -> dict[str, frozenset[str]]:
    return {language: frozenset(listed.split()) for language, listed in _COMMON.items()}


def detect(text: str) -> str | None:
    """The language that a text shows by its script or its words; None when nothing tells."""
    script = script_of(text)
    if len(text) < _FEWEST_LETTERS:
        return None
    if sole := _SOLE.get(script or ""):
        return sole
    return commonest(text) or _detected(text)


def _detected(text: str, declared: str | None = None) -> str | None:
    """What the light detector says where it is sure or agrees with what is declared, else the other."""
    from resiliparse.parse.lang import detect_fast

    # Of what it knows nothing like it names none, or one alone.
    ranked = cast(list[tuple[str, int]], detect_fast(text[:_SAMPLE], n_results=2))
    if len(ranked) < 2:
        return _classified(text)
    (first, distance), (_, second) = ranked
    sure = distance <= _NEAR and second - distance >= _AHEAD and first not in _TAKEN_FOR_OTHERS
    return first if sure or first == declared else _classified(text)


def _classified(text: str) -> str | None:
    try:
        import py3langid
    except ImportError:
        return None
    found = py3langid.classify(text[:_SAMPLE])[0]
    return str(found) or None
