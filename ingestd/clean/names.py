"""Names in a byline: taken apart, without what stands around them, and told from desks, outlets and places.

Pure text; the words are those of `author_words`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import unescape

from ingestd.clean import author_words as words
from ingestd.clean.dates import month_named
from ingestd.clean.titles import squeeze
from ingestd.clean.tree import fold

LONGEST_STATEMENT = 400
_LONGEST_NAME = 50
_MOST_WORDS = 6
_MOST_SMALL_WORDS = 3
_MOST_NAMES = 15
# A shorter word that ends like a job is somebody's name.
_LONG_WORD = 10
# A name, a job, an employer.
_WITH_EMPLOYER = 3

_MAIL = re.compile(r"[\w.+-]{1,60}@[\w.-]{1,60}|(?<!\w)@\w+")
_BRACKETED = re.compile(r"\s*[(\[（【].{0,80}?(?:[)\]）】]|$)")
_FILED_FROM = re.compile(r"^[(（\[【]?[^\s=()（）]{1,12}=(?:[^\s()（）]{1,12}[)）\]】])?\s*")
_DOMAIN = re.compile(r"[\w-]{3}\.(?:com?|net|org|info|tv|[a-z]{2})\b(?!\.)", re.IGNORECASE)
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_CASED = re.compile(r"[A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff]")
# "山田太郎（編集部）": behind a name a bracket tells where its bearer belongs.
_DESK_BEHIND = re.compile(r"(?<=[\u3040-\u30ff\u3400-\u9fff])\s?[(（][^()（）]{1,20}[)）]$")
_KOREAN_NAMES = re.compile(r"[가-힣]{3}(?:\s[가-힣]{3})+")
_EDGES = " \t.,:;–—-_*/|\"“”„'`’‘·•=)("

IsAgency = Callable[[str], bool]


def people_in(
    statements: Iterable[str], site: frozenset[str] = frozenset(), is_agency: IsAgency | None = None
) -> tuple[str, ...]:
    """The people named in bylines such as "By A. Smith and B. Jones, Reporter", each once.

    `site` are the squeezed names of the site, which writes nothing itself.
    """
    found: dict[str, str] = {}
    for statement in statements:
        names = [one for one in split_names(statement) if one]
        people = [one for one in names if is_person(one, site) and not (is_agency and is_agency(one))]
        # "Harbour Post, Frankfurt, Germany", "Ada Lark - Madrid": beside other names one word is a place.
        beside_others = len(names) > 1 and ("," in statement or any(map(is_full, people)))
        for one in people:
            if not beside_others or is_full(one):
                found.setdefault(squeeze(one), one)
    return tuple(found.values())[:_MOST_NAMES]


def is_full(name: str) -> bool:
    """Whether a name has more than one word, or is of a script in which names are written as one."""
    return " " in name or bool(_EAST_ASIAN.search(name))


def split_names(statement: str) -> list[str]:
    """What may be names in a byline, in order."""
    line = fold(_MAIL.sub(" ", unescape(statement[: 2 * LONGEST_STATEMENT])))
    found = list(_split(line[:LONGEST_STATEMENT]))
    # A statement that is too long is cut within its last name.
    return found[:-1] if len(line) > LONGEST_STATEMENT else found


def _split(line: str) -> Iterator[str]:
    if _EAST_ASIAN.search(line):
        return (one for one in _east_asian_names(_without_introduction(line)) if one)
    bare = _without_introduction(_without_introduction(line))
    found = (name for part in _written(words.BETWEEN_NAMES.split(bare)) for name in _at_commas(part))
    return (one for name in found if (one := _trimmed(name)))


def _written(parts: Sequence[str]) -> Iterator[str]:
    """The parts of a byline, behind the first without editors, and without the employers behind jobs."""
    for place, part in enumerate(parts):
        if not place:
            yield part
        elif not words.OF_EDITORS.match(part):
            job, _, employer = part.partition(",")
            yield job if employer and not employer.count(",") and _is_job(job) else part


def _is_job(piece: str) -> bool:
    """Whether words say what somebody is, and nothing else: "Assistant Editor"."""
    return _has_role(piece) and not _without_role(piece.split())


def _without_introduction(line: str) -> str:
    """A line without "By" and the like; "Von Miller" is a name."""
    begun = words.BEFORE_NAMES.match(line)
    if begun is None:
        return line
    rest = line[begun.end() :]
    return line if begun[0].strip().lower() in words.PARTICLES_BEFORE and " " not in rest else rest


def _east_asian_names(line: str) -> Iterator[str]:
    """Names that are marked off by signs; beside the word for reporters often by nothing but blanks."""
    bare = words.EAST_ASIAN_BEHIND.sub("", words.EAST_ASIAN_PICTURES.sub("", line))
    bare = words.EAST_ASIAN_LABEL.sub("", _DESK_BEHIND.sub("", bare))
    # "(서울=연합뉴스) 홍길동", "서울=홍길동": where the text was filed.
    bare = _FILED_FROM.sub("", bare).strip("【】[]（）()〔〕 ")
    chinese = words.CHINESE_REPORTERS.search(bare)
    for part in words.BETWEEN_EAST_ASIAN_NAMES.split(words.CHINESE_REPORTERS.sub("", bare)):
        name = fold(words.EAST_ASIAN_ROLE.sub(" ", part))
        several = chinese or (len(name) < len(part) and _KOREAN_NAMES.fullmatch(name))
        yield from (one.strip(_EDGES + "【】[]（）") for one in (name.split() if several else (name,)))


def _at_commas(part: str) -> list[str]:
    """The names between commas; jobs, places and photographers there are none."""
    pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
    if len(pieces) > 1 and pieces[1].lower() in words.SUFFIXES:
        pieces[:2] = [f"{pieces[0]}, {pieces[1]}"]
    # "Ada Lark, editor, Crate Works": behind the job of one person stands whom he works for.
    if len(pieces) == _WITH_EMPLOYER and _has_role(pieces[1]) and not _has_role(pieces[2]):
        del pieces[2]
    return [piece for place, piece in enumerate(pieces) if not place or _goes_on(piece)]


def _goes_on(piece: str) -> bool:
    """Whether what stands behind a comma can be another name."""
    if piece.partition(" ")[0] in words.BEFORE_PLACES:
        return False
    told = words.OF_EDITORS.match(piece) or words.BEHIND_NAMES.match(" " + piece)
    return not (told or _has_role(piece))


def _has_role(piece: str) -> bool:
    return any(_is_role(word) for word in piece.split())


def _is_role(token: str) -> bool:
    bare = _bare(token)
    return bare in words.ROLES or (len(bare) > _LONG_WORD and bare.endswith(words.ROLE_ENDS))


def _trimmed(name: str) -> str:
    """A name without what stands around it: title, job, brackets, place, time."""
    name = words.OF_PICTURES.sub("", words.PHOTOGRAPHER.sub("", name))
    name = _BRACKETED.sub("", name).strip(_EDGES)
    name = words.HONORIFICS.sub("", _without_introduction(words.BEHIND_NAMES.sub("", name)))
    return _without_role(name.split())


def _without_role(tokens: list[str]) -> str:
    """A name without the job behind or before it: "Jane Roe Political Editor"; "" when it is all job."""
    start, end = 0, len(tokens)
    while end and (
        _is_role(tokens[end - 1]) or (end < len(tokens) and _bare(tokens[end - 1]) in words.OF_ROLES)
    ):
        end -= 1
    while start < end and (_is_role(tokens[start]) or _bare(tokens[start]) in words.OF_ROLES):
        start += 1
    # "Sport" may be a name's first word only where no job is told.
    if not any(map(_is_role, tokens[:start])):
        start = 0
    elif end - start > 1 and tokens[start] in words.BEHIND_JOBS:
        return ""
    return " ".join(tokens[start:end]).strip(_EDGES.replace(".", "")).rstrip(",")


def _bare(token: str) -> str:
    return token.lower().strip(".,:")


# ---------------------------------------------------------------------------------- what is a person


def is_person(name: str, site: frozenset[str] = frozenset()) -> bool:
    """Whether a name can be that of a person."""
    if not 1 < len(name) <= _LONGEST_NAME or _DOMAIN.search(name) or any(c.isdigit() for c in name):
        return False
    if "://" in name or any(c in name for c in '@<>{}=#_\\?!:"'):
        return False
    squeezed = squeeze(name)
    if not squeezed or squeezed in site or name.lower() in words.PLACES or not is_proper(name):
        return False
    if _EAST_ASIAN.search(name):
        nobody = words.EAST_ASIAN_DESK.search(name) or words.EAST_ASIAN_NOBODY.search(name)
        return not nobody and len(name) <= 24
    return _is_name_like(name.split(), site)


def _is_name_like(tokens: list[str], site: frozenset[str]) -> bool:
    bare = [_bare(token) for token in tokens]
    if len(tokens) > _MOST_WORDS or any(b in words.NOBODY or b in words.ORGANISATION for b in bare):
        return False
    # An outlet's part: "MDR Sachsen-Anhalt" of mdr.de. A short name may be somebody's initials or "Al".
    if any(len(b) > 2 and squeeze(b) in site and tokens[i].isupper() for i, b in enumerate(bare)):
        return False
    if all(_is_role(b) or b in words.OF_ROLES for b in bare) or (len(tokens) > 1 and _is_role(tokens[-1])):
        return False
    if len(tokens) == 1:
        return _is_lone_name(tokens[0])
    cased = [token for token in tokens if _CASED.match(token)]
    small = [token for token in cased if token[0].islower() and not _stands_small(token)]
    # All small it is a name typed in haste; among others a small word is no name's.
    return not small or (len(small) == len(cased) and len(tokens) <= _MOST_SMALL_WORDS)


def _stands_small(token: str) -> bool:
    return token in words.PARTICLES or "'" in token or "’" in token or "-" in token


def _is_lone_name(token: str) -> bool:
    """One word is a name when it is written like one; "AFP" and "amw" are abbreviations, "July" a date's."""
    if not _CASED.match(token) or month_named(token):
        return False
    return len(token) > 2 and token[0].isupper() and not (token.isupper() and len(token) < 5)


def is_proper(name: str) -> bool:
    """Whether this names somebody or something, and is no word for whoever writes: "Staff", "Web Desk"."""
    if not 1 < len(name) <= _LONGEST_NAME or "://" in name or any(c in name for c in "@<>{}=#_\\"):
        return False
    if _EAST_ASIAN.search(name):
        return not words.EAST_ASIAN_DESK.fullmatch(name)
    bare = [_bare(token) for token in re.split(r"[\s/-]+", name)]
    if not words.DESKS.isdisjoint(bare) and not words.SUBJECTS.isdisjoint(bare):
        return True
    return not all(
        b in words.NOBODY or b in words.GENERIC or b in words.ROLES or b in words.OF_ROLES for b in bare if b
    )


def is_office(name: str) -> bool:
    """Whether this is a word for those who write together: "Redazione", "News Desk"; no "Staff Reporter"."""
    bare = [_bare(token) for token in re.split(r"[\s/-]+", name)]
    return not words.OFFICES.isdisjoint(bare) and words.ROLES.isdisjoint(bare) and len(name) <= _LONGEST_NAME
