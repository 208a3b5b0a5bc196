"""Time zones as feeds name them: offsets, abbreviations, military letters, places of the IANA database.

Reading that database would be reading files, so the summer times that hold today stand here as rules.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

# The zones of the world reach from -12 to +14 hours.
FARTHEST_HOURS = 14

# Hours east of Greenwich. Where one name means several zones, the one that RFC 5322 names, else the one
# with most newspapers.
_ABBREVIATIONS = {
    **dict.fromkeys(("z", "zulu", "ut", "utc", "gmt", "wet", "wez"), 0.0),
    **dict.fromkeys(("cet", "mez", "met", "bst", "west", "wat"), 1.0),
    **dict.fromkeys(("cest", "mesz", "mest", "eet", "oez", "sast", "cat"), 2.0),
    **dict.fromkeys(("eest", "oesz", "idt", "msk", "мск", "trt", "eat"), 3.0),
    **dict.fromkeys(("msd", "gst", "samt", "azt", "mut"), 4.0),
    **dict.fromkeys(("pkt", "uzt", "yekt", "tjt", "tmt", "mvt"), 5.0),
    **{"irst": 3.5, "irdt": 4.5, "aft": 4.5, "ist": 5.5, "slst": 5.5, "npt": 5.75, "mmt": 6.5},
    **dict.fromkeys(("bdt", "omst", "almt", "btt", "kgt"), 6.0),
    **dict.fromkeys(("wib", "ict", "krat", "novt", "hovt"), 7.0),
    **dict.fromkeys(("wita", "awst", "hkt", "sgt", "pht", "phst", "myt", "bnt", "irkt", "ulat"), 8.0),
    **dict.fromkeys(("jst", "kst", "wit", "yakt"), 9.0),
    **{"acst": 9.5, "aest": 10.0, "chst": 10.0, "vlat": 10.0, "pgt": 10.0, "acdt": 10.5, "lhst": 10.5},
    **dict.fromkeys(("aedt", "magt", "sbt", "vut", "sakt"), 11.0),
    **dict.fromkeys(("nzst", "fjt", "pett"), 12.0),
    **{"nzdt": 13.0, "chast": 12.75, "chadt": 13.75, "azot": -1.0, "cvt": -1.0, "fnt": -2.0, "brst": -2.0},
    **{"ndt": -2.5, "nst": -3.5},
    **dict.fromkeys(("brt", "art", "uyt", "clst", "gft", "pyst", "adt", "srt", "wgt"), -3.0),
    **dict.fromkeys(("ast", "edt", "clt", "bot", "gyt", "pyt", "vet", "amt"), -4.0),
    **dict.fromkeys(("est", "cdt", "cot", "pet", "ect"), -5.0),
    **dict.fromkeys(("cst", "mdt", "galt"), -6.0),
    **dict.fromkeys(("mst", "pdt"), -7.0),
    **dict.fromkeys(("pst", "akdt"), -8.0),
    **{"akst": -9.0, "hdt": -9.0, "hst": -10.0, "hast": -10.0, "sst": -11.0},
}
# Names for whatever the clocks there show, winter and summer.
_PREVAILING = {"et": -5.0, "ct": -6.0, "mt": -7.0, "pt": -8.0, "at": -4.0, "akt": -9.0}
# What some names mean where the feed's own tag names this language or region.
_BY_TAG = {
    ("au",): {"est": 10.0, "edt": 11.0, "cst": 9.5, "cdt": 10.5, "wst": 8.0},
    ("zh", "cn", "tw"): {"cst": 8.0},
    ("he", "il"): {"ist": 2.0},
    ("ga", "ie"): {"ist": 1.0},
    ("bn", "bd"): {"bst": 6.0},
    ("ar", "sa", "kw", "iq", "qa", "bh", "ye"): {"ast": 3.0},
    ("fil", "tl", "ph"): {"pst": 8.0},
    ("ms", "my"): {"mst": 8.0},
    ("hy",): {"amt": 4.0},
    ("cu",): {"cst": -5.0, "cdt": -4.0},
}
# RFC 822's letters, with RFC 822's signs; RFC 5322 §4.3 warns that not everybody used those.
_MILITARY = {
    **{letter: -float(hours) for hours, letter in enumerate("abcdefghiklm", 1)},
    **{letter: float(hours) for hours, letter in enumerate("nopqrstuvwxy", 1)},
}
# By the last part of the name: hours east in winter, and whose summer time if any.
_PLACES = {
    "0 eu": "london belfast dublin lisbon guernsey jersey canary madeira faroe gb eire portugal",
    "0": "abidjan accra dakar reykjavik iceland monrovia greenwich universal zulu uct utc gmt",
    "1 eu": "amsterdam andorra belgrade berlin bratislava brussels budapest busingen copenhagen gibraltar "
    "ljubljana luxembourg madrid malta monaco oslo paris podgorica prague rome san_marino sarajevo skopje "
    "stockholm tirane vaduz vatican vienna warsaw zagreb zurich ceuta poland",
    "1": "algiers tunis lagos casablanca kinshasa luanda douala",
    "2 eu": "athens bucharest chisinau helsinki kiev kyiv mariehamn riga sofia tallinn vilnius nicosia",
    "2": "johannesburg harare maputo kaliningrad tripoli khartoum windhoek kigali lusaka gaborone",
    "3": "moscow istanbul minsk riyadh baghdad kuwait qatar bahrain nairobi addis_ababa kampala turkey "
    "simferopol volgograd dar_es_salaam mogadishu damascus amman aden",
    "3.5": "tehran iran",
    "4": "dubai baku tbilisi yerevan samara muscat mauritius",
    "4.5": "kabul",
    "5": "karachi tashkent yekaterinburg samarkand dushanbe ashgabat maldives almaty qyzylorda",
    "5.5": "kolkata calcutta colombo",
    "5.75": "kathmandu katmandu",
    "6": "dhaka dacca omsk bishkek thimphu urumqi",
    "6.5": "yangon rangoon",
    "7": "bangkok jakarta ho_chi_minh saigon hanoi novosibirsk krasnoyarsk phnom_penh vientiane hovd",
    "8": "shanghai chongqing beijing hong_kong hongkong singapore taipei manila kuala_lumpur perth makassar "
    "irkutsk macau ulaanbaatar brunei prc roc",
    "9": "tokyo seoul pyongyang jayapura yakutsk japan rok dili",
    "9.5": "darwin",
    "9.5 au": "adelaide broken_hill",
    "10": "brisbane port_moresby vladivostok guam",
    "10 au": "sydney melbourne hobart canberra act nsw victoria tasmania",
    "11": "noumea guadalcanal magadan sakhalin",
    "12": "fiji kamchatka majuro tarawa",
    "12 nz": "auckland nz",
    "13": "tongatapu apia",
    "-1": "cape_verde",
    "-3": "sao_paulo buenos_aires montevideo bahia fortaleza recife belem cayenne paramaribo argentina "
    "punta_arenas asuncion",
    "-3.5 us": "st_johns newfoundland",
    "-4": "caracas la_paz manaus puerto_rico santo_domingo guyana martinique barbados port_of_spain curacao",
    "-4 us": "halifax atlantic bermuda moncton thule",
    "-5": "bogota lima guayaquil panama jamaica cancun rio_branco atikokan",
    "-5 us": "new_york detroit toronto montreal eastern nassau port-au-prince louisville indianapolis "
    "michigan",
    "-6": "costa_rica el_salvador guatemala managua tegucigalpa mexico_city regina saskatchewan belize "
    "monterrey",
    "-6 us": "chicago central winnipeg menominee matamoros",
    "-7": "phoenix arizona hermosillo whitehorse",
    "-7 us": "denver mountain edmonton boise ciudad_juarez",
    "-8 us": "los_angeles pacific vancouver tijuana",
    "-9 us": "anchorage alaska juneau",
    "-10": "honolulu hawaii tahiti",
    "-11": "pago_pago midway",
}
# Month and which of its Sundays (-1: the last) it begins and ends on.
_SUMMERS = {
    "eu": ((3, -1), (10, -1)),
    "us": ((3, 2), (11, 1)),
    "au": ((10, 1), (4, 1)),
    "nz": ((9, -1), (4, 1)),
}
# What held in the United States before the Energy Policy Act of 2005.
_US_BEFORE_2007 = ((4, 1), (10, -1))

_OFFSET = re.compile(
    r"(?:(?P<name>[a-z]{1,5}|etc/gmt)\s?)?(?P<sign>[+-])"
    r"(?:(?P<hours>\d{1,2})(?:[:.]?(?P<minutes>[0-5]\d)(?::?\d\d)?)?|\s(?P<apart>\d{4}))(?![\d]|[-/.]\d)"
)
_PLACE = re.compile(r"(?:[a-z]+/)?(?:[a-z]+/)?(?P<place>[a-z_-]+)")
_NAME = re.compile(r"[^\W\d_]{1,5}(?![^\W_])")
_OPENING = re.compile(r"[\s,;]*(?:\(|\[)?\s*")
_CLOSING = re.compile(r"\s*[)\]]|\s*[(\[][^()\[\]]*[)\]]?")


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone of the world: hours east of Greenwich in winter, and whose summer time it keeps."""

    hours: float = 0.0
    # Key of `_SUMMERS`; "" for none.
    summer: str = ""

    def offset(self, local: datetime) -> timedelta:
        """How far this naive local time is ahead of UTC."""
        return timedelta(hours=self.hours + (1 if self.summer and self._is_summer(local) else 0))

    def _is_summer(self, local: datetime) -> bool:
        rule = _US_BEFORE_2007 if self.summer == "us" and local.year < 2007 else _SUMMERS[self.summer]
        # Hours of winter time: Europe turns everywhere at 01:00 UTC, others at two by their clocks, or three.
        turns = {"eu": (1 + self.hours, 1 + self.hours), "us": (2, 1)}.get(self.summer, (2, 2))
        begin, end = (
            _sunday(local.year, *day) + timedelta(hours=turn) for day, turn in zip(rule, turns, strict=True)
        )
        winter_time = local - timedelta(hours=1)
        return begin <= local and winter_time < end if begin < end else not end <= winter_time < begin


UTC_ZONE = Zone()


def zone(text: str, language: str) -> tuple[Zone | None, int]:
    """The zone that lower-case `text` begins with, and where it ends; None and 0 when it begins with none.

    `language` is the feed's lower-case tag, "" if it declares none: some abbreviations mean several zones.
    """
    start = _end(_OPENING.match(text))
    found, end = _numeric(text, start) or _placed(text, start) or _named(text, start, language) or (None, 0)
    return found, _end(_CLOSING.match(text, end)) or end if found else 0


def _numeric(text: str, start: int) -> tuple[Zone, int] | None:
    match = _OFFSET.match(text, start)
    if match is None:
        return None
    digits = match["apart"]
    hours = int(digits[:2] if digits else match["hours"])
    value = hours + int((digits[2:] if digits else match["minutes"]) or 0) / 60
    # Names of the IANA's "Etc" have the sign of POSIX: ahead is minus.
    ahead = (match["sign"] == "+") != (match["name"] == "etc/gmt")
    if value > FARTHEST_HOURS:
        return None
    return Zone(value if ahead else -value), match.end()


def _placed(text: str, start: int) -> tuple[Zone, int] | None:
    match = _PLACE.match(text, start)
    if match is None or "/" not in match[0]:
        return None
    found = _places().get(match["place"])
    return (found, match.end()) if found else None


def _named(text: str, start: int, language: str) -> tuple[Zone, int] | None:
    match = _NAME.match(text, start)
    found = _abbreviated(match[0], language) if match else None
    return (found, match.end()) if match and found else None


def _abbreviated(name: str, language: str) -> Zone | None:
    if name in _PREVAILING:
        return Zone(_PREVAILING[name], "us")
    parts = set(language.split("-"))
    own = (names for tags, names in _BY_TAG.items() if parts.intersection(tags))
    hours = next((names[name] for names in (*own, _ABBREVIATIONS, _MILITARY) if name in names), None)
    return None if hours is None else Zone(hours)


@cache
def _places() -> dict[str, Zone]:
    found: dict[str, Zone] = {}
    for rule, names in _PLACES.items():
        hours, _, summer = rule.partition(" ")
        found.update(dict.fromkeys(names.split(), Zone(float(hours), summer)))
    return found


def _sunday(year: int, month: int, which: int) -> datetime:
    """The first, second … Sunday of a month; the last for -1."""
    if which < 0:
        following = datetime(year + month // 12, month % 12 + 1, 1)  # noqa: DTZ001 - a local time
        return following - timedelta(days=following.isoweekday() % 7 or 7)
    first = datetime(year, month, 1)  # noqa: DTZ001 - a local time
    return first + timedelta(days=-first.isoweekday() % 7 + 7 * (which - 1))


def _end(match: re.Match[str] | None) -> int:
    return match.end() if match else 0
