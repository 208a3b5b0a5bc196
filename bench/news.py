"""An endless stream of invented news texts and copies of them, for measuring deduplication.

Texts are made of the demo's English paragraphs with half of the words exchanged. Of their sequences of four
words six in a hundred are then the paragraph's, one in four is but for one word, and the rest is new, so that
a large archive holds phrases of every frequency. Copies are made of the texts of the last few thousand, as
outlets make them. Every second outlet prints furniture of its own below everything. All follows from the
seed.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from ingestd.demo.world import load_world

OUTLETS = 500
# Texts that are still being copied.
RECENT = 4000
_SHORTEST = 100
_FURNITURE_LINES = 4


@dataclass(frozen=True, slots=True)
class Item:
    """One text as one outlet prints it."""

    number: int
    # The number of the text that it is a copy of; its own when it is none.
    original: int
    source: str
    text: str


class News:
    """Texts of `mean_tokens` words or so, of which the share `copied` are copies of earlier ones."""

    def __init__(self, seed: int, mean_tokens: int, copied: float) -> None:
        self._dice = Random(seed)
        self._mean_tokens = mean_tokens
        self._copied = copied
        world = load_world(datetime(2026, 11, 1, tzinfo=UTC))
        pages = [page for page in world.pages if page.outlet.language == "en"]
        texts = sorted({block.text for page in pages for block in page.blocks if not block.heading})
        self._stock = [text.split() for text in texts if len(text) > 120]
        self._words = sorted({word for words in self._stock for word in words})
        self._furniture = [self._below_everything() if number % 2 else [] for number in range(OUTLETS)]
        self._recent: deque[tuple[int, list[str]]] = deque(maxlen=RECENT)

    def __iter__(self) -> Iterator[Item]:
        number = 0
        while True:
            yield (
                self._copy(number)
                if self._recent and self._dice.random() < self._copied
                else self._new(number)
            )
            number += 1

    def _new(self, number: int) -> Item:
        left = max(_SHORTEST, self._dice.normalvariate(self._mean_tokens, self._mean_tokens / 3))
        paragraphs = []
        while left > 0:
            words = self._dice.choice(self._stock)
            paragraphs.append(self._exchanged(words))
            left -= len(words)
        self._recent.append((number, paragraphs))
        return self._printed(number, number, paragraphs)

    def _copy(self, number: int) -> Item:
        original, paragraphs = self._dice.choice(self._recent)
        change: Callable[[list[str]], list[str]] = self._dice.choice((self._cut, self._edited, list))
        lead = " ".join(self._dice.choices(self._words, k=8))
        return self._printed(number, original, [lead, *change(paragraphs)])

    def _printed(self, number: int, original: int, paragraphs: list[str]) -> Item:
        outlet = self._dice.randrange(OUTLETS)
        text = "\n\n".join((*paragraphs, *self._furniture[outlet]))
        return Item(number, original, f"outlet{outlet}.example", text)

    def _exchanged(self, words: list[str]) -> str:
        others = self._dice.choices(self._words, k=len(words))
        kept = f"{self._dice.getrandbits(len(words)):0{len(words)}b}"
        return " ".join(
            word if bit == "1" else other for word, other, bit in zip(words, others, kept, strict=True)
        )

    def _cut(self, paragraphs: list[str]) -> list[str]:
        return paragraphs[: max(1, round(len(paragraphs) * self._dice.uniform(0.3, 0.9)))]

    def _edited(self, paragraphs: list[str]) -> list[str]:
        """One paragraph left out, and a word exchanged in every third of the others."""
        kept = list(paragraphs)
        if len(kept) > 1:
            del kept[self._dice.randrange(len(kept))]
        for place in range(0, len(kept), 3):
            words = kept[place].split()
            words[self._dice.randrange(len(words))] = self._dice.choice(self._words)
            kept[place] = " ".join(words)
        return kept

    def _below_everything(self) -> list[str]:
        return [" ".join(self._dice.choices(self._words, k=8)) for _ in range(_FURNITURE_LINES)]
