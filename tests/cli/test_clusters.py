"""`ingestd clusters`"""

from tests.cli.conftest import Archive, CommandLine


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


def test_an_unknown_cluster_is_an_error(ingestd: CommandLine, filled: Archive) -> None:
    assert ingestd("clusters", "show", 9999, "-c", filled.config).code == 1
    assert ingestd("clusters", "show", 10**30, "-c", filled.config).code == 2
    assert ingestd("clusters", "list", "--size", 10**30, "-c", filled.config).code == 2
