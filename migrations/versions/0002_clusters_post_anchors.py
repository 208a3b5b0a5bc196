"""Postings belong to clusters; clusters join, split and are pinned; articles are related.

Only adds columns, so nothing is copied however large the archive is. The anchors of articles are dropped: the
clusters' postings are made from the texts by `ingestd reindex`, or by the daemon meanwhile.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

LIVES = sa.text("size > 0")

# The views as they are from here on; those that are not named stay as they were.
VIEWS = {
    "v_cluster": """
        SELECT c.id AS cluster_id, c.size, c.canonical_id AS canonical_article_id, r.title,
               COALESCE(r.agency, (SELECT min(named.agency) FROM member m
                                   JOIN article carrier ON carrier.id = m.article_id
                                   JOIN revision named ON named.article_id = carrier.id
                                        AND named.number = carrier.revision
                                   WHERE m.cluster_id = c.id)) AS agency,
               r.language, c.created_at, c.active_at, c.pinned_at
        FROM cluster c
        JOIN article a ON a.id = c.canonical_id
        JOIN revision r ON r.article_id = a.id AND r.number = a.revision""",
    "v_copy": """
        SELECT m.cluster_id, m.article_id, a.url, a.site, r.title, r.agency, m.role, m.containment,
               m.containment_reverse, m.jaccard, m.matched_id AS matched_article_id, m.reason,
               r.published_at, a.first_seen_at, r.word_count, r.agency_evidence
        FROM member m
        JOIN article a ON a.id = m.article_id
        JOIN revision r ON r.article_id = a.id AND r.number = a.revision""",
    "v_related": """
        SELECT one.cluster_id, pair.article_id, other.cluster_id AS other_cluster_id,
               pair.other_id AS other_article_id, pair.containment, pair.containment_reverse, pair.rule
        FROM (SELECT article_id, other_id, containment, containment_reverse, rule FROM related
              UNION ALL
              SELECT back.other_id, back.article_id, back.containment_reverse, back.containment, back.rule
              FROM related back
              WHERE NOT EXISTS (SELECT 1 FROM related forth
                                WHERE forth.article_id = back.other_id
                                AND forth.other_id = back.article_id)) pair
        JOIN member one ON one.article_id = pair.article_id
        JOIN member other ON other.article_id = pair.other_id
        WHERE one.cluster_id <> other.cluster_id""",
    "v_sighting": """
        SELECT p.article_id, e.id AS entry_id, f.key AS feed, e.url, e.title, e.published_at,
               e.first_seen_at, e.last_seen_at,
               e.last_seen_at < (SELECT max(o.last_seen_at) FROM entry o WHERE o.feed_id = e.feed_id)
               AS has_left
        FROM entry e
        JOIN feed f ON f.id = e.feed_id
        JOIN page p ON p.id = e.page_id
        WHERE p.article_id IS NOT NULL""",
}
FORMER_VIEWS = {
    "v_cluster": """
        SELECT c.id AS cluster_id, c.size, c.canonical_id AS canonical_article_id, r.title,
               COALESCE(r.agency, (SELECT min(named.agency) FROM member m
                                   JOIN article carrier ON carrier.id = m.article_id
                                   JOIN revision named ON named.article_id = carrier.id
                                        AND named.number = carrier.revision
                                   WHERE m.cluster_id = c.id)) AS agency,
               r.language, c.created_at, c.active_at
        FROM cluster c
        JOIN article a ON a.id = c.canonical_id
        JOIN revision r ON r.article_id = a.id AND r.number = a.revision""",
    "v_copy": """
        SELECT m.cluster_id, m.article_id, a.url, a.site, r.title, r.agency, m.role, m.containment,
               m.containment_reverse, m.jaccard, m.matched_id AS matched_article_id, m.reason,
               r.published_at, a.first_seen_at, r.word_count
        FROM member m
        JOIN article a ON a.id = m.article_id
        JOIN revision r ON r.article_id = a.id AND r.number = a.revision""",
    "v_sighting": """
        SELECT p.article_id, e.id AS entry_id, f.key AS feed, e.url, e.title, e.published_at,
               e.first_seen_at, e.last_seen_at
        FROM entry e
        JOIN feed f ON f.id = e.feed_id
        JOIN page p ON p.id = e.page_id
        WHERE p.article_id IS NOT NULL""",
}

# (table, column): comment now, comment before.
COMMENTS = {
    ("cluster", "canonical_id"): (
        "Article that represents it; NULL = it ended",
        "Article that represents it; NULL = all forgotten",
    ),
    ("cluster", "size"): ("Articles in it; 0 = it ended", "Articles in it"),
    ("cluster", "created_at"): (
        "When its first article was put into it",
        "When its first article was stored",
    ),
    ("member", "role"): (
        "canonical | copy | excerpt | expanded | update, beside the canonical",
        "canonical | copy | excerpt | expanded, against `matched_id`",
    ),
    ("member", "matched_id"): (
        "Article by which it came there; NULL = it was first",
        "Article it was verified against; NULL = first",
    ),
    ("member", "containment"): (
        "Share of it found in the canonical; NULL = it is that",
        "Share of it found in the matched text; NULL = first",
    ),
    ("member", "containment_reverse"): (
        "Share of the canonical found in it",
        "Share of the matched text found in it",
    ),
    ("member", "jaccard"): (
        "Shown, never decides; NULL = it is the canonical",
        "Shown, never decides; NULL = first",
    ),
}


def upgrade() -> None:
    drop_views("v_copy", "v_cluster", "v_sighting")
    op.drop_table("anchor")
    make_tables()
    add_columns()
    op.create_index(
        "ix_cluster_indexed_active_at",
        "cluster",
        ["indexed", "active_at"],
        sqlite_where=LIVES,
        postgresql_where=LIVES,
    )
    # Copies were described beside the text they matched, which may be another than the canonical; they are
    # described anew when their cluster next changes.
    op.execute(
        "UPDATE article SET appeared_at = ("
        " SELECT r.published_at FROM revision r WHERE r.article_id = article.id AND r.number = 1"
        " AND r.published_at <= article.first_seen_at)"
    )
    set_comments(0)
    make_views(VIEWS)


def downgrade() -> None:
    drop_views("v_related", "v_copy", "v_cluster", "v_sighting")
    op.drop_index("ix_cluster_indexed_active_at", "cluster")
    op.execute("DELETE FROM cluster WHERE size = 0")
    op.drop_column("member", "masked")
    for column in ("indexed", "canonical_pinned_at", "pinned_at", "successor_id"):
        op.drop_column("cluster", column)
    for column in ("from_agency", "appeared_at"):
        op.drop_column("article", column)
    for table in ("ruling", "related", "posting"):
        op.drop_table(table)
    make_anchors()
    set_comments(1)
    make_views(FORMER_VIEWS)


def make_tables() -> None:
    op.create_table(
        "posting",
        sa.Column(
            "hash",
            sa.Integer(),
            nullable=False,
            autoincrement=False,
            comment="Anchor: a sampled shingle, signed 32-bit",
        ),
        sa.Column(
            "cluster_id",
            sa.BigInteger(),
            nullable=False,
            autoincrement=False,
            comment="An article of it has the anchor",
        ),
        sa.Column(
            "scheme",
            sa.SmallInteger(),
            nullable=False,
            comment="Number of the method in `postings.SCHEMES`",
        ),
        sa.PrimaryKeyConstraint("hash", "cluster_id", name="pk_posting"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "related",
        sa.Column("article_id", sa.BigInteger(), nullable=False, comment="One"),
        sa.Column(
            "other_id",
            sa.BigInteger(),
            nullable=False,
            comment="Another, of another cluster then, that has a part of the same text",
        ),
        sa.Column("containment", sa.Float(), nullable=False, comment="Share of the one found in the other"),
        sa.Column(
            "containment_reverse", sa.Float(), nullable=False, comment="Share of the other found in the one"
        ),
        sa.Column("rule", sa.Text(), nullable=False, comment="Why the two are not one text, with figures"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_related_article_id"),
        sa.ForeignKeyConstraint(["other_id"], ["article.id"], name="fk_related_other_id"),
        sa.PrimaryKeyConstraint("article_id", "other_id", name="pk_related"),
    )
    op.create_index("ix_related_other_id", "related", ["other_id"])
    op.create_table(
        "ruling",
        sa.Column("article_id", sa.BigInteger(), nullable=False, comment="One"),
        sa.Column("other_id", sa.BigInteger(), nullable=False, comment="Another, of a greater number"),
        sa.Column(
            "ruling",
            sa.Text(),
            nullable=False,
            comment="together | apart: what a person decided, for good",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="When it was decided"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_ruling_article_id"),
        sa.ForeignKeyConstraint(["other_id"], ["article.id"], name="fk_ruling_other_id"),
        sa.PrimaryKeyConstraint("article_id", "other_id", name="pk_ruling"),
    )
    op.create_index("ix_ruling_other_id", "ruling", ["other_id"])


def add_columns() -> None:
    for table, column in (
        (
            "article",
            sa.Column(
                "appeared_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="When its outlet says that it first published it; "
                "NULL = not said, or after first_seen_at",
            ),
        ),
        (
            "article",
            sa.Column(
                "from_agency",
                sa.Boolean(),
                nullable=False,
                server_default=sa.false(),
                comment="Its outlet is the very agency that its text is credited to",
            ),
        ),
        (
            "cluster",
            sa.Column(
                "successor_id",
                sa.BigInteger(),
                nullable=True,
                comment="Cluster that took up its articles; NULL = it lives, or all were forgotten",
            ),
        ),
        (
            "cluster",
            sa.Column(
                "pinned_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="When a person fixed who is in it; NULL = not",
            ),
        ),
        (
            "cluster",
            sa.Column(
                "canonical_pinned_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="When a person chose its canonical; NULL = not chosen",
            ),
        ),
        (
            "cluster",
            sa.Column(
                "indexed",
                sa.SmallInteger(),
                nullable=True,
                comment="Scheme of its postings, 0 = to be rebuilt; "
                "NULL = has none: expired, ended, not yet built",
            ),
        ),
        (
            "member",
            sa.Column(
                "masked",
                sa.LargeBinary(),
                nullable=True,
                comment="Anchors of its text that were furniture then, 4 bytes each, ascending; NULL = none",
            ),
        ),
    ):
        op.add_column(table, column)


def make_anchors() -> None:
    op.create_table(
        "anchor",
        sa.Column("hash", sa.BigInteger(), nullable=False, comment="Sampled shingle, signed 64-bit"),
        sa.Column("article_id", sa.BigInteger(), nullable=False, comment="Has it now"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_anchor_article_id"),
        sa.PrimaryKeyConstraint("hash", "article_id", name="pk_anchor"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_anchor_article_id", "anchor", ["article_id"])


def set_comments(which: int) -> None:
    # SQLite keeps none.
    if op.get_bind().dialect.name == "postgresql":
        for (table, column), comments in COMMENTS.items():
            op.alter_column(table, column, comment=comments[which])


def make_views(views: dict[str, str]) -> None:
    for name, select in views.items():
        op.execute(f"CREATE VIEW {name} AS {select.strip()}")


def drop_views(*names: str) -> None:
    for name in names:
        op.execute(f"DROP VIEW {name}")
