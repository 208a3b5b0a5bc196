"""`ingestd clusters`"""

from dataclasses import replace
from typing import Any

from ingestd.matching import matching
from ingestd.store import articles
from tests.cli.conftest import WIRES, Archive, CommandLine, Wires
from tests.store.samples import MINUTE, NOW, add_page, collected


def test_clusters_are_listed_with_their_size(ingestd: CommandLine, filled: Archive) -> None:
    rows = ingestd("clusters", "list", "-c", filled.config, "--json").json()
    assert sorted(row["size"] for row in rows) == sorted(len(w.urls) for w in filled.web.wire_texts.values())
    assert f"{len(rows)} clusters" in ingestd("clusters", "list", "-c", filled.config).out
    assert ingestd("clusters", "list", "--size", 99, "-c", filled.config, "--json").json() == []
    assert ingestd("clusters", "list", "--since", "2126-01-01", "-c", filled.config, "--json").json() == []


def test_a_cluster_shows_who_carried_the_text_and_how_similar_each_copy_is(
    ingestd: CommandLine, filled: Archive
) -> None:
    cluster_id = ingestd("clusters", "list", "-c", filled.config, "--json").json()[0]["id"]
    members = ingestd("clusters", "show", cluster_id, "-c", filled.config, "--json").json()["members"]
    table = ingestd("clusters", "show", cluster_id, "-c", filled.config).out
    assert [member["role"] for member in members].count("canonical") == 1
    assert all(member["url"] in table for member in members)
    assert "%" in table


def test_the_head_tells_the_agency_and_where_it_was_read_the_canonical_and_the_times(
    ingestd: CommandLine, wires: Wires
) -> None:
    head, _, _ = ingestd("clusters", "show", 1, "-c", wires.config).out.partition("\n\n")
    assert head.splitlines() == [
        "Ministers speak by telephone",
        "cluster    1: 3 articles of 3 outlets",
        "agency     AFP, named by 1 of 3 (byline of article 1: 'AFP')",
        "canonical  1, agency.example",
        "first      2026-11-22 12:00, agency.example",
        "last       2026-11-22 12:02, evening.example",
    ]


def test_each_article_has_its_role_its_overlap_both_ways_and_what_it_changed(
    ingestd: CommandLine, wires: Wires
) -> None:
    shown = ingestd("clusters", "show", 1, "-c", wires.config).out
    rows = [line.split() for line in shown.splitlines() if line[:3] in ("  1", "  2", "  3")]
    assert [row[0] for row in rows] == ["1", "2", "3"]
    assert [row[3] for row in rows] == ["canonical", "excerpt", "copy"]
    assert rows[1][4:8] == ["99%", "/", "70%", "147"]
    assert rows[0][6:8] == ["AFP", "(byline)"]
    assert "       against 1: dateline added, cut after paragraph 5 of 7\n" in shown
    assert "       against 1: added 2 (1 at the start, 1 at the end)\n" in shown


def test_articles_stand_in_the_order_in_which_they_appeared_whenever_they_were_seen(
    ingestd: CommandLine, wires: Wires
) -> None:
    url, body = "https://early.example/talks", "\n\n".join(WIRES[0][2])
    with wires.database.writing(settling=True) as connection:
        late = collected(add_page(connection, url), url, body, at=NOW + MINUTE)
        early = replace(late.article, published_at=NOW - MINUTE)
        articles.settle(connection, replace(late, article=early), matching())
    members = ingestd("clusters", "show", 1, "-c", wires.config, "--json").json()["members"]
    assert [(member["id"], member["role"]) for member in members][:2] == [(7, "canonical"), (1, "copy")]


def test_changes_are_shown_of_every_copy_or_of_one(ingestd: CommandLine, wires: Wires) -> None:
    every = ingestd("clusters", "show", 1, "--changes", "-c", wires.config).out
    one = ingestd("clusters", "show", 1, "--changes", WIRES[1][0], "-c", wires.config).out
    assert "         ~ 1: {+VALMORA (AFP) -+} The harbour minister of...\n" in every
    assert "         + Our own first lines.\n" in every
    assert "{+VALMORA (AFP) -+}" in one
    assert "Our own first lines." not in one
    assert ingestd("clusters", "show", 1, 2, "-c", wires.config).out == one
    for stranger, message in ((1, "is the canonical"), (4, "is not in cluster 1"), (99, "no article 99")):
        result = ingestd("clusters", "show", 1, stranger, "-c", wires.config)
        assert (result.code, result.out) == (1, "")
        assert message in result.err


def test_clusters_with_a_part_in_common_are_told_once_each(ingestd: CommandLine, wires: Wires) -> None:
    _, _, related = ingestd("clusters", "show", 1, "-c", wires.config).out.partition("\nRelated: ")
    assert [line.split()[:2] for line in related.splitlines()[3:] if line] == [["2", "4"]]
    assert "Related" not in ingestd("clusters", "show", 3, "-c", wires.config).out


def test_for_programs_there_is_everything_but_the_texts(ingestd: CommandLine, wires: Wires) -> None:
    shown = ingestd("clusters", "show", 1, "-c", wires.config, "--json").json()
    canonical, excerpt, copy = shown["members"]
    assert (shown["id"], shown["asked"], shown["canonical_id"]) == (1, 1, 1)
    assert canonical["changes"] is None
    assert copy["changes"]["words_added"] == 6
    assert excerpt["changes"] == {
        "summary": "dateline added, cut after paragraph 5 of 7",
        "words_kept": 146,
        "words_cut": 61,
        "words_added": 2,
        "paragraphs": {"edited": 1, "kept": 4, "cut": 2},
        "limited": False,
    }
    assert {pair["cluster_id"] for pair in shown["related"]} == {2}
    assert not any("body" in one or "lead" in one for one in shown["members"])


def test_for_programs_changes_can_be_had_word_by_word(ingestd: CommandLine, wires: Wires) -> None:
    every = ingestd("clusters", "show", 1, "--changes", "--json", "-c", wires.config).json()["members"]
    (one,) = ingestd("clusters", "show", 1, 2, "--json", "-c", wires.config).json()["members"]
    assert every[1] == one
    first = one["changes"]["blocks"][0]
    assert (first["kind"], first["originals"], first["copies"]) == ("edited", [0], [0])
    assert first["segments"][0] == {"op": "add", "text": "VALMORA (AFP) -", "words": 2}


def test_an_unknown_cluster_is_an_error(ingestd: CommandLine, filled: Archive) -> None:
    assert ingestd("clusters", "show", 9999, "-c", filled.config).code == 1
    assert ingestd("clusters", "show", 10**30, "-c", filled.config).code == 2
    assert ingestd("clusters", "list", "--size", 10**30, "-c", filled.config).code == 2


def test_a_cluster_of_which_all_was_forgotten_says_so(ingestd: CommandLine, wires: Wires) -> None:
    ingestd("forget", WIRES[3][0], "-c", wires.config)
    for command in (("show",), ("pin",), ("merge", 1)):
        name, *others = command
        result = ingestd("clusters", name, 2, *others, "-c", wires.config)
        assert (result.code, result.out) == (1, "")
        assert "all of them were forgotten" in result.err


# ------------------------------------------------------------------------------- corrections


def inside(ingestd: CommandLine, wires: Wires, cluster_id: int) -> dict[int, str]:
    """The articles of a cluster, with their roles."""
    shown = ingestd("clusters", "show", cluster_id, "-c", wires.config, "--json").json()
    return {member["id"]: member["role"] for member in shown["members"]}


def test_split_gives_articles_a_cluster_of_their_own_and_says_what_is_where(
    ingestd: CommandLine, wires: Wires
) -> None:
    result = ingestd("clusters", "split", 1, WIRES[1][0], "-c", wires.config)
    assert result.code == 0
    assert [line for line in result.out.splitlines() if line.startswith("Cluster")] == [
        "Cluster 1: 2 articles",
        "Cluster 4: 1 article",
    ]
    assert inside(ingestd, wires, 1) == {1: "canonical", 3: "copy"}
    assert inside(ingestd, wires, 4) == {2: "canonical"}


def test_merge_makes_one_cluster_and_the_other_number_means_it_from_then_on(
    ingestd: CommandLine, wires: Wires
) -> None:
    result = ingestd("clusters", "merge", 2, 1, 3, "-c", wires.config)
    assert result.out.startswith("Cluster 2: 6 articles\n")
    assert len(inside(ingestd, wires, 2)) == 6
    ended = ingestd("clusters", "show", 1, "-c", wires.config).out
    assert ended.startswith("Cluster 1 has ended; its articles are in cluster 2.\n\n")
    shown = ingestd("clusters", "show", 3, "-c", wires.config, "--json").json()
    assert (shown["asked"], shown["id"]) == (3, 2)


def test_pin_chooses_the_canonical_and_unpin_lets_it_go(ingestd: CommandLine, wires: Wires) -> None:
    pinned = ingestd("clusters", "pin", 1, "--canonical", 3, "-c", wires.config)
    assert pinned.out.startswith("Cluster 1: 3 articles, pinned, its canonical chosen\n")
    assert inside(ingestd, wires, 1) == {1: "copy", 2: "excerpt", 3: "canonical"}
    shown = ingestd("clusters", "show", 1, "-c", wires.config).out
    assert "\ncanonical  3, evening.example, chosen by a person\n" in shown
    assert "\npinned     2" in shown
    assert ingestd("clusters", "unpin", 1, "-c", wires.config).out.startswith("Cluster 1: 3 articles\n")
    assert inside(ingestd, wires, 1) == {1: "canonical", 2: "excerpt", 3: "copy"}
    assert ingestd("clusters", "pin", 1, "-c", wires.config).out.startswith("Cluster 1: 3 articles, pinned\n")


REFUSED: tuple[tuple[tuple[Any, ...], int], ...] = (
    (("split", 1, 4), 1),
    (("split", 1, 1, 2, 3), 1),
    (("split", 1, 99), 1),
    (("split", 1, "no number"), 1),
    (("split", 99, 1), 1),
    (("split", 1), 2),
    (("merge", 1, 1), 1),
    (("merge", 1, 99), 1),
    (("merge", 1), 2),
    (("pin", 1, "--canonical", 4), 1),
    (("pin", "all"), 2),
    (("unpin", 99), 1),
)


def test_a_correction_that_cannot_be_made_changes_nothing(ingestd: CommandLine, wires: Wires) -> None:
    before = [inside(ingestd, wires, cluster_id) for cluster_id in (1, 2, 3)]
    for arguments, code in REFUSED:
        result = ingestd("clusters", *arguments, "-c", wires.config)
        assert (result.code, result.out) == (code, ""), arguments
        assert code == 2 or result.err.count("\n") == 1
    assert [inside(ingestd, wires, cluster_id) for cluster_id in (1, 2, 3)] == before
