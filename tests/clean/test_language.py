import sys

import pytest
from resiliparse.parse.lang import detect_fast

from ingestd.clean.language import checked, commonest, detect, language_tag, resolve, script_of
from ingestd.model import Reading
from tests.clean.declarations import json_ld, meta, read

ENGLISH = (
    "The boats of the harbour came home in the evening and the nets were full of herring, as it is in July. "
    * 5
)
GERMAN = (
    "Die Boote kamen am Abend mit vollen Netzen in den Hafen, und die Fischer waren nach der Fahrt müde. " * 5
)
RUSSIAN = "Лодки вернулись в гавань вечером, и сети были полны сельди, как это бывает в июле. " * 3
JAPANESE = "夕方、漁船が港に戻り、網はニシンでいっぱいだった。七月にはよくあることだと漁師は話している。" * 2
CHINESE = "傍晚，渔船回到港口，网里装满了鲱鱼。渔民们说，七月里这是常有的事，市场上的价格也因此下降。" * 2
GREEK = "Τα πλοία επέστρεψαν στο λιμάνι το βράδυ με γεμάτα δίχτυα και οι ψαράδες ήταν κουρασμένοι."
WELSH = (
    "Dywedodd y llywodraeth ddydd Gwener y bydd y porthladd yn aros ar gau tan ddiwedd y mis. "
    "Bu trigolion y dref yn protestio o flaen neuadd y dref ac yn gofyn am esboniad. "
)
# Ships come home with full nets, and whoever wants fish must come to the harbour early.
ZULU = (
    "Imikhumbi ibuyele echwebeni kusihlwa, kanye namanetha agcwele. Abadobi bathe lokhu kujwayelekile, kodwa "
    "uma imvula ina amanani ayehla, ngoba abantu abaningi bayesaba ukuthi izinhlanzi zizobola ngehlobo. "
) * 3
XHOSA = (
    "Iinqanawa zibuyele ezibukweni ngokuhlwa kunye neminatha egcweleyo. Abalobi bathi oku kuqhelekile, kodwa "
    "xa kunetha amaxabiso ayehla, kuba abantu abaninzi boyika ukuba iintlanzi ziya kubola ngexesha lehlobo. "
) * 3
KURMANJI = "Keştiyên masîgiran êvarê vegeriyan benderê û torên wan tijî masî bûn, wekî her tîrmehê. " * 6


@pytest.mark.parametrize(
    ("declared", "tag"),
    [
        *(
            ("en_us", "en-US"),
            ("DE", "de"),
            ("zh-hant-tw", "zh-Hant-TW"),
            ("en, de", "en"),
            ("English", "en"),
        ),
        *(("de_DE.UTF-8", "de-DE"), ("en-US-x-lvariant-POSIX", "en-US"), ("es-419", "es-419")),
        *(("und", None), ("klingonese", None), ("", None), (None, None), ("x" * 10_000, None)),
    ],
)
def test_a_language_is_a_bcp47_tag(declared: str | None, tag: str | None) -> None:
    assert language_tag(declared) == tag


@pytest.mark.parametrize(
    ("text", "script"),
    [
        *((ENGLISH, "latin"), (RUSSIAN, "cyrillic"), (JAPANESE, "kana"), (CHINESE, "han"), (GREEK, "greek")),
        *(("", None), ("12 345", None), (ENGLISH[:100] + RUSSIAN[:100], None)),
    ],
)
def test_the_script_of_a_text_is_told_where_it_is_clear(text: str, script: str | None) -> None:
    assert script_of(text) == script


def test_what_is_declared_is_believed_where_the_text_does_not_contradict() -> None:
    found = checked([Reading("html lang", "en-GB"), Reading("meta og:locale", "de-DE")], ENGLISH)
    assert (found.value, found.reason) == ("en-GB", "html lang declares it")
    assert checked([Reading("html lang", "da")], "Kort").value == "da"


def test_a_declared_language_of_another_script_is_not_believed() -> None:
    found = resolve([Reading("html lang", "en"), Reading("meta og:locale", "ru-RU")], RUSSIAN)
    assert found.value == "ru-RU"
    assert resolve([Reading("html lang", "en")], GREEK).value == "el"
    assert resolve([Reading("html lang", "en")], JAPANESE).value == "ja"
    assert checked([Reading("html lang", "en")], RUSSIAN).value is None


def test_a_template_that_says_english_is_not_believed_of_a_german_text() -> None:
    found = checked([Reading("html lang", "en"), Reading("meta og:locale", "de-AT")], GERMAN)
    assert found.value == "de-AT"
    assert found.reason == "html lang says en, but the commonest words are those of de"
    assert checked([Reading("html lang", "en")], GERMAN).value == "de"


def test_the_text_tells_where_nothing_is_declared() -> None:
    assert checked([], ENGLISH).value == "en"
    assert checked([], "").value is None
    assert detect(GREEK) == "el"
    assert commonest(GERMAN) == "de"


def test_the_detector_is_asked_where_nothing_else_decides() -> None:
    assert checked([], CHINESE).value is None
    found = resolve([], CHINESE)
    assert (found.value, found.reason) == ("zh", "none is declared; the detector tells it by the text")
    assert resolve([Reading("html lang", "en")], KURMANJI).value == "ku"
    assert resolve([Reading("html lang", "en")], RUSSIAN).value == "ru"


def test_a_light_detector_decides_where_it_is_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py3langid", None)
    assert detect(WELSH) == "cy"
    assert resolve([Reading("html lang", "en")], WELSH * 2).value == "cy"


def test_where_the_light_detector_names_nothing_the_other_is_asked() -> None:
    said = "Read Next\n\n" * 40
    assert detect_fast(said, n_results=2) == []
    assert detect(said) == "en"
    assert detect(CHINESE) == "zh"


def test_languages_of_long_words_are_told_by_few_common_ones() -> None:
    assert commonest(ZULU) == "zu"
    assert commonest(XHOSA) == "xh"


def test_without_the_detector_what_is_declared_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py3langid", None)
    assert resolve([], CHINESE).value is None
    assert resolve([Reading("html lang", "en")], KURMANJI).value == "en"


def test_all_places_that_declare_a_language_are_read() -> None:
    head = json_ld({"@type": "NewsArticle", "inLanguage": {"alternateName": "de"}}) + meta("language", "it")
    head += '<meta http-equiv="content-language" content="fr"><meta property="og:locale" content="es_ES">'
    found = read(head, attributes='lang="en"', headers={"content-language": "pt"})
    readings = [one.value for one in found.readings[-1].readings]
    assert found.readings[-1].field == "language"
    assert readings == ["en", "de", "pt", "fr", "es-ES", "it"] if "pt" in readings else readings
    assert found.language == "en"
