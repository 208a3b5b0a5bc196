import tomllib

import pytest

from ingestd.clean.agency import AgencyTable, default_table, find_agency, names_agency
from ingestd.data import data_path

BODY = "The boats stayed in the harbour all day."


@pytest.mark.parametrize(
    ("paragraph", "name"),
    [
        ("PARIS (AFP) – The harbour was closed on Friday.", "AFP"),
        ("KYIV, July 13 (Reuters) - The harbour was closed.", "Reuters"),
        ("(ANSA) - ROMA, 13 LUG - Il porto è stato chiuso.", "ANSA"),
        ("Berlin (dpa/lbn) - Der Hafen wurde geschlossen.", "dpa"),
        ("BERLIN dpa – Der Hafen wurde geschlossen.", "dpa"),
        ("LONDON (AP) — The harbour was closed.", "AP"),
        ("МОСКВА, 13 июля. /ТАСС/. Порт закрыли.", "TASS"),
        ("ТАСС, 13 июля. Порт закрыли.", "TASS"),
        ("МОСКВА, 13 июл - РИА Новости. Порт закрыли.", "RIA Novosti"),
        ("باريس (أ ف ب) - أغلق الميناء يوم الجمعة", "AFP"),
        ("新华社北京7月13日电 港口星期五关闭。", "Xinhua"),
        ("【AFP=時事】港は金曜日に閉鎖された。", "AFP"),
        ("[ロンドン 13日 ロイター] - 港は閉鎖された。", "Reuters"),
        ("(서울=연합뉴스) 홍길동 기자 = 항구가 폐쇄됐다.", "Yonhap"),
    ],
)
def test_a_dateline_names_the_agency(paragraph: str, name: str) -> None:
    found = find_agency(default_table(), paragraphs=[paragraph, BODY])
    assert found is not None
    assert (found.name, found.evidence) == (name, "dateline")
    assert found.quote in paragraph


@pytest.mark.parametrize(
    "paragraph",
    [
        "WASHINGTON — The Senate went home early.",
        "The ruling party (AAP) said that it would wait.",
        "According to TASS, the ministry knew of it.",
        "Reuters reported on Friday that the harbour was closed.",
        "Reuters: the story of a company in nine chapters.",
        "Some say TASS – a Russian agency – is older than that.",
        "He lives in Erie (PA) and works in Bath.",
        "The ships of the company (CP), which are old, stay.",
        "Local time was kept. The union (TT) - so its head - agreed.",
    ],
)
def test_a_text_that_speaks_of_an_agency_is_not_its_text(paragraph: str) -> None:
    assert find_agency(default_table(), paragraphs=[paragraph, BODY, BODY]) is None


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("AFP", "AFP"),
        ("© 2024 AFP", "AFP"),
        ("(AFP)", "AFP"),
        ("dpa/AFP", "dpa"),
        ("Source: Reuters", "Reuters"),
        ("Quelle: dpa", "dpa"),
        ("mit Material von dpa", "dpa"),
        ("Agence France-Presse (AFP)", "AFP"),
        ("© dpa-infocom, dpa:240713-99-123/4", "dpa"),
        ("Copyright 2024 The Associated Press. All rights reserved.", "AP"),
    ],
)
def test_a_credit_line_names_the_agency(line: str, name: str) -> None:
    assert names_agency(default_table(), line) == name
    found = find_agency(default_table(), paragraphs=[BODY], removed_lines=[line])
    assert found is not None
    assert (found.name, found.evidence) == (name, "credit-line")


@pytest.mark.parametrize(
    "line",
    [
        "Photo: AFP",
        "Reuters/John Doe",
        "AP Photo/John Doe",
        "AFP/File",
        "AFP via Getty Images",
        "AA",
        "Harbour Post",
    ],
)
def test_photo_credits_and_buttons_name_no_agency(line: str) -> None:
    assert find_agency(default_table(), paragraphs=[BODY], removed_lines=[line]) is None


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Agence France-Presse", "AFP"),
        ("PA", "PA"),
        ("John Doe, Associated Press", "AP"),
        ("AFP with Jane Roe", "AFP"),
        ("Jane Roe (AP)", "AP"),
    ],
)
def test_an_author_can_be_an_agency(author: str, name: str) -> None:
    found = find_agency(default_table(), paragraphs=[BODY], authors=[author])
    assert found is not None
    assert (found.name, found.evidence) == (name, "byline")


def test_an_agency_named_twice_in_one_line_is_named() -> None:
    assert names_agency(default_table(), "AFP AFP") == "AFP"
    assert names_agency(default_table(), "Agence France-Presse Agence France-Presse") == "AFP"


def test_a_person_is_no_agency() -> None:
    assert find_agency(default_table(), paragraphs=[BODY], authors=["Anna Pa", "Ap Dijksterhuis"]) is None


def test_sign_offs_name_the_agency() -> None:
    for line in (
        "The boats came home. (dpa)",
        "(Reporting by Jane Roe in Orrin; Editing by John Doe)",
        "TASS",
    ):
        found = find_agency(default_table(), paragraphs=[BODY, line])
        assert found is not None
        assert found.evidence == "sign-off"


def test_metadata_counts_when_nothing_on_the_page_does() -> None:
    found = find_agency(default_table(), paragraphs=[BODY], credits_stated=["Harbour Post", "ANSA"])
    assert found is not None
    assert (found.name, found.evidence) == ("ANSA", "metadata")


def test_the_dateline_goes_before_every_other_place() -> None:
    found = find_agency(default_table(), paragraphs=["ROMA (ANSA) - Il porto.", BODY], authors=["AFP"])
    assert found is not None
    assert found.name == "ANSA"


def test_two_agencies_cannot_claim_one_credit() -> None:
    entries = [{"name": "One", "codes": ["XY"]}, {"name": "Two", "codes": ["XY"]}]
    with pytest.raises(ValueError, match="'XY' is claimed by One and Two"):
        AgencyTable.from_toml({"agency": entries})


def test_the_shipped_table_explains_and_names_each_agency_once() -> None:
    entries = tomllib.loads(data_path("config", "agencies.toml").read_text("utf-8"))["agency"]
    names = [entry["name"] for entry in entries]
    assert len(names) == len(set(names)) >= 35
    assert all(set(entry) <= {"name", "spellings", "codes", "because"} for entry in entries)
    short = {s for entry in entries for s in entry.get("spellings", ()) if s.isascii() and len(s) <= 3}
    assert short == set(), "a short mark belongs among the codes"
