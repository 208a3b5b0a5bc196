"""Named pages made to hurt come out as an article or a verdict, within a worker's deadline and memory."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from ingestd.clean import Hints, clean_page
from ingestd.clean.decode import decode
from ingestd.workers import Settings, Workers

from .hostile import FILLS, JSON_KEYS, PLACES, SIZED, STORY_HTML, Sized, filled, filled_json, page
from .invariants import examined, problems_of
from .pages import NEIGHBOURS, STORY, TEASERS
from .writings import MISLABELLED, WRITINGS, Mislabelled, Writing, page_of

URL = "https://www.harbourpost.example/2024/07/13/boats-of-orrin.html"
# Pages that are large but not deep are tried at this share of their size, of ten megabytes;
# `python -m tests.clean.fuzz --hostile` takes them whole.
SHARE = 0.1
FILL_LENGTH = 20_000


def survive(name: str, size: int) -> tuple[str, ...]:
    """What is wrong with the article of a page of that size; runs in a worker."""
    kind = next(one for one in SIZED if one.name == name)
    article = clean_page(kind.make(size).encode(), URL)
    problems = tuple(problems_of(article))
    if kind.keeps_story and not set(STORY.paragraphs) <= {article.lead, *article.paragraphs}:
        return (*problems, f"the story is gone: {article.verdict or article.extractor}")
    return problems


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def workers() -> AsyncIterator[Workers]:
    async with Workers(Settings()) as started:
        yield started


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("kind", SIZED, ids=lambda kind: kind.name)
async def test_it_is_survived(kind: Sized, workers: Workers) -> None:
    size = kind.size if kind.deep else int(kind.size * SHARE)
    assert await workers.run(survive, kind.name, size) == ()


@pytest.mark.parametrize("place", PLACES)
def test_a_long_senseless_value_harms_nothing(place: str) -> None:
    for fill in FILLS:
        article = clean_page(filled(place, fill, FILL_LENGTH), URL)
        assert list(problems_of(article)) == [], fill


@pytest.mark.parametrize("key", JSON_KEYS)
def test_a_long_senseless_value_in_json_ld_harms_nothing(key: str) -> None:
    for fill in FILLS:
        article = clean_page(filled_json(key, fill, FILL_LENGTH), URL)
        assert list(problems_of(article)) == [], fill


def test_scripts_are_no_text() -> None:
    code = "document.write('<p>The boats are late and the harbour waits.</p>'); if (a < b) { c(); }"
    traps = (
        f"<script>{code}</script>",
        f"<script type='text/template'><p>{code}</p></script>",
        f"<noscript><img src='x'><p>{code}</p></noscript>",
        f"<template><p>{code}</p></template>",
        f"<style>p::after {{ content: '{code}' }}</style>",
        f"<textarea>{code}</textarea>",
        f"<svg><text>{code}</text></svg>",
        f"<!-- {code} -->",
        f"<p hidden><script>{code}</script></p>",
    )
    for trap in traps:
        article = examined(page(f"<article>{STORY_HTML}{trap}</article>"), URL)
        assert article.paragraphs == STORY.paragraphs, trap


class TestWritings:
    @pytest.mark.parametrize("writing", WRITINGS, ids=lambda writing: writing.language)
    def test_every_paragraph_comes_out_as_it_was_written(self, writing: Writing) -> None:
        article = examined(page_of(writing).encode(), URL)
        assert article.paragraphs == writing.paragraphs
        assert article.title == writing.title

    @pytest.mark.parametrize("writing", WRITINGS, ids=lambda writing: writing.language)
    def test_teasers_in_the_same_script_stay_outside(self, writing: Writing) -> None:
        teaser = writing.paragraphs[0][:40]
        foreign = page_of(writing)
        for title in (*NEIGHBOURS, *(title for title, _, _ in TEASERS)):
            foreign = foreign.replace(title, teaser)
        assert examined(foreign, URL).paragraphs == writing.paragraphs

    @pytest.mark.parametrize("sample", MISLABELLED, ids=lambda sample: sample.name)
    def test_a_mislabelled_page_is_read_as_it_was_meant(self, sample: Mislabelled) -> None:
        hints = Hints(headers={"content-type": sample.content_type})
        assert examined(sample.body, URL, hints).paragraphs == sample.writing.paragraphs

    def test_characters_that_are_no_text_go_also_where_they_are_written_as_references(self) -> None:
        strange = "&#1;&#x1F;&#127;&#65534;&#xFDD0;&#0;&#xD800;\x01\ufffe"
        body = page(f"<article>{STORY_HTML.replace('the', f'the{strange}')}</article>")
        article = examined(body, URL)
        assert "\ufffe" not in article.text
        assert [text.replace("\ufffd", "") for text in article.paragraphs] == list(STORY.paragraphs)

    def test_bytes_cut_within_a_character_cost_that_character(self) -> None:
        body = "<p>Die Möwen von Orrin fliegen für 3 € über die Mole, größer als früher</p>".encode()
        assert decode(body + "ü".encode()[:1], {}).startswith(body.decode())


def test_a_page_that_breaks_off_anywhere_gives_what_came() -> None:
    whole = page(f"<article>{STORY_HTML}</article>")
    for end in range(0, len(whole), 97):
        examined(whole[:end], URL, replace(Hints(), title=STORY.title))


async def test_a_hostile_page_and_others_side_by_side_harm_each_other_in_nothing() -> None:
    """A page past the memory cap costs itself; the pages before and after it are read."""
    async with Workers(Settings(count=1, memory_bytes=150_000_000)) as workers:
        outcomes = await asyncio.gather(
            *(
                workers.run(survive, name, size)
                for name, size in (("breaks", 10), ("small paragraphs", 300_000), ("breaks", 20))
            ),
            return_exceptions=True,
        )
    assert [isinstance(outcome, Exception) for outcome in outcomes] == [False, True, False]
