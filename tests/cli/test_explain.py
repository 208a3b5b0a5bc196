"""`ingestd articles explain`"""

import pytest
import sqlalchemy as sa

from ingestd.dedupe.fingerprint import fingerprint
from ingestd.store.schema import cluster, event, member
from tests.cli.conftest import WIRES, CommandLine, Wires
from tests.dedupe.texts import body, weather
from tests.store.samples import MINUTE, NOW, count, settle

LATER = NOW + 60 * MINUTE


def test_a_copy_is_explained_by_the_texts_that_have_its_words(ingestd: CommandLine, wires: Wires) -> None:
    told = ingestd("articles", "explain", WIRES[1][0], "-c", wires.config)
    assert told.code == 0
    assert told.out == ingestd("articles", "explain", 2, "-c", wires.config).out
    head, _, steps = told.out.partition("\n\n")
    print_ = fingerprint("\n\n".join(WIRES[1][2]))
    sizes = f"{print_.token_count} tokens, {print_.shingle_count} shingles, {len(print_.anchors)} anchors"
    assert head.splitlines()[2:9] == [
        "outlet       morning.example",
        "text         147 words, from page, whole, own extractor",
        f"fingerprint  {sizes} ({print_.scheme})",
        "furniture    none of its anchors",
        "cluster      1: 3 articles, canonical 1",
        "role         excerpt",
        "overlap      99% / 70%: of it in the canonical / of the canonical in it",
    ]
    assert "decided      2026-11-22 12:01: like article 1: 99% of the shorter text" in head
    assert "came by      article 1" in head
    rows = [line.split() for line in steps.splitlines()]
    assert ["1", "1", "99%", "/", "70%", "one", "text"] in [row[:7] for row in rows]
    assert ["4", "2", "20%", "/", "18%", "not", "one", "text"] in [row[:8] for row in rows]


def test_a_refused_copy_is_explained_by_the_rule_that_refused_it(ingestd: CommandLine, wires: Wires) -> None:
    told = ingestd("articles", "explain", 4, "-c", wires.config, "--json").json()
    assert told["cluster"]["id"] == 2
    assert told["decision"]["reason"].startswith("nearest is article 2, but only 20% ")
    assert told["candidates"] == [{"cluster_id": 1, "anchors": 2, "looked_into": True}]
    closest = told["compared"][0]
    assert (closest["other_id"], closest["cluster_id"], closest["accepted"]) == (2, 1, False)
    assert closest["rule"] == "only 20% of the shorter text stands in the longer"
    assert closest["verdict"] == "not one text"
    assert {one["other_id"] for one in told["related"]} == {1, 2, 3}


def test_an_article_like_no_other_is_explained(ingestd: CommandLine, wires: Wires) -> None:
    with wires.database.writing(settling=True) as connection:
        settle(connection, "https://lone.example/", "Nobody else has written these words yet.", at=LATER)
    told = ingestd("articles", "explain", 7, "-c", wires.config).out
    assert "No other cluster has an anchor in common." in told
    assert "Compared with 0 texts" in told


def test_what_a_person_decided_is_told(ingestd: CommandLine, wires: Wires) -> None:
    ingestd("clusters", "split", 1, 2, "-c", wires.config)
    ingestd("clusters", "merge", 4, 2, "-c", wires.config)
    ingestd("clusters", "pin", 4, "--canonical", 2, "-c", wires.config)
    told = ingestd("articles", "explain", 2, "-c", wires.config)
    verdicts = {
        one["other_id"]: one["verdict"]
        for one in ingestd("articles", "explain", 2, "-c", wires.config, "--json").json()["compared"]
    }
    assert verdicts == {
        1: "one text; a person keeps them apart",
        3: "one text; a person keeps them apart",
        4: "not one text; a person keeps them together",
    }
    assert "canonical 2, chosen by a person" in told.out
    assert "pinned       since 2" in told.out
    ruled = next(line for line in told.out.splitlines() if line.startswith("ruled "))
    assert all(
        f"{kind} {number} (2" in ruled for kind, number in (("apart", 1), ("apart", 3), ("together", 4))
    )


def test_furniture_is_counted_by_kind(ingestd: CommandLine, wires: Wires) -> None:
    frame = (
        "Read the morning paper where the harbour wakes, every day but Sunday, for two crowns at the kiosk."
    )
    with wires.database.writing(settling=True) as connection:
        for number in range(4):
            text = body(weather(f"Port {number}", number, 20, 8, 9, "Monday"), frame * 3)
            settle(connection, f"https://framed.example/{number}", f"{number} {text}", at=LATER)
    told = ingestd("articles", "explain", 10, "-c", wires.config, "--json").json()
    furniture = told["furniture"]
    assert furniture["own_frame"] > 0
    assert furniture["own_frame"] + furniture["common"] <= told["fingerprint"]["anchors"]
    line = f"of many clusters, {furniture['own_frame']} of the outlet's own frame"
    assert line in ingestd("articles", "explain", 10, "-c", wires.config).out


def test_a_cluster_that_takes_no_more_articles_is_told(
    ingestd: CommandLine, wires: Wires, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingestd.dedupe.placing.MOST_ARTICLES", 3)
    assert (
        "has too many articles to take one more" in ingestd("articles", "explain", 4, "-c", wires.config).out
    )
    with wires.database.writing() as connection:
        connection.execute(cluster.update().values(indexed=None))
    closed = "closed       past the window, no new text joins it"
    assert closed in ingestd("articles", "explain", 4, "-c", wires.config).out


def test_explaining_changes_nothing(ingestd: CommandLine, wires: Wires) -> None:
    def state() -> list[object]:
        with wires.database.reading() as connection:
            return [connection.execute(sa.select(member)).all(), count(connection, event)]

    before = state()
    for number in range(1, 7):
        assert ingestd("articles", "explain", number, "-c", wires.config).code == 0
    assert state() == before


def test_an_unknown_article_is_an_error(ingestd: CommandLine, wires: Wires) -> None:
    for name in (99, "https://nowhere.example/", "no number"):
        assert ingestd("articles", "explain", name, "-c", wires.config).code == 1
