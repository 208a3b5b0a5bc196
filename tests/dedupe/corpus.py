"""Copies such as outlets make of wire texts, and texts that only look like copies: made up, seeded, labelled.

    stories    twelve, in nine languages, each printed by many outlets, of which each did something to it
    forms      ten, each filled a dozen times: every filling is a text of its own
    live blogs four, of eight pages each; a page has most of the posts of the one before
    statements articles of their own around the same long quotation

What is here is neither what the rules were tuned on nor how well they do on real news; it is here to show
when a change makes them worse.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from .corpus_texts import FORMS, FURNITURE, LOCAL, POSTS, STORIES, TOWNS_AND_DAYS

FILLINGS = 12
PAGES = 8
# Of each live blog: how many posts its pages have, and how many of them are new on each.
LIVE_BLOGS = ((8, 2), (12, 2), (16, 1), (24, 1))
# Outlets whose furniture stands on all their pages.
FRAMED = ("courier.example", "kreisbote.example", "canton.example")

Paragraphs = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A text as an outlet printed it."""

    text: str
    title: str
    source: str
    # Seconds since 1970.
    time: float
    # Documents with one label are one text.
    label: str
    # What was done to the text, or what it is an example of.
    kind: str

    def as_input(self) -> dict[str, object]:
        """As an index takes it."""
        return {"text": self.text, "title": self.title, "source": self.source, "time": self.time}


def documents(seed: int = 1) -> list[Document]:
    """All documents, always the same for one seed, in the order of their times."""
    chance = Random(seed)
    found = [*_copies(chance), *_fillings(chance), *_live_blogs(chance), *_around_statements(chance)]
    return sorted(found, key=lambda document: document.time)


def score(labels: Sequence[int], truth: Sequence[Document]) -> tuple[float, float]:
    """Precision and recall over all pairs of documents."""
    found = _pairs([str(label) for label in labels])
    true = _pairs([document.label for document in truth])
    return len(found & true) / max(1, len(found)), len(found & true) / max(1, len(true))


def f1(labels: Sequence[int], truth: Sequence[Document]) -> float:
    precision, recall = score(labels, truth)
    return 2 * precision * recall / max(1e-9, precision + recall)


def _pairs(labels: Sequence[str]) -> set[tuple[int, int]]:
    members: dict[str, list[int]] = {}
    for number, label in enumerate(labels):
        members.setdefault(label, []).append(number)
    return {(one, other) for some in members.values() for one in some for other in some if one < other}


# -------------------------------------------------------------------------------- copies


@dataclass(frozen=True, slots=True)
class _Story:
    """A story that is being altered."""

    language: str
    paragraphs: Paragraphs
    chance: Random

    @property
    def unspaced(self) -> bool:
        return self.language == "zh"

    def cut(self, share: float) -> Paragraphs:
        """The first so much of it, in whole sentences where there is enough."""
        limit = share * sum(map(len, self.paragraphs))
        kept: list[str] = []
        for paragraph in self.paragraphs:
            for sentence in re.split(r"(?<=[.。])\s*(?=\S)", paragraph):
                if sum(map(len, kept)) + len(sentence) / 2 > limit and kept:
                    return tuple(kept)
                kept.append(sentence)
        return tuple(kept)


def _edited(story: _Story) -> Paragraphs:
    """Here and there a word is left out or said twice, some five in a long paragraph."""
    return tuple(_edit(paragraph, story) for paragraph in story.paragraphs)


def _edit(paragraph: str, story: _Story) -> str:
    if story.unspaced and len(paragraph) > 20:
        place = story.chance.randrange(10, len(paragraph) - 10)
        return paragraph[:place] + paragraph[place + 1 :]
    words = paragraph.split()
    for _ in range(len(words) // 15):
        place = story.chance.randrange(1, len(words))
        words[place : place + 1] = [] if story.chance.random() < 0.5 else [words[place], words[place - 1]]
    return " ".join(words)


def _straight(story: _Story) -> Paragraphs:
    typography = str.maketrans("“”„«»’–—", '"""""\'--')
    return tuple(paragraph.translate(typography) for paragraph in story.paragraphs)


def _dateline(story: _Story) -> Paragraphs:
    lead, *rest = story.paragraphs
    return f"{LOCAL[story.language][2]} {lead}", *rest


def _local_lead(story: _Story) -> Paragraphs:
    return LOCAL[story.language][0], *story.paragraphs[1:]


def _inserted(story: _Story) -> Paragraphs:
    place = story.chance.randrange(1, len(story.paragraphs))
    return *story.paragraphs[:place], LOCAL[story.language][1], *story.paragraphs[place:]


def _reflowed(story: _Story) -> Paragraphs:
    sentences = re.split(r"(?<=[.。])\s*(?=\S)", " ".join(story.paragraphs))
    return tuple(" ".join(sentences[place : place + 3]) for place in range(0, len(sentences), 3))


def _updated(story: _Story) -> Paragraphs:
    """The figures have risen."""
    raised = (re.sub(r"\b\d{1,3}\b", lambda found: str(int(found[0]) + 2), one) for one in story.paragraphs)
    return tuple(raised)


def _mixed(story: _Story) -> Paragraphs:
    kept = _Story(story.language, _straight(story)[:-1], story.chance)
    return _dateline(_Story(story.language, _edited(kept), story.chance))


def _half_own(story: _Story) -> Paragraphs:
    """Less than half of it, with as much of the outlet's own around it."""
    lead, end, _ = LOCAL[story.language]
    return lead, *_edited(_Story(story.language, story.cut(0.4), story.chance)), end


def _own_ending(story: _Story) -> Paragraphs:
    """The lead of the wire text, then the outlet's own."""
    own, more, _ = LOCAL[story.language]
    return story.paragraphs[0], own, more


OPERATIONS: dict[str, Callable[[_Story], Paragraphs]] = {
    "exact": lambda story: story.paragraphs,
    "cut to 75 %": lambda story: story.cut(0.75),
    "cut to 50 %": lambda story: story.cut(0.5),
    "cut to 25 %": lambda story: story.cut(0.25),
    "brief of the lead": lambda story: story.paragraphs[:1],
    "light edits": _edited,
    "straight quotes": _straight,
    "dateline": _dateline,
    "local lead": _local_lead,
    "inserted paragraph": _inserted,
    "reflow": _reflowed,
    "update of figures": _updated,
    "dateline, cut and edits": _mixed,
    "half of it own": _half_own,
    "own ending": _own_ending,
}


def _copies(chance: Random) -> list[Document]:
    found = []
    for number, (name, (title, *paragraphs)) in enumerate(STORIES.items()):
        story = _Story(name.split()[0], tuple(paragraphs), chance)
        begin = chance.uniform(0, 30 * 86_400)
        found.append(Document(_body(story.paragraphs), title, "wire.example", begin, name, "original"))
        for place, (kind, operation) in enumerate(OPERATIONS.items()):
            source = f"outlet-{(number + place * 5) % 23}.example"
            time = begin + chance.uniform(60, 3 * 86_400)
            found.append(Document(_body(operation(story)), title, source, time, name, kind))
        framed = FRAMED[number % len(FRAMED)]
        text = _framed(_body(story.cut(chance.choice([0.5, 1.0]))), framed)
        found.append(Document(text, title, framed, begin + chance.uniform(60, 86_400), name, "furniture"))
    return found


def _framed(text: str, source: str) -> str:
    before, after = FURNITURE[FRAMED.index(source)]
    return _body((before, text, after))


def _body(paragraphs: Sequence[str]) -> str:
    return "\n\n".join(paragraphs)


# -------------------------------------------------------------------------------- no copies


def _fillings(chance: Random) -> list[Document]:
    found = []
    for name, (form, *values) in FORMS.items():
        language = name.split()[0]
        towns, days = (some.split() for some in TOWNS_AND_DAYS[language])
        order = chance.sample(towns, len(towns))
        for number in range(FILLINGS):
            choices = [order[number % len(order)], chance.choice(days)]
            choices += [chance.choice(some.split("|")) for some in values]
            text = re.sub(r"\{n\}", lambda _: str(chance.randrange(10, 99)), form)
            for place, value in enumerate(choices):
                text = text.replace(f"{{{place}}}", value)
            # A group of papers fills its forms for several towns.
            source = f"{language}-paper-{number % 4}.example"
            time = chance.uniform(0, 30 * 86_400)
            found.append(Document(text, choices[0], source, time, f"{name} {number}", "form"))
    return found


def _live_blogs(chance: Random) -> list[Document]:
    found = []
    for number, (count, new) in enumerate(LIVE_BLOGS):
        language = ("en", "de")[number % 2]
        posts = [_post(language, chance) for _ in range(count + new * (PAGES - 1))]
        begin = chance.uniform(0, 30 * 86_400)
        for page in range(PAGES):
            text = _body(posts[page * new : page * new + count][::-1])
            source, label = f"live-{number}.example", f"live blog {number}.{page}"
            found.append(Document(text, "As it happens", source, begin + page * 3600, label, "live blog"))
    return found


def _post(language: str, chance: Random) -> str:
    parts = [[*some.split("|")] for some in POSTS[language]]
    sentences = (" ".join(chance.choice(some) for some in parts) for _ in range(3))
    clock = f"{chance.randrange(6, 23)}:{chance.randrange(10, 60)}"
    return " ".join([clock, *(f"{sentence[0].upper()}{sentence[1:]}." for sentence in sentences)])


def _around_statements(chance: Random) -> list[Document]:
    """Articles that share one long paragraph of each of some stories, and nothing else."""
    found = []
    spaced = {name: story for name, story in STORIES.items() if name.split()[0] in POSTS}
    for name, (title, *paragraphs) in spaced.items():
        language = name.split()[0]
        for number in range(3):
            own = [_post(language, chance) for _ in range(7)]
            text = _body((*own[:4], paragraphs[2], *own[4:]))
            source, time = f"review-{number}.example", chance.uniform(0, 30 * 86_400)
            found.append(Document(text, title, source, time, f"about {name} {number}", "statement"))
    return found
