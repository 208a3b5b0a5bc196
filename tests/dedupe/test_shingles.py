import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestd.dedupe.shingles import (
    CHARACTERS_PER_SHINGLE,
    MAX_CHARACTERS,
    WORDS_PER_SHINGLE,
    Hashes,
    normalise,
    once_each,
    read,
    shingle,
    tokenise,
)

SAME_WORDING = {
    "case": ("The Strait of ORRIN", "the strait of orrin"),
    "sharp s": ("Straße", "STRASSE"),
    "capital sharp s": ("GROẞE", "große"),
    "full width": ("ＦＵＬＬ　ｗｉｄｔｈ　２０２６", "full width 2026"),
    "half-width kana": ("ﾆｭｰｽ", "ニュース"),
    "ligatures": ("ﬁnal eﬀect", "final effect"),
    "accents": ("À l’été, l’élève naïf", "A l’ete, l’eleve naif"),
    "accents that stand alone": ("cafe\u0301", "café"),
    "letters with a stroke": ("Łódź, Tromsø, Đakovo", "Lodz, Tromso, Dakovo"),
    "Greek tonos": ("Η κυβέρνηση ανακοίνωσε", "Η κυβερνηση ανακοινωσε"),
    "Greek final sigma": ("ΟΔΟΣ", "οδός"),
    "Turkish dotted capital": ("İSTANBUL", "istanbul"),
    "Turkish dotless letter": ("Diyarbakır", "DİYARBAKIR"),
    "Russian yo": ("Ещё всё", "еще все"),
    "Russian stress": ("за\u0301мок", "замок"),
    "Arabic vowel marks": ("مُحَمَّدٌ", "محمد"),
    "Arabic stretched letters": ("العـــربية", "العربية"),
    "alef": ("أحمد إلى آل ٱلبيت", "احمد الى ال البيت"),
    "ya": ("على", "علي"),
    "Persian ya and kaf": ("یک کتاب", "يك كتاب"),
    "Arabic-Indic digits": ("٢٠٢٦", "2026"),
    "Persian digits": ("۲۰۲۶", "2026"),
    "Devanagari digits": ("२०२६", "2026"),
    "soft hyphens": ("co\u00adope\u00adration", "cooperation"),
    "zero width": ("co\u200bope\u2060ration\ufeff", "cooperation"),
    "directions": ("\u200fשלום\u200e \u202bעולם\u202c", "שלום עולם"),
    "Hebrew points": ("שָׁלוֹם", "שלום"),
    "entities": ("Fish &amp; chips&nbsp;&#8211; &quot;hot&quot;", "Fish & chips – “hot”"),
    "letters as entities": ("caf&eacute; &#1052;&#x438;&#1088;", "café Мир"),
    "quotation marks": ("“Don’t”, «he» said ‚so‘", '"Don\'t", \'he\' said "so"'),
    "dashes": ("one – two — three-four―five", "one - two - three – four - five"),
    "white space": (" line\r\n\r\nbreak\tand\u00a0space\u3000", "line break and space"),
    "underscores": ("__bold__ words", "bold words"),
    "superscripts": ("H₂O and m²", "H2O and m2"),
}

OTHER_WORDING = {
    "another word": ("The boats left", "The boats came"),
    "another order": ("boats the left", "the boats left"),
    "another value": ("5 boats", "6 boats"),
    "another decimal": ("1.5 percent", "15 percent"),
    "one word or two": ("life boats", "lifeboats"),
    "short i": ("мой", "мои"),
    "voiced kana": ("が", "か"),
    "Indic vowel sign": ("कि", "की"),
}

TOKENS = {
    "numbers with points and commas": ("It's 1,234.5 points.", ["it", "s", "1,234.5", "points"]),
    "points outside of numbers": ("3. 4, .5 6.", ["3", "4", "5", "6"]),
    "points in a row": ("1..2 3,,4", ["1", "2", "3", "4"]),
    "dates and times": ("22.11.2026, 14:30", ["22.11.2026", "14", "30"]),
    "letters and digits": ("F16 and 3D", ["f", "16", "and", "3", "d"]),
    "hyphens": ("e-mail", ["e", "mail"]),
    "Han": ("中国 GDP 增长5%", ["中", "国", "gdp", "增", "长", "5"]),
    "kana": ("ニュースを見る", list("ニュースを見る")),
    "Han beyond the first plane": ("𠮷野家", list("𠮷野家")),
    "Thai": ("ข่าวที่ดี", list("ข่าวที่ดี")),
    "Lao": ("ຂ່າວ", list("ຂ່າວ")),
    "Khmer": ("ព័ត៌មាន", list("ព័ត៌មាន")),
    "Myanmar": ("သတင်း", list("သတင်း")),
    "Korean": ("한국 정부는", ["한국", "정부는"]),
    "Hindi": ("हिन्दी समाचार।", ["हिन्दी", "समाचार"]),
    "Bengali": ("বাংলা সংবাদ", ["বাংলা", "সংবাদ"]),
    "Tamil": ("தமிழ் செய்திகள்", ["தமிழ்", "செய்திகள்"]),
    "signs only": ("… – ! ☂ 🌊", []),
    "nothing": ("", []),
    "removed signs only": ("\u200b\u00ad", []),
    "surrogates": ("a\ud800b \udfff", ["a", "b"]),
    "null": ("a\0b", ["a", "b"]),
}


@pytest.mark.parametrize(("one", "other"), SAME_WORDING.values(), ids=SAME_WORDING.keys())
def test_what_outlets_change_without_changing_words_makes_no_difference(one: str, other: str) -> None:
    assert tokenise(one) == tokenise(other)
    assert np.array_equal(hashes(one), hashes(other))


@pytest.mark.parametrize(("one", "other"), OTHER_WORDING.values(), ids=OTHER_WORDING.keys())
def test_what_changes_words_makes_a_difference(one: str, other: str) -> None:
    assert tokenise(one) != tokenise(other)
    assert not np.array_equal(hashes(one), hashes(other))


@pytest.mark.parametrize(("text", "tokens"), TOKENS.values(), ids=TOKENS.keys())
def test_a_token_is_a_number_a_word_or_a_character(text: str, tokens: list[str]) -> None:
    assert tokenise(text) == tokens
    assert len(read(text)) == len(tokens)


def test_only_characters_of_scripts_without_spaces_count_as_such() -> None:
    assert read("中 GDP 한국 5 ไ हिन्दी").unspaced.tolist() == [True, False, False, False, True, False]


@given(st.text())
def test_tokens_are_pieces_of_the_normalised_text_in_order(text: str) -> None:
    folded, at = normalise(text), 0
    for token in tokenise(text):
        at = folded.index(token, at) + len(token)
    assert len(read(text)) == len(tokenise(text))


@given(st.text(st.characters(exclude_characters="&")))
def test_composed_and_decomposed_letters_are_the_same(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert normalise(composed) == normalise(unicodedata.normalize("NFD", composed))


@given(st.text(), st.text())
def test_equal_tokens_have_equal_hashes_wherever_they_stand(before: str, word: str) -> None:
    here, there = read(f"{before}\n{word}"), read(word)
    tail = slice(len(here) - len(there), None)
    if tokenise(f"{before}\n{word}")[tail] == tokenise(word):
        assert np.array_equal(here.hashes[tail], there.hashes)


def test_different_tokens_have_different_hashes() -> None:
    words = [f"{first}{second}{third}" for first in "abcdefghij" for second in "кло" for third in range(300)]
    tokens = {token for word in words for token in tokenise(word)}
    assert len(set(read(" ".join(words)).hashes.tolist())) == len(tokens)
    # A letter that has no weight would make these equal.
    assert len(set(read("a aa aaa ba ab aba bab").hashes.tolist())) == 7


def test_a_cut_text_keeps_the_shingles_it_had() -> None:
    words = [unicodedata.name(chr(code)).split()[-1] for code in range(0x3B1, 0x3C9)]
    assert np.isin(hashes(" ".join(words[3:20])), hashes(" ".join(words))).all()
    characters = "港口部长星期五通过电话讨论了海峡中的船只问题"
    cut = hashes(characters[2:15])
    # Where a shingle of characters would run out of the text, a shorter one stands in.
    run_out = CHARACTERS_PER_SHINGLE - WORDS_PER_SHINGLE
    assert np.isin(cut[:-run_out], hashes(characters)).all()
    assert not np.isin(cut[-run_out:], hashes(characters)).any()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("one", 1),
        ("one two three", 1),
        ("one two three four", 1),
        ("one two three four five", 2),
        ("港口", 1),
        ("港口部长", 1),
        ("港口部长星期五通", 5),
    ],
)
def test_a_shingle_starts_at_each_token_but_the_last_few(text: str, count: int) -> None:
    assert len(hashes(text)) == count


def test_a_shingle_of_characters_is_longer_than_one_of_words() -> None:
    one, other = hashes("港口部长星期五通过电话"), hashes("港口部长星期六通过电话")
    assert one[0] != other[0]
    one, other = hashes("one two three four five six seven"), hashes("one two three four five six eight")
    assert one[0] == other[0]


def test_order_counts() -> None:
    assert not np.isin(hashes("a b c d"), hashes("a b d c")).any()


@given(st.lists(st.integers(0, 9), max_size=40))
def test_once_each_is_what_unique_gives(numbers: list[int]) -> None:
    # Small numbers repeat; spread over the whole range, their order is not that of signed integers.
    shingles = np.array(numbers, np.uint64) * np.uint64(0x1F0F_0F0F_0F0F_0F0F)
    for found, expected in zip(
        once_each(shingles), np.unique(shingles, return_index=True, return_inverse=True), strict=True
    ):
        assert np.array_equal(found, expected)


def test_once_each_is_what_unique_gives_for_a_long_text() -> None:
    shingles = np.random.default_rng(4).integers(0, 700, 5000, np.uint64)
    for found, expected in zip(
        once_each(shingles), np.unique(shingles, return_index=True, return_inverse=True), strict=True
    ):
        assert np.array_equal(found, expected)


def test_giant_texts_are_read_up_to_a_limit() -> None:
    assert len(normalise("a" * (MAX_CHARACTERS + 5))) == MAX_CHARACTERS
    giant = "a " * (MAX_CHARACTERS // 2)
    assert np.array_equal(hashes(giant + "and more that is not read"), hashes(giant))


def test_hashes_stay_the_same_between_versions() -> None:
    # Stored anchors are made of them: a change needs a new name of the scheme.
    assert {text: hashes(text).tolist() for text in GOLDEN} == GOLDEN


def hashes(text: str) -> Hashes:
    return shingle(read(text))


GOLDEN = {
    "The boats came home early": [13532342523182811233, 17560248000582312237],
    "Über 1,5 Millionen Tonnen Ölsaaten": [13625717383121221167, 4000038715668290352],
    "Ещё двое рыбаков вернулись": [5605202065063368281],
    "وصلت السفينة إلى الميناء": [8172107895195259811],
    "港口部长星期五通过": [
        2060238532104945262,
        3915524873369827018,
        1184712974148448427,
        11413863143927771482,
        15426323860525214677,
        5523967145856824663,
    ],
    "ท่าเรือ": [17205160428147050004, 3477569954484698361, 654612107255573291, 8664071789248041326],
    "मंत्री ने कहा कि": [1177348773238977170],
    "Ο υπουργός είπε ότι": [15323805493963524029],
    "항구 장관이 금요일에 말했다": [16745879171021830266],
    "one": [17418171524426081835],
}
