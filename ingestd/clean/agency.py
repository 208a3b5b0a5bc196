"""Which news agency a text is credited to, and where that was read.

    1. dateline      "PARIS (AFP) –", "KYIV, July 13 (Reuters) -", "(ANSA) - ROMA", "【AFP=時事】"
    2. sign-off      "(Reporting by … Editing by …)", "© 2024 AFP", "… said. – Bernama", "… sagt er. (dpa)"
    3. credit line   "Source: Reuters", a bare agency line beside the headline or the author
    4. byline        an author called "AFP" or "Agence France-Presse"
    5. metadata      JSON-LD author, creditText, provider; meta author
    6. outlet        the page's site is an agency's own

A text may speak of an agency without being one of its texts: "Reuters reported", "according to AFP". So
only places count in which nothing but a credit can stand, and marks that mean other things as well ("AP",
"PA", "TT") must fill their place alone. Photo credits name who took a picture and are not read.

Nothing here relies on `\\w` being a whole letter: the vowel signs of Indian and Thai scripts are none.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from typing import Any

from ingestd.data import data_path
from ingestd.model import Agency

# A dateline stands within so many characters at the beginning of one of the first paragraphs.
_DATELINE_PARAGRAPHS = 2
_DATELINE_LENGTH = 120
# Before its agency a dateline has at most so many words, and without a day in it so many.
_WORDS_OF_DATED_PLACE = 14
_WORDS_OF_PLACE = 8
_WORDS_OF_CASELESS_PLACE = 4
# A sign-off stands in one of the last paragraphs, within so many characters of its end.
_SIGN_OFF_PARAGRAPHS = 3
_SIGN_OFF_LENGTH = 80
# A credit is no longer than this; what is longer is a sentence, or a notice of the rights in the text.
_CREDIT_LENGTH = 120
_NOTICE_LENGTH = 600
_LETTERS_OF_A_BUTTON = 2


# ------------------------------------------------------------------------------------ the table

# Characters that are read differently and look alike: the forms of alef, Persian and Arabic letters.
_ALIKE = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ی", "ي": "ی", "ك": "ک", "ة": "ه"})
# Tatweel, vowel points, marks of direction, and joiners.
_UNSEEN = re.compile("[\u0640\u064b-\u065f\u0670\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_STOP_AFTER_ARABIC_LETTER = re.compile(r"(?<=[\u0620-\u06d3])\.")
_ARABIC = re.compile(r"[\u0620-\u06d3]")
_IGNORED = re.compile(r"[.’'\"“”«»]")
_WORD = re.compile(r"\w+")
_STOP_WITHIN = re.compile(r"\.\w")
# Scripts that write names without spaces between, so that a name is no word of its own.
_SPACELESS = re.compile(r"[\u0e00-\u0eff\u2e80-\ud7ff\uf900-\ufaff\uff00-\uffef]")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


@dataclass(frozen=True, slots=True)
class AgencyTable:
    """The agencies and their credits, ready for looking up."""

    # Folded spelling to name; code, and mark that only brackets make a credit, as it is written to name.
    spellings: Mapping[str, str]
    codes: Mapping[str, str]
    bracketed: Mapping[str, str]
    # Host of an agency's own, lower case and IDNA, to name.
    sites: Mapping[str, str]
    # A word of each credit; a line with none of them names no agency.
    words: frozenset[str]

    @classmethod
    def from_toml(cls, document: Mapping[str, Any]) -> "AgencyTable":
        """The table out of the parsed `agencies.toml`.

        Raises ValueError that names a credit or a site that two agencies claim, or a site that is no host.
        """
        spellings: dict[str, str] = {}
        codes: dict[str, str] = {}
        bracketed: dict[str, str] = {}
        sites: dict[str, str] = {}
        lists = (
            ("spellings", spellings, _fold),
            ("codes", codes, _plain),
            ("bracketed", bracketed, _plain),
            ("sites", sites, _host),
        )
        known: list[str] = []
        for entry in document.get("agency", ()):
            for key, table, normal in lists:
                texts = entry.get(key, ())
                known += texts if table is not sites else ()
                for text in texts:
                    _claim(table, normal(text), entry["name"])
        for mark, name in (codes | bracketed).items():
            _refuse_other(spellings, _fold(mark), name)
            _refuse_other(codes, mark, name)
        return cls(spellings, codes, bracketed, sites, _needed_words(known))

    def named(self, text: str) -> str | None:
        """The agency that `text` as a whole names; None when it names none."""
        trimmed = _plain(text.strip(" \t.,;:*–—-"))
        code = self.codes.get(trimmed) or self.codes.get(trimmed.replace(".", ""))
        return code or self.spellings.get(_fold(trimmed))

    def named_in_place(self, text: str) -> str | None:
        """The agency that `text` names where a mark counts that is a common word elsewhere."""
        return self.named(text) or self.bracketed.get(_plain(text))

    def may_name(self, line: str) -> bool:
        """Whether a credit can stand in `line`; False is certain. Cheap, for the many lines without."""
        # Of ASCII nothing but case has to be folded to find its words.
        plain = line.lower() if line.isascii() else _plain(line).casefold()
        if not self.words.isdisjoint(_WORD.findall(plain)) or (
            not plain.isascii() and _SPACELESS.search(plain)
        ):
            return True
        # "A.F.P." is read with its stops and without; those at the end of a word part nothing.
        stops = _STOP_WITHIN.search(plain) is not None
        return stops and not self.words.isdisjoint(plain.replace(".", "").split())

    def of_site(self, site: str) -> str | None:
        """The agency whose own outlet `site` is, a host without "www."; None when it is none's.

        A host below an agency's own is the agency's too, and the longest one that fits decides.
        """
        host = site.lower().partition(":")[0].rstrip(".")
        if not host.isascii():
            host = _idna(host) or host
        labels = host.split(".")
        above = (".".join(labels[start:]) for start in range(len(labels)))
        return next((self.sites[name] for name in above if name in self.sites), None)


def _claim(table: dict[str, str], credit: str, name: str) -> None:
    _refuse_other(table, credit, name)
    table[credit] = name


def _refuse_other(table: Mapping[str, str], credit: str, name: str) -> None:
    if table.get(credit, name) != name:
        raise ValueError(f"{credit!r} is claimed by {table[credit]} and {name}")


def _plain(text: str) -> str:
    """`text` without what readers do not see: width, points, forms of one letter, white space at edges."""
    if text.isascii():
        return " ".join(text.split())
    seen = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    if _ARABIC.search(seen):
        seen = _STOP_AFTER_ARABIC_LETTER.sub(" ", seen.translate(_ALIKE))
    return " ".join(seen.split())


def _fold(text: str) -> str:
    return " ".join(_IGNORED.sub("", _plain(text)).casefold().split())


def _host(site: str) -> str:
    """`site` as a table of hosts has it; ValueError when it is none."""
    host = _idna(site.lower())
    if host is None or not _HOST.fullmatch(host) or host.startswith("www."):
        raise ValueError(f"{site!r} is no host without 'www.'")
    return host


def _idna(host: str) -> str | None:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return None


def _needed_words(texts: Iterable[str]) -> frozenset[str]:
    """Words of which each of `texts` has one: those that stand alone, else the longest."""
    split = [_WORD.findall(_plain(text).casefold()) for text in texts]
    alone = {words[0] for words in split if len(words) == 1}
    return frozenset(alone | {max(words, key=len) for words in split if words and alone.isdisjoint(words)})


@cache
def default_table() -> AgencyTable:
    """The table of `config/agencies.toml`, read once a process: the one file that the pure wing reads."""
    return AgencyTable.from_toml(tomllib.loads(data_path("config", "agencies.toml").read_text("utf-8")))


# ------------------------------------------------------------------------------------- the road


def find_agency(
    table: AgencyTable,
    *,
    paragraphs: Sequence[str],
    authors: Sequence[str] = (),
    credits_stated: Sequence[str] = (),
    removed_lines: Sequence[str] = (),
    site: str | None = None,
) -> Agency | None:
    """The agency that an article is credited to; None when it is credited to none.

    `credits_stated` are the page's metadata credits, `removed_lines` the lines that cleaning took out as
    no part of the text, in reading order. `site` is the page's host without "www.", None when it has none.
    """
    found = chain(
        _datelines(table, paragraphs),
        _sign_offs(table, paragraphs),
        _lines(table, removed_lines, "credit-line"),
        _lines(table, authors, "byline"),
        _lines(table, credits_stated, "metadata"),
        _outlet(table, site),
    )
    credited = next(found, None)
    if credited is None or site is None:
        return credited
    return replace(credited, own_outlet=table.of_site(site) == credited.name)


def _outlet(table: AgencyTable, site: str | None) -> Iterator[Agency]:
    name = table.of_site(site) if site else None
    if site and name:
        yield Agency(name, "outlet", site)


# --------------------------------------------------------------------------------- credit lines

# Vowel signs and accents, which `\w` leaves out, so what is neither of them and no letter is punctuation.
_SIGNS = (
    "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0963\u0980-\u09e5\u0a00-\u0d7f\u0d80-\u0df3"
    "\u0e31-\u0e4e\u0eb1-\u0ecd\u135d-\u135f"
)
_EDGE = rf"[^\w{_SIGNS}]"
# Between two agencies of one credit: "dpa/AFP", "AFP, Reuters", "AP and AFP".
_BETWEEN = re.compile(
    r"\s*[/／=+&;|｜·•・,،、，:：()（）]\s*|\s[-–—]+\s|\s+(?:and|und|et|y|e|og|och|en|in|ja|i|a|és|și|и|та|і|και|ve|"
    r"dan|và|और|ও|و|with files from|with|mit|avec|con|com|med|met|z|s)\s+",
    re.IGNORECASE,
)
# What stands before and behind the agency in a credit without being part of its name.
_LABELS = (
    "additional reporting by|af|agences?|agencias?|agências?|agenturen|agenzie|agencia|agência|agencies|"
    "agency|agentur|agenzia|ajans|av|avec|bron|by|com informações d[aeo]s?|compiled from|"
    "con información de|copyright|correspondents?|credit|da|de|der|di|die|distributed by|door|du|from|"
    "fonte|fonti|forrás|fra|från|fuente|fuentes|information from|informationen (?:der|von)|inputs from|"
    "izvor|kaynak|kilde|kirjoittaja|källa|l|la|le|les|lähde|material|material from|material von|met|mit|"
    "mit informationen von|mit material der|news agency|newswire|nguồn|od|par|por|posted by|provided by|"
    "published by|quelle|quellen|redaktion|reporter|reporting by|riproduzione riservata|source|sources|"
    "staff|sumber|sursa|szerző|tekst|testo|text|texte|texto|the|theo|vir|via|von|wire|with|"
    "with agency inputs from|with files from|with information from|with inputs from|with reporting by|za|"
    "zdroj|źródło|šaltinis|avots|allikas|burimi|агентство|джерело|за даними|за матеріалами|извор|източник|"
    "източници|источник|інформація|корр|крыніца|по материалам|текст|автор|дереккөз|με πληροφορίες από|"
    "πηγή|πηγές|מקור|מאת|المصدر|المصادر|مصدر|وكالة|وكالات|منبع|خبرگزاری|ذرائع|ماخذ|出典|提供|来源|來源|稿源|稿件来源|"
    "新闻来源|消息来源|文|文章来源|資料來源|综合|綜合|據|据|출처|स्रोत|इनपुट|साभार|सूत्र|সূত্র|খবর|ที่มา|แหล่งข่าว|წყარო|աղբյուր|"
    "աղբյուրը"
)
_AFTERWORDS = (
    "agence|agencia|agencies|agency|agentur|all rights reserved|alle rechte vorbehalten|"
    "contributed to this report|gmbh|inc|ltd|news agency|newswire|redaktion|staff|staff writers?|"
    "todos los derechos reservados|todos os direitos reservados|tous droits réservés|"
    "tutti i diritti riservati|wire|wire services?"
)
_YEAR = r"(?:19|20)\d\d"
_LABEL = re.compile(
    rf"(?:{_LABELS}|{_YEAR})(?![\w{_SIGNS}])|(?:来源|來源|稿源|据|據|综合|綜合|文)(?=\w)", re.IGNORECASE
)
_AFTERWORD = re.compile(
    rf"(?:(?<={_EDGE})(?:{_AFTERWORDS}|{_YEAR})|综合|綜合|[电電报報讯訊][道導]?)$", re.IGNORECASE
)
_LEFT_EDGE = re.compile(rf"^{_EDGE}+")
_RIGHT_EDGE = re.compile(rf"{_EDGE}+$")
_LETTER = re.compile(r"[^\W\d_]")
# Words of a credit that is a picture's, then of a line that only speaks of an agency.
_NO_TEXT_CREDIT = re.compile(
    r"\b(?:"
    r"afbeelding|archiv\w*|bild\w*|billede\w*|caption|cartoon|epa|file|fotos?\w*|fotoğraf\w*|fotó\w*|"
    r"fénykép|gambar|getty|grafik\w*|graphics?|görsel|handout|illustration|imagen|images?|imago|imatge|"
    r"immagin[ei]|imágenes|infograf\w*|infographic|kuva\w*|kép|lehtikuva|obraz\w*|pa wire|photo\w*|"
    r"picture-alliance|pictures?|pool|scanpix|screengrab|screenshot|shutterstock|valokuva\w*|via ap|"
    r"via reuters|video\w*|vidéo\w*|zdjęci\w+|εικόνα|φωτ\w*|видео|відео|светлина|світлина|слика|слике|"
    r"снимка|снимок|фото\w*|צילום|תמונה|תצלום|ảnh"
    r"|"
    "entretien|entrevista|follow|gespräch|interjú|interview|intervista|related|subscribe|tags?|topics?|"
    "wywiad|интервью|інтерв.?ю"
    r")\b|صورة|صور|تصوير|عکس|تصویر|图|圖|照片|摄|攝|アフロ|写真|画像|撮影|사진|이미지|फोटो|तस्वीर|छवि|ছবি|ফটো|ภาพ|ფოტო|լուսանկար",
    re.IGNORECASE,
)
# The picture desks of South Korea put the agency whose picture it is before their own.
_KOREAN_PICTURE = re.compile(
    r"(?:AP|AFP|EPA|UPI|로이터|신화|타스|게티이미지)\s*[=/·]?\s*(?:연합뉴스|뉴시스|뉴스1)"
    r"|\b(?:AP|AFP|EPA|Reuters|Xinhua)[-/](?:Yonhap|Newsis)\b"
)
# "AP Sports Writer", "Reuters correspondent"
_ROLE = re.compile(
    r"(?:\s+[^\W\d_]+){0,2}\s+(?:writers?|reporters?|correspondents?|journalists?|editors?|staff|newsroom|desk|"
    r"bureau|korrespondent(?:in)?)$",
    re.IGNORECASE,
)
# Capitals with which names and initials begin, in scripts that have them.
_CAPITAL = "A-ZÀ-ÖØ-ÞĄĆČĎĐĘĚĞİŁŃŇŐŘŚŞŠŤŮŰŹŻŽΑ-ΩА-ЯЁЂЄІЇЈЉЊЋЏҐԱ-Ֆ"
# "Associated Press in Valencia"
_OFFICE = re.compile(rf"\s+(?:in|à|en|aus|w|в|у)\s+[{_CAPITAL}]\S+(?:\s[{_CAPITAL}]\S+)?$")
# Two to four names of a person, but for an outlet's that begins with an article.
_PERSON = re.compile(
    rf"(?!(?:The|Le|La|Les|Die|Der|Das|El|Il|L'|O|Al|De|Het)\b)"
    rf"[{_CAPITAL}][^\W\d_]*(?:[ -][{_CAPITAL}][\w.’'-]*){{1,3}}"
)
# Initials of editors, and names of outlets that show what they are.
_INITIALS = re.compile(r"(?![^\W\d_]*[A-Z])[^\W\d_]{2,4}|\w+\.(?:at|be|ch|com|de|fr|it|nl|net|org)")
_BY = re.compile(r"^\W*(?:by|von|par|por|di|da|door|av|af|от|від|przez|txt|text)\s", re.IGNORECASE)
# The outlet stands before it: "Le Monde avec AFP".
_WITH = re.compile(
    r"(?:^|\s)(?:avec|with|mit|con|com|met|med|z|ile|με|с|з|inputs? from|material from|files from|"
    r"material von|informationen von|información de|informações d[aeo]|informaţii de la|za)\s+(?P<who>.+)$",
    re.IGNORECASE,
)
# Rights and terms under an agency's text. What precedes them is the owner.
_RIGHTS = re.compile(
    rf"^(?:{_EDGE}|copyright|\(c\)|{_YEAR}|the|by)*(?P<who>[^\W\d_][^\d©|:]{{1,60}}?){_EDGE}+(?:{_YEAR}{_EDGE}+)?"
    r"(?:all (?:rights|reproduction)|alle rechte|tous (?:les )?droits|todos (?:los derechos|os direitos)|"
    r"tutti i diritti|все права|reproduction|riproduzione|this (?:material|content|story)|"
    r"est[áa] expresamente|no part of|click for restrictions)",
    re.IGNORECASE,
)
# "This story has not been edited by … staff and is auto-generated from ANI news service."
_STORY = re.compile(
    r"^\W*(?:(?:the|this|above|following|news) ){1,3}(?:story|report|article|text|item|copy|content|news)\b",
    re.IGNORECASE,
)
_GIVEN_BY = re.compile(
    r"\b(?:generated|published|provided|supplied|syndicated|distributed|sourced|taken|produced|feed)"
    r"\s(?:[a-z-]+\s){0,4}?(?:by|from|of|on)\s(?:an?\s|the\s)?(?:(?:news\s)?agency\s)?"
    r"(?=(?P<who>[^.,;()]{2,60}))",
    re.IGNORECASE,
)
_GERMAN_SERVICE = re.compile(r"\b(?:Angebots der Nachrichtenagentur|Direkt aus dem)\s(?P<who>\w+)")
# Lines under the texts of Reuters, and of AP, that do not fill a credit's place.
_SIGNATURES = {
    "Reuters": re.compile(
        r"^\W?(?:(?:Additional r|R)eporting by .{3,300}\b(?:[Ee]diting|[Ww]riting) by "
        r"|(?:Our Standards: )?The Thomson Reuters Trust Principles"
        r"|(?:Reportage d[e’']|Rédigé par|Version française) .{3,200}\b(?:édité par|version française) "
        r"|(?:Reporte|Reportaje|Información) (?:de|por) .{3,200}\b(?:[Ee]dita|[Tt]raduc)"
        r"|Bericht von .{3,200}\b(?:redigiert|geschrieben) von )"
    ),
    "AP": re.compile(r"^(?:More )?AP [A-Za-z ,]{2,40}: https?://\S*\bapnews\.com/"),
}


# No line of `_SIGNATURES` is shorter.
_SHORTEST_SIGNATURE = 19


def names_agency(table: AgencyTable, line: str) -> str | None:
    """The agency of a line that is a text credit and nothing else; None for every other line."""
    if len(line) > _NOTICE_LENGTH or not table.may_name(line):
        return None
    if len(line) > _CREDIT_LENGTH:
        return _noticed(table, line)
    return None if _is_no_text_credit(line) else _filled(table, line) or _noticed(table, line)


def _filled(table: AgencyTable, line: str) -> str | None:
    """The agency of a line in which agencies, labels and initials of editors are all there is."""
    # "AFP AFP": the name beside its logo, or under a name that links to it.
    words = line.split()
    half = len(words) // 2
    line = " ".join(words[:half] if words[:half] == words[half:] else words)
    whole, _ = _read(table, line)
    if whole:
        return whole
    parts = _parts(table, line)
    names = [name for name, _ in parts if name]
    # "China News Service (CNS)" has a mark that counts only beside its name.
    known = (name or _INITIALS.fullmatch(rest) or table.named_in_place(rest) for name, rest in parts)
    return names[0] if names and all(known) else None


def _read(table: AgencyTable, text: str) -> tuple[str | None, str]:
    """The agency that `text` names with labels around it, and what is left of the text without labels.

    They are taken off one at a time: "Agence France-Presse" is a name, "Agence Belga" a label and a name.
    """
    while True:
        text = _RIGHT_EDGE.sub("", _LEFT_EDGE.sub("", text))
        name = _named(table, text)
        label = None if name else _LABEL.match(text) or _AFTERWORD.search(text)
        if label is None or not text:
            return name, text
        text = text[label.end() :] if label.start() == 0 else text[: label.start()]


def _named(table: AgencyTable, text: str) -> str | None:
    """The agency that `text` names, by itself, by an office or a place of it, or jointly with others."""
    found = (
        table.named(text)
        or table.named(_ROLE.sub("", text))
        # "AAP in Delhi" is a headline.
        or table.spellings.get(_fold(_OFFICE.sub("", text)))
    )
    if found or not re.search("[-–]", text):
        return found
    joint = [table.named(part) for part in re.split("[-–]", text)]
    return joint[0] if all(joint) else None


def _parts(table: AgencyTable, line: str) -> list[tuple[str | None, str]]:
    """The parts of a credit in which there are letters, labels taken off, with the agency each names."""
    read = (_read(table, part) for part in _BETWEEN.split(line))
    return [(name, rest) for name, rest in read if name or _LETTER.search(rest)]


def _is_no_text_credit(line: str) -> bool:
    return bool(_NO_TEXT_CREDIT.search(line) or _KOREAN_PICTURE.search(line))


def _noticed(table: AgencyTable, line: str) -> str | None:
    """The agency of a notice: whose rights it declares, or who supplied the text."""
    rights = _RIGHTS.match(line)
    if rights:
        return _read(table, rights["who"])[0]
    if _STORY.match(line):
        given = [match["who"].split() for match in _GIVEN_BY.finditer(line)]
        heads = (" ".join(words[:count]) for words in given for count in (4, 3, 2, 1))
        return next((name for head in heads if (name := _read(table, head)[0])), None)
    service = _GERMAN_SERVICE.search(line) if "dpa" in line else None
    return table.named(service["who"]) if service else None


def _signed(table: AgencyTable, line: str) -> str | None:
    """The agency under whose texts a line like this stands, though it may not name it."""
    if len(line) < _SHORTEST_SIGNATURE:
        return None
    return next((table.named(name) for name, known in _SIGNATURES.items() if known.match(line)), None)


def _lines(table: AgencyTable, lines: Iterable[str], evidence: str) -> Iterator[Agency]:
    for line in lines:
        if len(line) > _NOTICE_LENGTH or not (table.may_name(line) or _signed(table, line)):
            continue
        name = _signed(table, line) or names_agency(table, line) or _beside_others(table, line, evidence)
        # Two letters alone in a line are as often a button ("AA" for the size of letters).
        if name and not (evidence == "credit-line" and len(line) <= _LETTERS_OF_A_BUTTON):
            yield Agency(name, evidence, line)


def _beside_others(table: AgencyTable, line: str, evidence: str) -> str | None:
    """The agency in a line that also names a person, an outlet or a place.

    "AFP with Jane Roe", "Jane Roe (AP)", "JANE ROE Associated Press", "Le Monde avec AFP", "AFP, Paris".
    Beside a person a slash is a photographer's: "Reuters/Jane Roe".
    """
    if evidence == "metadata" or len(line) > _CREDIT_LENGTH or _is_no_text_credit(line):
        return None
    steps: tuple[Callable[[AgencyTable, str, bool], str | None], ...] = (
        _in_brackets, _after_with, _among_parts, _after_person,
    )  # fmt: skip
    byline = evidence == "byline" or bool(_BY.match(line))
    return next((name for step in steps if (name := step(table, line, byline))), None)


def _in_brackets(table: AgencyTable, line: str, byline: bool) -> str | None:
    bracketed = _BRACKETED.search(line)
    if not bracketed:
        return None
    before, inside = line[: bracketed.start()].strip(), _inside(bracketed)
    rest = f"{_BY.sub('', before)} {line[bracketed.end() :]}"
    if _spells_out(before, inside) or not _is_place(rest):
        return None
    # "Erie (PA)" names a state.
    alone = byline or not before or _PERSON.fullmatch(before) or not _is_short_code(table, inside)
    return _of_brackets(table, inside) if alone else None


def _after_with(table: AgencyTable, line: str, byline: bool) -> str | None:
    match = _WITH.search(line.strip(" .()（）"))
    return names_agency(table, match["who"]) if match else None


def _among_parts(table: AgencyTable, line: str, byline: bool) -> str | None:
    """The agency among names: a place or an outlet of few words may stand beside it, a person in a byline."""
    parts = _parts(table, line)
    named = [(name, rest) for name, rest in parts if name]
    # What holds a number is a date or a time.
    others = [rest for name, rest in parts if not name and not _is_dated(rest)]
    # "SPA & Wellness"
    if not named or ("&" in line and others):
        return None
    name, mark = named[0]
    if any(_PERSON.fullmatch(rest) for rest in others):
        # A code beside a person is as often a mark of something else, but in an author's line.
        allowed = "/" not in line and "／" not in line and (byline or not _is_code(table, mark))
        return name if allowed else None
    lone = len(others) <= 2 and all(len(rest.split()) <= 2 and not rest[0].islower() for rest in others)
    return name if byline or (lone and not _is_short_code(table, mark)) else None


def _is_code(table: AgencyTable, part: str) -> bool:
    return _fold(part) not in table.spellings


def _is_short_code(table: AgencyTable, part: str) -> bool:
    return _is_code(table, part) and len(part) <= _LETTERS_OF_A_BUTTON


def _after_person(table: AgencyTable, line: str, byline: bool) -> str | None:
    """The agency in "JANE ROE Associated Press", where nothing but a space parts it from the person."""
    words = _BY.sub("", line).split()
    for count in range(len(words) - 1, 1, -1):
        name = table.spellings.get(_fold(" ".join(words[count:])))
        if name and _PERSON.fullmatch(" ".join(words[:count]).rstrip(" ,")):
            return name
    return None


# ------------------------------------------------------------------------------------ sign-offs

_OPEN, _CLOSE = r"(（\[［【〔「", r")）\]］】〕」"
_BRACKETED = re.compile(
    rf"[{_OPEN}]\s*(?P<inside>[^{_OPEN}{_CLOSE}]{{2,60}})[{_CLOSE}]"
    r"|(?<![/:])/\s?(?P<slashed>[^/\s][^/]{0,28}?(?:/[^/\s]{2,28}?)?)\s?/(?![\w/])"
)
# Behind a credit, initials of its writers: "(FENA) J. R.", "PTI ABC DEF".
_DESK = rf"(?:\s+\W?[{_CAPITAL}]{{1,4}}\.?){{0,4}}"
_BRACKETED_END = re.compile(rf"\s*[.。]?{_DESK}\s*")
# "… he said. – Bernama", "… he said. AFP", "… sagde han. /ritzau/AFP"
_TAIL = re.compile(
    rf"[.!?…。！？।۔؟]['\"”’»)\]]*(?:\s*[-–—/]+\s*|\s+)(?P<credit>[^.!?…。！？।۔؟–—{_OPEN}{_CLOSE}]{{2,60}}?)"
    rf"(?P<desk>{_DESK})[\s./-]*$"
)


def _sign_offs(table: AgencyTable, paragraphs: Sequence[str]) -> Iterator[Agency]:
    last = list(reversed(paragraphs[-_SIGN_OFF_PARAGRAPHS:]))
    for line in last:
        name = _signed(table, line) or names_agency(table, line) or _in_bracketed_line(table, line)
        if name:
            yield Agency(name, "sign-off", line)
    for paragraph in last[:2]:
        yield from _ends(table, paragraph)


def _in_bracketed_line(table: AgencyTable, line: str) -> str | None:
    """The agency of a last line in brackets that also names an outlet: "(Le Monde avec AFP)"."""
    bracketed = line[:1] in _OPEN and line[-1:] in _CLOSE
    if not bracketed or len(line) > _CREDIT_LENGTH or _is_no_text_credit(line):
        return None
    return _after_with(table, line, False)


def _ends(table: AgencyTable, paragraph: str) -> Iterator[Agency]:
    """The credit after the last sentence: "… said. (AFP)", "… said. – Bernama", "… сказал он. /ТАСС/"."""
    tail = paragraph[-_SIGN_OFF_LENGTH:]
    if not table.may_name(tail):
        return
    for match in _BRACKETED.finditer(tail):
        # "… as was said. [Bloomberg]" is where a blog has read it.
        linked = match.group().startswith("[") and not _CJK.search(match.group())
        if not linked and _BRACKETED_END.fullmatch(tail, match.end()):
            name = _of_brackets(table, _inside(match))
            if name:
                yield Agency(name, "sign-off", match.group())
    bare = _TAIL.search(tail)
    name = names_agency(table, bare["credit"]) if bare else None
    if bare and name:
        yield Agency(name, "sign-off", (bare["credit"] + bare["desk"]).strip())


def _inside(match: re.Match[str]) -> str:
    return match["inside"] or match["slashed"]


def _of_brackets(table: AgencyTable, inside: str) -> str | None:
    """The text credit in brackets; beside the name of a person it is a picture's."""
    if _is_no_text_credit(inside):
        return None
    found = table.named_in_place(inside) or _read(table, inside)[0]
    if found:
        return found
    marks = (table.named_in_place(part) for part in _BETWEEN.split(inside))
    parts = _parts(table, inside)
    if "/" in inside and any(not name and _PERSON.fullmatch(rest) for name, rest in parts):
        return None
    return next((name for name in chain(marks, (name for name, _ in parts)) if name), None)


# ------------------------------------------------------------------------------------ datelines

# In a running sentence, brackets are followed by more of it; in a dateline by a dash or a stop.
_DASH = re.compile(r"\s*(?:[-–—―~:：=.؛۔।]|\Z)")
# A place and a day: "New Delhi, Jul 13 ", "ঢাকা, ১৩ জুলাই ২০২৪ ", "BRUSSEL 13/07 ", without a dash.
_DATED_PLACE = re.compile(
    r"[^,،.;:()\d]{2,40}(?:(?:[,،]|\s[-–—])(?:\s?[^,،.;:()\d]{2,30}[,،])?\s?"
    r"(?:[^\s\d,]{2,12}\s\d{1,2}|\d{1,2}\.?\s(?:de\s)?[^\s\d,]{2,14})(?:,?\s\d{4})?|\s\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?)"
    r"[,.]?\s?"
)
# Where a sentence ends, with the last word of it.
_STOP = re.compile(r"(\S+?)[.!?؟।۔]+['\"”’»)]*\s+(?=\S)|[。！？]")
# Words that stand small in the names of places and before days.
_PARTICLES = frozenset(
    "a al am an and auf aus av bei d da das de del della den der des di do dos du e ed el em en et i im in "
    "la las le les los na nad of on og och och ob pod pri sur the und upon van von vor y z za "
    "и на над под".split()
)
# A longer word before a full stop is no abbreviation.
_ABBREVIATION = 6
# Between place, day and agency: a dash, a bar, a colon; commas and stops before a space; a slash in Arabic.
_CUT = re.compile(
    r"\s*(?:(?P<cut>[–—―|:：]|(?<=\s)[-/]|[-/](?=\s)|(?<=[\u0620-\u06d3])[-/](?=[\u0620-\u06d3])|[,،](?=\s)"
    r"|[.։](?=\s|$))\s*|$)"
)
_MOST_CUTS = 6
# "BERLIN dpa – ": the place and the agency with no sign between.
_PLACE_AGENCY = re.compile(
    rf"(?!(?:The|An?|Die|Der|Das|Le|La|El|Il)\s\S+\s[-–—])"
    rf"(?P<place>(?:[{_CAPITAL}][^\s,]*\s){{1,2}})(?P<head>[^\s–—:,]{{2,20}})\s[-–—]{{1,2}}\s"
)
# The day behind an agency that comes first.
_DAY = re.compile(r"\d{1,2}\.?\s?[^\s\d]+|[^\s\d]+\s\d{1,2}\b")
# "新华社北京7月13日电", "中央社記者王小明台北13日電", "法新社电"
_CHINESE = re.compile(
    r"(?:据|據)?(?P<head>[^\d，。,\s（）()][^，。]{1,48}?)"
    r"(?:\d{1,2}日(?:\s?[-–—]|[^，。]{0,12}?(?:[电電讯訊]|报道|報導))|[记記]者[^，。]{2,12}(?:报道|報導)|[电電](?!\w))"
)
# "به گزارش خبرنگار مهر،": by the agency's own reporter.
_PERSIAN = re.compile(
    r"به گزارش (?:خبرنگار|گروه [^،]{2,30}? خبرگزاری)\s(?:[^،]{2,20}\s)?(?P<head>[^\s،]{3,12})\s?[،؛,]"
)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


def _datelines(table: AgencyTable, paragraphs: Sequence[str]) -> Iterator[Agency]:
    """The agencies of the text's beginning: a credit line that was left there, or a dateline."""
    for paragraph in paragraphs[:_DATELINE_PARAGRAPHS]:
        head = paragraph[:_DATELINE_LENGTH]
        if table.may_name(head):
            name = names_agency(table, paragraph) if paragraph is not paragraphs[-1] else None
            if name:
                yield Agency(name, "credit-line", paragraph)
            yield from _bracketed_heads(table, head)
            yield from _bare_heads(table, head)
            if len(paragraph) < _DATELINE_LENGTH:
                yield from _lone_dateline(table, paragraph)


def _bracketed_heads(table: AgencyTable, head: str) -> Iterator[Agency]:
    for match in _BRACKETED.finditer(head):
        before = head[: match.start()]
        if _breaks(before):
            return
        inside = _inside(match)
        if (
            _is_closed(table, before, inside, head[match.end() :])
            and _is_place(before)
            and not _spells_out(before, inside)
        ):
            name = _of_dateline(table, inside)
            if name:
                yield Agency(name, "dateline", head[: match.end()].strip())


def _is_closed(table: AgencyTable, before: str, inside: str, after: str) -> bool:
    """Whether brackets end a dateline: by a dash, by a day before them, or as the agency is sure."""
    if not before.strip() or _DASH.match(after) or before.rstrip().endswith(("-", "–", "—", ":")):
        return True
    # "Genève (ats) Le port …", but not "Delhi (AAP) Chief Minister …"
    certain = not _is_code(table, inside) or (inside.islower() and table.named(inside) is not None)
    return bool(_DATED_PLACE.fullmatch(before)) or (certain and after[1:2].isupper())


def _of_dateline(table: AgencyTable, inside: str) -> str | None:
    """The agency in the brackets of a dateline; it can stand first or last there, beside place and date."""
    words = inside.split()
    tails = (" ".join(words[-count:]) for count in range(1, min(3, len(words)) + 1))
    named = next((name for tail in tails if (name := table.named_in_place(tail))), None)
    return (
        table.named_in_place(inside)
        or (_glued(table, inside) if _CJK.search(inside) else None)
        or _of_brackets(table, inside)
        or (None if _is_no_text_credit(inside) else named)
    )


def _glued(table: AgencyTable, inside: str) -> str | None:
    """The agency where no space parts it from the place: "台北13日AFP=時事", "パリ共同"."""
    squeezed = inside.replace(" ", "").replace("\u3000", "")
    tails = (squeezed[start:] for start in range(max(0, len(squeezed) - 12), len(squeezed) - 1))
    found = next((name for tail in tails if (name := table.named(tail))), None)
    return found or _at_beginning(table, squeezed)


def _at_beginning(table: AgencyTable, text: str) -> str | None:
    """The agency with which a Chinese dateline begins; no space shows where its name ends."""
    prefixes = (text[:end] for end in range(min(10, len(text)), 1, -1))
    return next((name for prefix in prefixes if (name := table.named(prefix))), None)


def _breaks(before: str) -> bool:
    """Whether a sentence ends in `before`: a stop behind an abbreviation or a day ends none."""
    for match in _STOP.finditer(before):
        word = match[1]
        if word is None:
            return True
        follows = before[match.end() : match.end() + 1]
        short = len(word) <= _ABBREVIATION and (not word[:1].islower() or "." in word)
        if not (short or follows.isdigit() or any(letter.isdigit() for letter in word)):
            return True
    return False


def _is_place(before: str) -> bool:
    """Whether words are such as stand before the agency in a dateline: names, a day, and little else."""
    words = re.findall(r"[^\s,،/|–—]+", before)
    numbers = [_is_dated(word) for word in words]
    dated = any(numbers)
    near = [any(numbers[max(0, index - 1) : index + 2]) for index in range(len(words))]
    stray = sum(
        _is_small(word) and word.strip(".").lower() not in _PARTICLES and not close
        for word, close in zip(words, near, strict=True)
    )
    if dated:
        return len(words) <= _WORDS_OF_DATED_PLACE and stray <= 2
    cased = any(word[0].isupper() for word in words)
    return stray == 0 and len(words) <= (_WORDS_OF_PLACE if cased else _WORDS_OF_CASELESS_PLACE)


def _is_small(word: str) -> bool:
    """Whether a word is written small and no abbreviation ("a.M."); Georgian has no capitals for names."""
    return word[0].islower() and "." not in word[:-1] and not "\u10d0" <= word[0] <= "\u10ff"


def _spells_out(before: str, inside: str) -> bool:
    """Whether brackets hold the initials of what stands before: "Aam Aadmi Party (AAP)"."""
    if "," in before or len(before.split()) < len(inside):
        return False
    return "".join(word[0] for word in before.split() if word[0].isupper()).endswith(inside)


def _bare_heads(table: AgencyTable, head: str) -> Iterator[Agency]:
    name = _after_cuts(table, head)
    if name:
        yield name
    for pattern in (_PLACE_AGENCY, _PERSIAN):
        match = pattern.match(head)
        found = table.named_in_place(match["head"]) if match else None
        if match and found:
            yield Agency(found, "dateline", match.group().strip())
    chinese = _CHINESE.match(head)
    found = _at_beginning(table, chinese["head"]) if chinese else None
    if chinese and found:
        yield Agency(found, "dateline", chinese.group())


def _after_cuts(table: AgencyTable, head: str) -> Agency | None:
    """The agency between two of the signs that part a dateline, the first at the beginning of the text."""
    start, cut_before = 0, ""
    for number, match in enumerate(_CUT.finditer(head)):
        if number >= _MOST_CUTS:
            break
        before, segment, cut = head[:start], head[start : match.start()], match["cut"] or ""
        name = table.named(segment) if not before else table.named_in_place(segment)
        if name and _stands_free(table, before, cut_before, segment, cut, head[match.end() :]):
            return Agency(name, "dateline", head[: match.end()].strip())
        start, cut_before = match.end(), cut
    return None


def _stands_free(
    table: AgencyTable, before: str, cut_before: str, segment: str, cut: str, after: str
) -> bool:
    """Whether the agency between two signs is a dateline's and no part of a sentence."""
    if not before:
        # "AFP - ", "РИА Новости. ", "ТАСС, 13 июля. "; but "Reuters: the story of …", "Reuters, which …"
        if cut in tuple(",،"):
            return bool(_DAY.match(after))
        return cut in tuple("-–—―|") or (cut == "." and not _is_code(table, segment))
    # "МОСКВА, 13 июл - РИА Новости, Иван Иванов."
    signed = cut_before in tuple("-–—") and _is_dated(before) and not _is_code(table, segment)
    if (cut in tuple(",،") and not signed) or _breaks(before) or not _is_place(before):
        return False
    if not _is_code(table, segment):
        return True
    # "PITTSBURGH, PA - " names a state, with a day before it as well.
    return len(segment) > _LETTERS_OF_A_BUTTON and (cut_before not in tuple(",،.") or _is_dated(before))


def _is_dated(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _lone_dateline(table: AgencyTable, paragraph: str) -> Iterator[Agency]:
    """A paragraph that is nothing but a dateline and ends in its agency: "الرياض 19 يوليو 2024 م واس"."""
    words = paragraph.strip(" .:-–—").split()
    for count in (1, 2, 3):
        before, tail = " ".join(words[:-count]), " ".join(words[-count:])
        bare = before.rstrip(" -–—/|,،:")
        if len(words) > count and (bare != before or _is_dated(before)) and _is_place(bare):
            name = table.named_in_place(tail)
            if name and not (_is_code(table, tail) and before.endswith(",")) and not _breaks(before):
                yield Agency(name, "dateline", paragraph)
