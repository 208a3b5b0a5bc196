"""Which news agency a text is credited to, and where that was read.

    1. dateline      "PARIS (AFP) –", "KYIV, July 13 (Reuters) -", "(ANSA) - ROMA", "【AFP=時事】"
    2. sign-off      "(Reporting by … Editing by …)", "© 2024 AFP", "AFP" as the last line
    3. credit line   "Source: Reuters", a bare agency line beside the headline or the author
    4. byline        an author called "AFP" or "Agence France-Presse"
    5. metadata      JSON-LD author, creditText, provider; meta author

A text may speak of an agency without being one of its texts: "Reuters reported", "according to AFP". So
only places count in which nothing but a credit can stand, and marks that mean other things as well ("AP",
"PA", "TT") must fill their place alone. Photo credits name who took a picture and are not read.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ingestd.data import data_path
from ingestd.model import Agency

# A dateline stands within so many characters at the beginning of one of the first paragraphs.
_DATELINE_PARAGRAPHS = 2
_DATELINE_LENGTH = 100
# A credit is no longer than this; what is longer is a sentence.
_CREDIT_LENGTH = 120
_LETTERS_OF_A_BUTTON = 2

_BRACKETED = re.compile(
    r"\((?P<a>[^()]{2,40})\)|（(?P<b>[^（）]{2,40})）|\[(?P<c>[^\[\]]{2,40})\]|【(?P<d>[^【】]{2,40})】"
    r"|(?<![\w/])/(?P<e>[^/]{2,30})/(?!\w)"
)
# In a running sentence, brackets are followed by more of it; in a dateline by a dash or a stop.
_DASH = re.compile(r"\s*(?:[-–—―:：=.]|\Z)")
# What may stand before the brackets after a full stop: "МОСКВА, 13 июля. /ТАСС/."
_PLACE_AND_DAY = re.compile(r"[^.]{2,40}\d{1,2}\s+\w+\.\s*")
# "BERLIN dpa – ", "AFP - "
_BEFORE_DASH = re.compile(r"(?P<place>(?:[^\W\d_a-zа-я]\S*\s){0,2})(?P<head>[^–—:,]{2,30}?)\s[-–—]{1,2}\s")
# "ТАСС, 13 июля. ", "РИА Новости. ", "МОСКВА, 13 июл - РИА Новости. "
_BEFORE_STOP = re.compile(
    r"(?:[^.,]{2,30},\s\d{1,2}\s\w+\.?\s[-–—]\s)?(?P<head>[^.,]{2,24})(?:\.\s|,\s\d{1,2}\s|"
    r",\s\w+\s\d{1,2}[.,])"
)
# "新华社北京7月13日电", "法新社巴黎13日电"
_CHINESE = re.compile(r"(?P<head>[^\d，。,\s]{2,8})[^，。]{0,24}?\d日[^，。]{0,6}?[电電]")
_SENTENCE = re.compile(r"[.!?。！？]\s")

# Between two agencies of one credit: "dpa/AFP", "AFP, Reuters", "AP and AFP".
_BETWEEN = re.compile(
    r"\s*[/=+&;|·•,،、()]\s*|\s+(?:and|und|et|y|e|og|och|en|i|и|та|with files from|with|mit|avec|con)\s+",
    re.IGNORECASE,
)
# What stands before and behind the agency in a credit without being part of its name.
_LABELS = (
    "additional reporting by|agency|agencies|agentur|agenturen|av|avec|bron|by|copyright|correspondents?|"
    "credit|"
    "da|di|die|fonte|fonti|forrás|from|fuente|fuentes|kaynak|kilde|källa|la|le|lähde|material|material von|"
    "mit|"
    "news agency|newswire|par|por|quelle|quellen|reporter|reporting by|source|sources|staff|testo|text|texte|"
    "texto|the|via|von|wire|with|with files from|with reporting by|zdroj|źródło|джерело|источник|текст|"
    "المصدر|"
    "出典|来源|來源|출처"
)
_AFTERWORDS = (
    "agency|agencies|all rights reserved|alle rechte vorbehalten|contributed to this report|dpa|gmbh|inc|ltd|"
    "news agency|staff|staff writers?|todos los derechos reservados|tous droits réservés|wire"
)
_YEAR = r"(?:19|20)\d\d"
_AROUND = re.compile(rf"^(?:\W|\(c\)|\b(?:{_LABELS}|{_YEAR})\b)+", re.IGNORECASE)
_BEHIND = re.compile(rf"(?:\W|(?<=\W)(?:{_AFTERWORDS}|{_YEAR})\b|(?<=dpa:)[\d/-]+)+$", re.IGNORECASE)
_PHOTO = re.compile(
    r"\b(?:photos?|pictures?|images?|fotos?|bild(?:er)?|fotograf[íi]a|fotografie|imagen|immagine|zdjęci\w+|"
    r"фото|"
    r"video|graphic|grafik|infographic|getty|cartoon|illustration)\b|صورة|تصوير|图片|圖片|写真|사진",
    re.IGNORECASE,
)
# The signature under Reuters texts, which does not name the agency.
_REUTERS_SIGNATURE = re.compile(
    r"^\(?(?:Additional r|R)eporting by .{3,300}\b(?:[Ee]diting|[Ww]riting) by .{3,200}\)?$"
)


@dataclass(frozen=True, slots=True)
class AgencyTable:
    """The agencies and their credits, ready for looking up."""

    # Folded spelling to name, and code as it is written to name.
    spellings: Mapping[str, str]
    codes: Mapping[str, str]

    @classmethod
    def from_toml(cls, document: Mapping[str, Any]) -> "AgencyTable":
        """The table out of the parsed `agencies.toml`; ValueError names a credit that two agencies claim."""
        spellings: dict[str, str] = {}
        codes: dict[str, str] = {}
        for entry in document.get("agency", ()):
            name = entry["name"]
            for spelling in entry.get("spellings", ()):
                _claim(spellings, _fold(spelling), name)
            for code in entry.get("codes", ()):
                _claim(codes, code, name)
        return cls(spellings, codes)

    def named(self, text: str) -> str | None:
        """The agency that `text` as a whole names; None when it names none."""
        trimmed = text.strip(" \t.,;:*–—-")
        return self.codes.get(trimmed) or self.spellings.get(_fold(trimmed))


def _claim(table: dict[str, str], credit: str, name: str) -> None:
    if table.setdefault(credit, name) != name:
        raise ValueError(f"{credit!r} is claimed by {table[credit]} and {name}")


def _fold(text: str) -> str:
    return " ".join(re.sub(r"[.’'\"“”«»]", "", text).casefold().split())


@cache
def default_table() -> AgencyTable:
    """The table of `config/agencies.toml`, read once a process: the one file that the pure wing reads."""
    return AgencyTable.from_toml(tomllib.loads(data_path("config", "agencies.toml").read_text("utf-8")))


def find_agency(
    table: AgencyTable,
    *,
    paragraphs: Sequence[str],
    authors: Sequence[str] = (),
    credits_stated: Sequence[str] = (),
    removed_lines: Sequence[str] = (),
) -> Agency | None:
    """The agency that an article is credited to; None when it is credited to none.

    `credits_stated` are the page's metadata credits, `removed_lines` the lines that cleaning took out as
    no part of the text, in reading order.
    """
    found = (
        *_datelines(table, paragraphs),
        *_sign_offs(table, paragraphs),
        *_lines(table, removed_lines, "credit-line"),
        *_lines(table, authors, "byline"),
        *_lines(table, credits_stated, "metadata"),
    )
    return found[0] if found else None


def names_agency(table: AgencyTable, line: str) -> str | None:
    """The agency of a line that is a text credit and nothing else; None for every other line."""
    if len(line) > _CREDIT_LENGTH or _PHOTO.search(line):
        return None
    # "AFP AFP": the name beside its logo, or under a name that links to it.
    line = " ".join(dict.fromkeys(line.split()))
    parts = [_trim(part) for part in _BETWEEN.split(_trim(line))]
    names = [table.named(part) for part in parts if part]
    # A line that also names others ("AP, Anna Smith") is a byline, and the agency in it counts.
    whole = table.named(_trim(line))
    if whole:
        return whole
    return next((name for name in names if name), None) if names and all(names) else None


def _trim(text: str) -> str:
    return _BEHIND.sub("", _AROUND.sub("", text.strip()))


def _lines(table: AgencyTable, lines: Iterable[str], evidence: str) -> Iterator[Agency]:
    for line in lines:
        name = names_agency(table, line) or _agency_with_person(table, line, evidence)
        # Two letters alone in a line are as often a button ("AA" for the size of letters).
        if name and not (evidence == "credit-line" and len(line) <= _LETTERS_OF_A_BUTTON):
            yield Agency(name, evidence, line)


def _agency_with_person(table: AgencyTable, line: str, evidence: str) -> str | None:
    """The agency in "AFP with Jane Roe", "Jane Roe (AP)", "Jane Roe, Associated Press" beside a person."""
    if evidence not in ("byline", "credit-line") or len(line) > _CREDIT_LENGTH or _PHOTO.search(line):
        return None
    if _REUTERS_SIGNATURE.match(line):
        return table.named("Reuters")
    bracketed = _BRACKETED.search(line)
    parts = [next(g for g in bracketed.groups() if g)] if bracketed else []
    # Beside a person a slash is a photographer's: "Reuters/Jane Roe".
    if evidence == "byline" and "/" not in line:
        parts += _BETWEEN.split(line)
    return next((name for part in parts if (name := table.named(_trim(part)))), None)


def _sign_offs(table: AgencyTable, paragraphs: Sequence[str]) -> Iterator[Agency]:
    for line in reversed(paragraphs[-2:]):
        if _REUTERS_SIGNATURE.match(line):
            yield Agency("Reuters", "sign-off", line)
        name = names_agency(table, line)
        if name:
            yield Agency(name, "sign-off", line)
    if paragraphs:
        yield from _bracketed_end(table, paragraphs[-1])


def _bracketed_end(table: AgencyTable, paragraph: str) -> Iterator[Agency]:
    """The credit after the last sentence: "… said. (AFP)", "… сказал он. /ТАСС/", "… (dpa/AFP)"."""
    tail = paragraph[-60:]
    for match in _BRACKETED.finditer(tail):
        if match.end() >= len(tail.rstrip(" .")):
            name = _first_named(table, next(g for g in match.groups() if g))
            if name:
                yield Agency(name, "sign-off", match.group())


def _datelines(table: AgencyTable, paragraphs: Sequence[str]) -> Iterator[Agency]:
    for paragraph in paragraphs[:_DATELINE_PARAGRAPHS]:
        head = paragraph[:_DATELINE_LENGTH]
        for quote, inside in _bracketed_heads(head):
            name = _first_named(table, inside)
            if name:
                yield Agency(name, "dateline", quote)
        yield from _bare_heads(table, head)


def _bracketed_heads(head: str) -> Iterator[tuple[str, str]]:
    for match in _BRACKETED.finditer(head):
        before = head[: match.start()]
        if _SENTENCE.search(before) and not _PLACE_AND_DAY.fullmatch(before):
            return
        if not before.strip() or _DASH.match(head, match.end()):
            yield head[: match.end()], next(g for g in match.groups() if g)


def _bare_heads(table: AgencyTable, head: str) -> Iterator[Agency]:
    for pattern in (_BEFORE_DASH, _BEFORE_STOP):
        match = pattern.match(head)
        name = table.named(match["head"]) if match else None
        if match and name:
            yield Agency(name, "dateline", match.group().strip())
    chinese = _CHINESE.match(head)
    if chinese:
        # No space shows where the agency's name ends and the place begins.
        prefixes = (chinese["head"][:end] for end in range(len(chinese["head"]), 1, -1))
        name = next((found for prefix in prefixes if (found := table.named(prefix))), None)
        if name:
            yield Agency(name, "dateline", chinese.group())


def _first_named(table: AgencyTable, inside: str) -> str | None:
    """The agency in the brackets of a dateline; it can stand last there, after a place and a date."""
    words = inside.split()
    tails = (" ".join(words[-count:]) for count in range(1, min(3, len(words)) + 1))
    return next((name for part in (*_BETWEEN.split(inside), *tails) if (name := table.named(part))), None)
