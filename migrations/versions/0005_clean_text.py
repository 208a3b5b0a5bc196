"""What the cleaner tells of a text besides its words, and what the pages of a host give.

Only adds columns and tables. Of the texts that are there already it stays unknown: NULL, or an empty list.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

ARTICLE = """
        SELECT a.id AS article_id, a.url, a.site, r.number AS revision, r.title, r.authors, r.lead, r.body,
               r.published_at, r.modified_at, r.language, r.site_name, r.agency, r.source AS text_source,
               r.word_count, r.text_hash, a.first_seen_at, r.created_at AS revised_at,
               m.cluster_id, m.role{more}
        FROM article a
        JOIN revision r ON r.article_id = a.id AND r.number = a.revision
        LEFT JOIN member m ON m.article_id = a.id
        WHERE a.state = 'live'"""
MORE_OF_ARTICLE = """, r.section, r.tags, r.completeness, r.source_reason, r.extractor,
               r.licence, r.free, r.tdm_reserved, r.images"""
REVISION = """
        SELECT r.article_id, r.number AS revision, a.url, a.site, r.title, r.lead, r.body, r.published_at,
               r.modified_at, r.text_hash, r.word_count, r.created_at{more}
        FROM revision r
        JOIN article a ON a.id = r.article_id
        WHERE a.state = 'live'"""
MORE_OF_REVISION = """, r.source AS text_source,
               r.completeness, r.extractor"""

# Column of `revision`: comment now, comment before.
COMMENTS: dict[str, tuple[str, str, Any]] = {
    "source": (
        "page | feed | json-ld: where the text was taken from",
        "page | feed: where the text was taken from",
        sa.Text(),
    ),
    "word_count": (
        "Words of lead and body, see `words.count_words`",
        "Words of lead and body, split at white space",
        sa.Integer(),
    ),
}


def upgrade() -> None:
    for column in columns():
        op.add_column("revision", column)
    set_comments(0)
    replace_views(MORE_OF_ARTICLE, MORE_OF_REVISION)
    create_host_tables()


def downgrade() -> None:
    op.drop_table("host_learnt")
    op.drop_index("ix_host_day_day", table_name="host_day")
    op.drop_table("host_day")
    replace_views("", "")
    for column in reversed(columns()):
        op.drop_column("revision", column.name)
    set_comments(1)


def columns() -> list[sa.Column[Any]]:
    return [
        sa.Column(
            "structure",
            JSON,
            comment="Kinds and links of the paragraphs of `body`, see `store.content`; NULL = all plain",
        ),
        _list("images", "A list of {url, caption, alt, before}, as in `model.Image`"),
        sa.Column("section", sa.Text(), comment="The outlet's own section; NULL = the page names none"),
        _list("tags", "The outlet's keywords, a list of texts"),
        sa.Column("licence", sa.Text(), comment="Name or address of its licence; NULL = none declared"),
        sa.Column("free", sa.Boolean(), comment="Whether all may read it; NULL = its page does not say"),
        sa.Column(
            "tdm_reserved",
            sa.Boolean(),
            comment="Whether text and data mining is reserved (TDMRep); NULL = not said",
        ),
        sa.Column("tdm_policy", sa.Text(), comment="Where the terms of that stand; NULL = not said"),
        _list("robots", "Directives of robots meta and X-Robots-Tag, a list of texts"),
        sa.Column(
            "completeness", sa.Text(), comment="whole | teaser | summary; NULL = from before it was told"
        ),
        sa.Column(
            "source_reason", sa.Text(), comment="Why it was taken from `source`; NULL = there was no choice"
        ),
        sa.Column(
            "extractor", sa.Text(), comment="own | trafilatura; NULL = from before it was told"
        ),
        sa.Column(
            "readings",
            JSON,
            comment="What was read for each field and why one was taken, see `store.content`; NULL = not kept",
        ),
    ]


def _list(name: str, comment: str) -> sa.Column[Any]:
    return sa.Column(name, JSON, nullable=False, server_default="[]", comment=comment)


def create_host_tables() -> None:
    op.create_table(
        "host_day",
        sa.Column("host", sa.Text(), nullable=False, comment="Host that answered"),
        sa.Column("day", sa.Date(), nullable=False, comment="Day in UTC"),
        sa.Column(
            "outcome",
            sa.Text(),
            nullable=False,
            comment="What its pages gave, see `clean.rates.outcome_of`",
        ),
        sa.Column(
            "pages",
            sa.Integer(),
            nullable=False,
            comment="Pages that gave it, one that was tried again counted again",
        ),
        sa.Column("words", sa.BigInteger(), nullable=False, comment="Words of the texts that they gave"),
        sa.ForeignKeyConstraint(["host"], ["host.name"], name="fk_host_day_host"),
        sa.PrimaryKeyConstraint("host", "day", "outcome", name="pk_host_day"),
    )
    op.create_index("ix_host_day_day", "host_day", ["day"])
    op.create_table(
        "host_learnt",
        sa.Column("host", sa.Text(), nullable=False, comment="Host that answered"),
        sa.Column(
            "learnt",
            JSON,
            nullable=False,
            comment="What its pages usually give and gave last, see `clean.rates`",
        ),
        sa.ForeignKeyConstraint(["host"], ["host.name"], name="fk_host_learnt_host"),
        sa.PrimaryKeyConstraint("host", name="pk_host_learnt"),
    )


def replace_views(more_of_article: str, more_of_revision: str) -> None:
    """The views with these columns after those that they always had."""
    for name, query in (
        ("v_article", ARTICLE.format(more=more_of_article)),
        ("v_revision", REVISION.format(more=more_of_revision)),
    ):
        op.execute(f"DROP VIEW {name}")
        op.execute(f"CREATE VIEW {name} AS {query.strip()}")


def set_comments(which: int) -> None:
    """SQLite keeps no comments."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for column, (now, before, kind) in COMMENTS.items():
        op.alter_column(
            "revision",
            column,
            comment=before if which else now,
            existing_type=kind,
            existing_nullable=False,
        )
