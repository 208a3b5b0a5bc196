"""What one carrier of a text changed against another, by paragraph and by word; computed when it is shown.

    two bodies ── tokens and where they stand ── runs of equal tokens ── blocks ── one line in words

1. Shingles that stand once in each text are anchors. The longest chain of them that both texts have in one
   order carries the alignment: the idea of Bram Cohen's patience diff.
2. Between two anchors the words are aligned by their longest common subsequence. It is worked out a row of
   bits at a time (Crochemore et al. 2001; Hyyrö 2004): `difflib` takes cubic time on hostile texts.
3. What agrees by chance is let go: islands of a few words in a rewritten passage, and paragraphs that share
   nothing else. A cut paragraph and a new one in its place are not one paragraph "edited".
4. Paragraphs that stand alone on both sides and share anchors have moved.

A word is a token of `shingles`: case, typography and white space make no difference, and in scripts without
spaces it is a character. Paragraphs are told apart by what they say, not by where they break, so one that
was split, or joined to the next, is kept. Swapping the texts swaps what was cut and what was added.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import groupby, pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import xxhash

from ingestd.dedupe.shingles import Hashes, Tokens, normalise, shingle, tokenise

# No more of either body is compared: three times a very long read. Together with the two limits below it
# keeps the most hostile texts tried under a second of processor time.
MAX_CHARACTERS = 100_000
# Between two anchors no more words than these, on either side, are aligned one by one.
MAX_HUNK_WORDS = 4_000
# At most so many paragraphs are looked at for having moved, those that share most first.
MAX_MOVED = 1_000

# Fewer equal words than a shingle has, with more changed ones on both sides, agree by chance.
ISLAND_WORDS = 4
# Two paragraphs are one, edited, if they have a run of so many words in common (stock phrases are shorter),
# or so much of the shorter one and a run as long as a shingle, or so much of the longer one.
LONG_RUN_WORDS = 12
SHARE_OF_SHORTER = 0.4
SHARE_OF_LONGER = 0.5
# What is put before a lead and looks like a dateline has no more characters than this, and ends like this.
DATELINE_CHARACTERS = 60
DATELINE_ENDS = tuple("-–—―:：)）]】")
# A list of paragraphs with more gaps than that is no help in one line.
MAX_RANGES = 4

Positions = npt.NDArray[np.int64]
# A token and where it begins within the characters that it was read from.
Placed = tuple[str, int]


class Op(StrEnum):
    """What became of some words."""

    KEEP = "keep"
    CUT = "cut"
    ADD = "add"


class Kind(StrEnum):
    """What became of a paragraph."""

    KEPT = "kept"
    EDITED = "edited"
    MOVED = "moved"
    ADDED = "added"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Segment:
    """Consecutive words with one fate."""

    op: Op
    # As they are spelt: cut words in the original, kept and added ones in the copy.
    text: str
    words: int


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph; or several, or a part of one, where the two texts break them differently."""

    kind: Kind
    # Numbers, from 0, of the paragraphs that it is made of; empty where it was added, or cut.
    originals: tuple[int, ...]
    copies: tuple[int, ...]
    # In reading order, cut words before those in their place. A moved block may hold changes too.
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """All that was changed. The kept and added words of the blocks, in order, are the words of the copy."""

    # In the copy's order, cut paragraphs where they stood.
    blocks: tuple[Block, ...]
    # Paragraphs with at least one word; the others are neither counted nor numbered.
    original_paragraphs: int
    copy_paragraphs: int
    # Words of moved paragraphs are kept ones.
    words_kept: int
    words_cut: int
    words_added: int
    # A body was longer than `MAX_CHARACTERS`; what stands after them was not compared.
    limited: bool

    @property
    def summary(self) -> str:
        """One line for a table: "new lead, cut after paragraph 6 of 9, 2 edited"."""
        what = ", ".join(_summarise(self)) or "same text"
        return f"{what} (first {MAX_CHARACTERS:,} characters)" if self.limited else what


def changes(original: str, copy: str) -> Changes:
    """What `copy` changed against `original`; both are bodies, their paragraphs separated by blank lines."""
    known: dict[str, list[Placed]] = {}
    before, after = _read(original[:MAX_CHARACTERS], known), _read(copy[:MAX_CHARACTERS], known)
    blocks = tuple(_blocks(before, after, _align(before, after)))
    segments = [segment for block in blocks for segment in block.segments]
    kept, cut, added = (sum(s.words for s in segments if s.op == op) for op in Op)
    limited = max(len(original), len(copy)) > MAX_CHARACTERS
    return Changes(blocks, before.paragraphs, after.paragraphs, kept, cut, added, limited)


def numbered(indices: Iterable[int]) -> str:
    """Paragraph numbers for people, from 1: "1–4, 7"."""
    ranges = _ranges(indices)
    return ", ".join(f"{first + 1}–{last + 1}" if last > first else f"{first + 1}" for first, last in ranges)


def _ranges(indices: Iterable[int]) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for index in sorted(set(indices)):
        if ranges and ranges[-1][1] == index - 1:
            ranges[-1] = (ranges[-1][0], index)
        else:
            ranges.append((index, index))
    return ranges


# ---------------------------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True)
class _Text:
    """A body as tokens."""

    body: str
    tokens: list[str]
    # Where each token begins in the body, punctuation before it included; and the end of the body.
    starts: list[int]
    # The token that each paragraph begins with; and the number of tokens.
    heads: list[int]

    @property
    def paragraphs(self) -> int:
        return len(self.heads) - 1

    def paragraph(self, token: int) -> int:
        """The paragraph in which a token stands."""
        return bisect_right(self.heads, token) - 1

    def head(self, token: int) -> int:
        """The first token of the paragraph in which a token stands."""
        return self.heads[self.paragraph(token)]

    def end(self, token: int) -> int:
        """The first token after the paragraph in which a token stands."""
        return self.heads[self.paragraph(token) + 1]

    def size(self, paragraph: int) -> int:
        """How many tokens a paragraph has."""
        return self.heads[paragraph + 1] - self.heads[paragraph]

    def breaks(self, token: int) -> bool:
        """Whether a paragraph, or the text, ends before this token."""
        return self.heads[bisect_left(self.heads, token)] == token

    def spelt(self, start: int, stop: int) -> str:
        return self.body[self.starts[start] : self.starts[stop]].strip()


# What stands between white space, and the blank lines between paragraphs.
_CHUNK = re.compile(r"\S+|\n\s*\n")
# What normalising may fold into one character: an entity, a letter with its combining marks.
_CLUSTER = re.compile(r"&#?\w{1,32};|.[\u0300-\u036f\u3099\u309a\uff9e\uff9f]{0,8}", re.DOTALL)


def _read(body: str, known: dict[str, list[Placed]]) -> _Text:
    """The tokens of a body; `known` remembers the chunks that were read before."""
    text = _Text(body, [], [], [])
    # Where the paragraph begins whose first token is still to come; None within a paragraph.
    opening: int | None = 0
    for match in _CHUNK.finditer(body):
        chunk = match[0]
        if chunk.isspace():
            opening = match.end()
            continue
        if chunk not in known:
            known[chunk] = _locate(chunk)
        for token, offset in known[chunk]:
            if opening is not None:
                text.heads.append(len(text.tokens))
            text.starts.append(match.start() + offset if opening is None else opening)
            text.tokens.append(token)
            opening = None
    text.starts.append(len(body))
    text.heads.append(len(text.tokens))
    return text


def _locate(chunk: str) -> list[Placed]:
    """The tokens of characters without white space, the first with all that stands before it."""
    tokens = tokenise(chunk)
    if len(tokens) < 2:
        return [(token, 0) for token in tokens]
    clusters = _CLUSTER.findall(chunk)
    folded = [_fold(cluster) for cluster in clusters]
    normal = "".join(folded)
    if normal != normalise(chunk):
        # Its characters fold into each other in a way that cannot be told piecewise: one token, to be safe.
        return [(" ".join(tokens), 0)]
    origins = _origins(clusters, folded)
    placed: list[Placed] = []
    at, reached = 0, -1
    for token in tokens:
        at = normal.index(token, at)
        if origins[at] == reached:
            # A character such as "½" is two tokens, and cannot be changed by half.
            placed[-1] = (f"{placed[-1][0]} {token}", placed[-1][1])
        else:
            placed.append((token, _before_brackets(chunk, origins[at]) if placed else 0))
        at += len(token)
        reached = origins[at - 1]
    return placed


def _before_brackets(chunk: str, place: int) -> int:
    """The place where the brackets and quotation marks open that stand directly before a place."""
    while unicodedata.category(chunk[place - 1]) in ("Ps", "Pi"):
        place -= 1
    return place


def _origins(clusters: Sequence[str], folded: Sequence[str]) -> list[int]:
    """For each character of what some clusters were folded to, where its cluster began."""
    origins: list[int] = []
    begins = 0
    for cluster, piece in zip(clusters, folded, strict=True):
        origins += [begins] * len(piece)
        begins += len(cluster)
    return origins


@lru_cache(maxsize=65_536)
def _fold(cluster: str) -> str:
    return normalise(cluster)


# ---------------------------------------------------------------------------------- aligning


class _Run(NamedTuple):
    """Consecutive tokens that two texts have in common: the place in one, in the other, and how many."""

    one: int
    other: int
    size: int

    @property
    def one_end(self) -> int:
        return self.one + self.size

    @property
    def other_end(self) -> int:
        return self.other + self.size

    def flipped(self) -> "_Run":
        return _Run(self.other, self.one, self.size)


@dataclass(frozen=True, slots=True)
class _Alignment:
    """What two texts have in common, in runs that lie within one paragraph on both sides."""

    # In ascending order on both sides.
    runs: list[_Run]
    # The runs of each moved paragraph, under its numbers in the one and in the other text.
    moved: dict[tuple[int, int], list[_Run]]

    def flipped(self) -> "_Alignment":
        moved = {(j, i): [run.flipped() for run in runs] for (i, j), runs in self.moved.items()}
        return _Alignment([run.flipped() for run in self.runs], moved)


def _align(original: _Text, copy: _Text) -> _Alignment:
    # Ties are broken by place; in an order of their own, so that swapped texts give swapped changes.
    if (len(original.tokens), original.tokens) > (len(copy.tokens), copy.tokens):
        return _align(copy, original).flipped()
    one, other = _anchors(original, copy)
    chain = _longest_increasing(other.tolist())
    skeleton = [_Run(0, 0, 0), *_diagonals(one[chain], other[chain]), _whole(original, copy)]
    runs = list(skeleton)
    for before, after in pairwise(skeleton):
        runs += _between(original, copy, before, after)
    runs = _related(original, copy, _slid(original, copy, _joined(runs)))
    return _Alignment(runs, _moved(original, copy, runs, one, other))


def _whole(one: _Text, other: _Text) -> _Run:
    """The end of both texts, as a run of nothing."""
    return _Run(len(one.tokens), len(other.tokens), 0)


def _anchors(one: _Text, other: _Text) -> tuple[Positions, Positions]:
    """Where the shingles stand that both texts have, each once; ascending in `one`."""
    (one_hashes, one_places), (other_hashes, other_places) = _once(one), _once(other)
    _, left, right = np.intersect1d(one_hashes, other_hashes, assume_unique=True, return_indices=True)
    order = np.argsort(one_places[left])
    return one_places[left][order], other_places[right][order]


def _once(text: _Text) -> tuple[Hashes, Positions]:
    hashes, places, counts = np.unique(shingle(_hashed(text.tokens)), return_index=True, return_counts=True)
    return hashes[counts == 1], places[counts == 1].astype(np.int64)


def _hashed(words: Sequence[str]) -> Tokens:
    """Words as tokens; one can be several tokens of a text."""
    known = {word: xxhash.xxh3_64_intdigest(word.encode("utf-8", "surrogatepass")) for word in set(words)}
    hashes = np.fromiter((known[word] for word in words), np.uint64, len(words))
    return Tokens(hashes, np.zeros(len(words), np.bool_))


def _longest_increasing(values: Sequence[int]) -> list[int]:
    """Indices of a longest increasing subsequence of distinct values, by patience sorting."""
    tops: list[int] = []
    top_indices: list[int] = []
    previous: list[int] = []
    for index, value in enumerate(values):
        pile = bisect_left(tops, value)
        previous.append(top_indices[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [value]
        top_indices[pile : pile + 1] = [index]
    chain = []
    index = top_indices[-1] if top_indices else -1
    while index >= 0:
        chain.append(index)
        index = previous[index]
    return chain[::-1]


def _diagonals(one: Positions, other: Positions) -> list[_Run]:
    """Pairs of places, ascending in `one`, as runs."""
    if not len(one):
        return []
    broken = np.flatnonzero((np.diff(one) != 1) | (np.diff(other) != 1)) + 1
    firsts = np.concatenate([[0], broken])
    sizes = np.diff(np.concatenate([firsts, [len(one)]]))
    return [
        _Run(*run) for run in zip(one[firsts].tolist(), other[firsts].tolist(), sizes.tolist(), strict=True)
    ]


def _between(one: _Text, other: _Text, before: _Run, after: _Run) -> Iterator[_Run]:
    """What agrees between two runs: what continues the first, what leads up to the second, and the rest."""
    i, j, one_stop, other_stop = before.one_end, before.other_end, after.one, after.other
    size = _agreeing(one.tokens[i:one_stop], other.tokens[j:other_stop])
    yield _Run(i, j, size)
    i, j = i + size, j + size
    size = _agreeing(one.tokens[i:one_stop][::-1], other.tokens[j:other_stop][::-1])
    one_stop, other_stop = one_stop - size, other_stop - size
    yield _Run(one_stop, other_stop, size)
    if max(one_stop - i, other_stop - j) <= MAX_HUNK_WORDS:
        common = _common_subsequence(one.tokens[i:one_stop], other.tokens[j:other_stop])
        yield from (_Run(i + left, j + right, 1) for left, right in common)


def _agreeing(one: Sequence[str], other: Sequence[str]) -> int:
    """How many tokens two lists begin with alike."""
    for number, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return number
    return min(len(one), len(other))


def _common_subsequence(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of places that make up a longest common subsequence, last pair first.

    Bit j of row i is 0 where the token j of `other` makes the subsequence with the first i tokens of `one`
    longer. Going back, a zero that is not yet there one row earlier was made by a match.
    """
    wanted = dict.fromkeys(one, 0)
    for j, token in enumerate(other):
        if token in wanted:
            wanted[token] |= 1 << j
    full = (1 << len(other)) - 1
    rows = [full]
    for token in one:
        hits = rows[-1] & wanted[token]
        rows.append((rows[-1] + hits | rows[-1] - hits) & full)
    pairs = []
    i, j = len(one), len(other) - 1
    while i and j >= 0:
        if rows[i] >> j & 1:
            j -= 1
        elif rows[i - 1] >> j & 1:
            pairs.append((i - 1, j))
            i, j = i - 1, j - 1
        else:
            i -= 1
    return pairs


def _joined(runs: Iterable[_Run]) -> list[_Run]:
    """Runs in ascending order, those that touch made one."""
    joined: list[_Run] = []
    for run in sorted(run for run in runs if run.size):
        last = joined[-1] if joined else None
        if last and (last.one_end, last.other_end) == (run.one, run.other):
            joined[-1] = last._replace(size=last.size + run.size)
        else:
            joined.append(run)
    return joined


# ---------------------------------------------------------------------------------- judging


def _slid(one: _Text, other: _Text, runs: list[_Run]) -> list[_Run]:
    """The runs, moved so that what stands between two is whole paragraphs, where that is possible.

    When `B A | C A` has become `B A`, the words do not tell whether `C A` was cut or `A C`; paragraphs do.
    """
    slid = [_Run(0, 0, 0), *runs, _whole(one, other)]
    for number in range(len(slid) - 1):
        before, after = slid[number], slid[number + 1]
        if (before.one_end == after.one) == (before.other_end == after.other):
            continue
        shift = _shift(one, other, before, after)
        slid[number] = before._replace(size=before.size + shift)
        slid[number + 1] = _Run(after.one + shift, after.other + shift, after.size - shift)
    return _joined(slid)


def _shift(one: _Text, other: _Text, before: _Run, after: _Run) -> int:
    """How far the gap between two runs can be moved to where both texts break; 0 when it cannot."""
    forward = _agreeing(
        one.tokens[before.one_end : after.one_end], other.tokens[before.other_end : after.other_end]
    )
    backward = _agreeing(
        one.tokens[before.one : after.one][::-1], other.tokens[before.other : after.other][::-1]
    )
    least, most = -min(backward, before.size), min(forward, after.size)
    for shift in sorted(range(least, most + 1), key=abs):
        if one.breaks(before.one_end + shift) and other.breaks(before.other_end + shift):
            return shift
    return 0


def _related(one: _Text, other: _Text, runs: list[_Run]) -> list[_Run]:
    """The runs that do not agree by chance, each within one paragraph on both sides."""
    pieces: dict[tuple[int, int], list[_Run]] = {}
    sure: set[tuple[int, int]] = set()
    for run in _without_islands(one, other, runs):
        for stretch in _stretches(one, other, run):
            for piece in stretch:
                pieces.setdefault(_pair(one, other, piece), []).append(piece)
            sure.update(_pair(one, other, piece) for piece in _sure(one, other, stretch))
    return sorted(
        piece
        for pair, found in pieces.items()
        if pair in sure or _alike(found, *sorted((one.size(pair[0]), other.size(pair[1]))))
        for piece in found
    )


def _pair(one: _Text, other: _Text, run: _Run) -> tuple[int, int]:
    return one.paragraph(run.one), other.paragraph(run.other)


def _without_islands(one: _Text, other: _Text, runs: list[_Run]) -> Iterator[_Run]:
    """The runs without a few words that agree in the midst of more words, of their paragraph, that differ."""
    last = _Run(0, 0, 0)
    for run, following in pairwise([*runs, _whole(one, other)]):
        before = max(
            run.one - max(last.one_end, one.head(run.one)),
            run.other - max(last.other_end, other.head(run.other)),
        )
        after = max(
            min(following.one, one.end(run.one_end - 1)) - run.one_end,
            min(following.other, other.end(run.other_end - 1)) - run.other_end,
        )
        if run.size >= min(ISLAND_WORDS, before, after):
            yield run
            last = run


def _stretches(one: _Text, other: _Text, run: _Run) -> Iterator[list[_Run]]:
    """A run in pieces that lie within one paragraph on both sides, grouped where both texts break at once."""
    stretch: list[_Run] = []
    while run.size:
        size = min(one.end(run.one) - run.one, other.end(run.other) - run.other, run.size)
        stretch.append(run._replace(size=size))
        run = _Run(run.one + size, run.other + size, run.size - size)
        if not run.size or (one.breaks(run.one) and other.breaks(run.other)):
            yield stretch
            stretch = []


def _sure(one: _Text, other: _Text, stretch: list[_Run]) -> list[_Run]:
    """The pieces of a stretch that agree because the texts only break differently.

    A piece in the midst is sure. One at an end is, if a paragraph ends there as well; else the end may be
    a word or two, such as the next paragraph's "The", that chance has added.
    """
    first, last = stretch[0], stretch[-1]
    needed = 1 if last.one_end - first.one >= ISLAND_WORDS else 2
    begins = one.breaks(first.one) + other.breaks(first.other) >= needed
    ends = one.breaks(last.one_end) + other.breaks(last.other_end) >= needed
    return stretch[0 if begins else 1 : len(stretch) if ends else -1]


def _alike(pieces: list[_Run], shorter: int, longer: int) -> bool:
    """Whether two paragraphs, of so many words, are one."""
    words, longest = sum(piece.size for piece in pieces), max(piece.size for piece in pieces)
    return (
        longest >= LONG_RUN_WORDS
        or words >= SHARE_OF_LONGER * longer
        or (longest >= ISLAND_WORDS and words >= SHARE_OF_SHORTER * shorter)
    )


def _moved(
    one: _Text, other: _Text, runs: list[_Run], one_places: Positions, other_places: Positions
) -> dict[tuple[int, int], list[_Run]]:
    """The paragraphs that stand alone on both sides and share anchors; most shared ones first, each once."""
    pairs = np.stack([_paragraphs(one, one_places), _paragraphs(other, other_places)], axis=1)
    taken = np.array([_pair(one, other, run) for run in runs], np.int64).reshape(-1, 2)
    alone = ~np.isin(pairs[:, 0], taken[:, 0]) & ~np.isin(pairs[:, 1], taken[:, 1])
    distinct, shared = np.unique(pairs[alone], axis=0, return_counts=True)
    moved: dict[tuple[int, int], list[_Run]] = {}
    left, right = set(range(one.paragraphs)), set(range(other.paragraphs))
    for i, j in distinct[np.argsort(-shared, kind="stable")][:MAX_MOVED].tolist():
        if i in left and j in right:
            ends = (_Run(one.heads[n], other.heads[m], 0) for n, m in ((i, j), (i + 1, j + 1)))
            found = _related(one, other, _joined(_between(one, other, *ends)))
            if found:
                moved[i, j] = found
                left.remove(i)
                right.remove(j)
    return moved


def _paragraphs(text: _Text, places: Positions) -> Positions:
    return np.searchsorted(text.heads, places, "right") - 1


# ---------------------------------------------------------------------------------- telling


class _Edit(NamedTuple):
    """What became of some tokens of the original (`one`) that stand for some of the copy (`other`)."""

    op: Op
    one: int
    one_end: int
    other: int
    other_end: int


@dataclass(frozen=True, slots=True)
class _Gap:
    """Tokens of one text that stand between two runs."""

    # Of the paragraph that the run before stands in; of the one that the run after stands in.
    tail: tuple[int, int]
    head: tuple[int, int]
    # The paragraphs between them, which have nothing in common with the other text at this place.
    paragraphs: range
    # Whether a paragraph ends within the gap or at one of its ends.
    breaks: bool


def _gap(text: _Text, start: int, stop: int) -> _Gap:
    first, last = bisect_left(text.heads, start), bisect_right(text.heads, stop) - 1
    if first > last:
        return _Gap((start, stop), (stop, stop), range(0), breaks=False)
    return _Gap((start, text.heads[first]), (text.heads[last], stop), range(first, last), breaks=True)


def _blocks(original: _Text, copy: _Text, alignment: _Alignment) -> Iterator[Block]:
    """The blocks; one ends where both texts end a paragraph, or where a paragraph of one alone stands."""
    moved_from = {i for i, _ in alignment.moved}
    moved_to = {j: _moved_block(original, copy, i, j, runs) for (i, j), runs in alignment.moved.items()}
    edits: list[_Edit] = []
    i = j = 0
    for run in [*alignment.runs, _whole(original, copy)]:
        gone, new = _gap(original, i, run.one), _gap(copy, j, run.other)
        if (gone.breaks and new.breaks) or gone.paragraphs or new.paragraphs:
            edits += _changed(gone.tail, new.tail)
            yield from _block(original, copy, edits)
            yield from (_alone(Kind.CUT, original, n) for n in gone.paragraphs if n not in moved_from)
            yield from (moved_to.get(n) or _alone(Kind.ADDED, copy, n) for n in new.paragraphs)
            edits = _changed(gone.head, new.head)
        else:
            edits += _changed((i, run.one), (j, run.other))
        i, j = run.one_end, run.other_end
        edits.append(_Edit(Op.KEEP, run.one, i, run.other, j))
    yield from _block(original, copy, edits)


def _changed(gone: tuple[int, int], new: tuple[int, int]) -> list[_Edit]:
    return [_Edit(Op.CUT, *gone, new[0], new[0]), _Edit(Op.ADD, gone[1], gone[1], *new)]


def _alone(kind: Kind, text: _Text, paragraph: int) -> Block:
    start, stop = text.heads[paragraph : paragraph + 2]
    spelt, words = text.spelt(start, stop), stop - start
    if kind == Kind.CUT:
        return Block(kind, (paragraph,), (), (Segment(Op.CUT, spelt, words),))
    return Block(kind, (), (paragraph,), (Segment(Op.ADD, spelt, words),))


def _moved_block(original: _Text, copy: _Text, source: int, target: int, runs: list[_Run]) -> Block:
    i, j = original.heads[source], copy.heads[target]
    edits: list[_Edit] = []
    for run in [*runs, _Run(original.end(i), copy.end(j), 0)]:
        edits += _changed((i, run.one), (j, run.other))
        i, j = run.one_end, run.other_end
        edits.append(_Edit(Op.KEEP, run.one, i, run.other, j))
    return Block(Kind.MOVED, (source,), (target,), _segments(original, copy, edits))


def _block(original: _Text, copy: _Text, edits: Iterable[_Edit]) -> Iterator[Block]:
    """The block that these edits make up; none when there are no words in them."""
    edits = _worded(edits)
    if edits:
        kind = Kind.KEPT if all(edit.op == Op.KEEP for edit in edits) else Kind.EDITED
        first, last = edits[0], edits[-1]
        originals = range(original.paragraph(first.one), original.paragraph(last.one_end - 1) + 1)
        copies = range(copy.paragraph(first.other), copy.paragraph(last.other_end - 1) + 1)
        yield Block(kind, tuple(originals), tuple(copies), _segments(original, copy, edits))


def _worded(edits: Iterable[_Edit]) -> list[_Edit]:
    return [edit for edit in edits if edit.one < edit.one_end or edit.other < edit.other_end]


def _segments(original: _Text, copy: _Text, edits: Iterable[_Edit]) -> tuple[Segment, ...]:
    segments = []
    for op, group in groupby(_worded(edits), key=lambda edit: edit.op):
        same = list(group)
        text, start, stop = copy, same[0].other, same[-1].other_end
        if op == Op.CUT:
            text, start, stop = original, same[0].one, same[-1].one_end
        segments.append(Segment(op, text.spelt(start, stop), stop - start))
    return tuple(segments)


# ---------------------------------------------------------------------------------- in one line


def _summarise(found: Changes) -> Iterator[str]:
    """The parts of the summary; none for the same text."""
    common = [place for place, block in enumerate(found.blocks) if block.originals and block.copies]
    if not common:
        yield from ["no text in common"] if found.blocks else []
        return
    opening, rest = found.blocks[: common[0]], found.blocks[common[0] :]
    middle, ending = rest[: common[-1] - common[0] + 1], rest[common[-1] - common[0] + 1 :]
    datelines = [block for block in (*opening, middle[0]) if _is_dateline(block)]
    if datelines:
        yield _about_dateline(datelines)
        opening = tuple(block for block in opening if not _is_dateline(block))
        middle = middle[1:] if _is_dateline(middle[0]) else middle
    cut = {i for block in (*opening, *middle, *ending) if block.kind == Kind.CUT for i in block.originals}
    if 0 in cut and _count(opening, Kind.ADDED):
        yield "new lead"
        opening, cut = (), cut - {0}
    short = middle[-1:] if _is_cut_short(middle, cut, found.original_paragraphs) else ()
    yield from _about_cut(cut, found.original_paragraphs, inside=bool(short))
    yield from _about_added(*(_count(blocks, Kind.ADDED) for blocks in (opening, middle, ending)))
    for kind in (Kind.EDITED, Kind.MOVED):
        number = _count(middle, kind) - _count(short, kind)
        if number:
            yield f"{number} {kind}"


def _count(blocks: Iterable[Block], kind: Kind) -> int:
    return sum(block.kind == kind for block in blocks)


def _is_dateline(block: Block) -> bool:
    """Whether nothing of a block was changed but what it begins with, and that looks like a dateline."""
    *opening, rest = block.segments
    if rest.op != Op.KEEP:
        opening.append(rest)
    return (
        bool(opening)
        and block.kind != Kind.MOVED
        and all(
            segment.op != Op.KEEP
            and len(segment.text) <= DATELINE_CHARACTERS
            and segment.text.endswith(DATELINE_ENDS)
            for segment in opening
        )
    )


def _about_dateline(blocks: Iterable[Block]) -> str:
    ops = {segment.op for block in blocks for segment in block.segments} - {Op.KEEP}
    if len(ops) == 2:
        return "other dateline"
    return "dateline added" if Op.ADD in ops else "dateline cut"


def _is_cut_short(middle: Sequence[Block], cut: set[int], paragraphs: int) -> bool:
    """Whether the copy breaks off within a paragraph, of which nothing else was changed."""
    whole = paragraphs - len(cut)
    return (
        bool(middle)
        and cut == set(range(whole, paragraphs))
        and middle[-1].originals[-1] == whole - 1
        and [segment.op for segment in middle[-1].segments] == [Op.KEEP, Op.CUT]
    )


def _about_cut(cut: set[int], paragraphs: int, *, inside: bool) -> Iterator[str]:
    whole = paragraphs - len(cut)
    if inside:
        yield f"cut inside paragraph {whole} of {paragraphs}"
    elif cut and cut == set(range(whole, paragraphs)):
        yield f"cut after paragraph {whole} of {paragraphs}"
    elif cut:
        which = f" ({numbered(cut)})" if len(_ranges(cut)) <= MAX_RANGES else ""
        yield f"cut {len(cut)} of {paragraphs} paragraphs{which}"


def _about_added(*counts: int) -> Iterator[str]:
    places = zip(counts, ("at the start", "in between", "at the end"), strict=True)
    named = [(number, place) for number, place in places if number]
    if len(named) == 1:
        yield f"added {named[0][0]} {named[0][1]}"
    elif named:
        yield f"added {sum(counts)} ({', '.join(f'{number} {place}' for number, place in named)})"
