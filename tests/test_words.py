"""`ingestd.words`"""

import pytest

from ingestd.words import count_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("The night ferry is back.", 5),
        ("Ferry – “back” … at 9:30 a.m.", 5),
        ("— – … *", 0),
        ("don't e-mail https://a.example/x", 3),
        ("العبارة الليلية تعود", 3),
        ("야간 여객선이 돌아왔다", 3),
        # Eight characters of Chinese, two to a word.
        ("夜间渡轮恢复航行。", 4),
        # Runs are rounded up by themselves: 夜行フェリーが, 9, 日に.
        ("夜行フェリーが9日に", 6),
        ("เรือข้ามฟากกลับมาแล้ว", 5),
        ("Tokyo 東京 and Osaka", 4),
    ],
)
def test_words_are_counted_in_every_script(text: str, words: int) -> None:
    assert count_words(text) == words


def test_long_texts_take_no_longer_than_their_length() -> None:
    assert count_words("." * 1_000_000) == 0
    assert count_words("東" * 1_000_000) == 500_000
