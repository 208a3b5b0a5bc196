"""What polling remembers: rhythm, redirects, refusals, audits, the items of the last body.

Only adds columns.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

SIGHTING = """
        SELECT p.article_id, e.id AS entry_id, f.key AS feed, e.url, e.title, e.published_at,
               e.first_seen_at, e.last_seen_at,
               e.last_seen_at < (SELECT max(o.last_seen_at) FROM entry o WHERE o.feed_id = e.feed_id)
               AS has_left
        FROM entry e
        JOIN feed f ON f.id = e.feed_id
        JOIN page p ON p.id = e.page_id
        WHERE p.article_id IS NOT NULL"""
# An entry that claims a time at which it cannot have been published yet.
SIGHTING_NOW = """
        SELECT p.article_id, e.id AS entry_id, f.key AS feed, e.url, e.title, e.published_at,
               e.first_seen_at, e.last_seen_at,
               e.last_seen_at < (SELECT max(o.last_seen_at) FROM entry o WHERE o.feed_id = e.feed_id)
               AS has_left,
               COALESCE(e.published_at > e.first_seen_at, false) AS dated_ahead
        FROM entry e
        JOIN feed f ON f.id = e.feed_id
        JOIN page p ON p.id = e.page_id
        WHERE p.article_id IS NOT NULL"""

# (table, column): comment now, comment before.
COMMENTS = {
    ("feed", "state"): (
        "active | off | undeclared | disabled | gone | merged",
        "active | off | undeclared | disabled | gone",
    ),
    ("poll", "outcome"): (
        "updated | unchanged | not-modified | moved | failed | crashed",
        "updated | unchanged | not-modified | failed | crashed",
    ),
}


def upgrade() -> None:
    for table, column in columns():
        op.add_column(table, column)
    set_comments(0)
    replace_view(SIGHTING_NOW)


def downgrade() -> None:
    replace_view(SIGHTING)
    for table, column in reversed(columns()):
        op.drop_column(table, column.name)
    set_comments(1)


def columns() -> list[tuple[str, sa.Column[object]]]:
    """Table and column; made anew each time, because a column belongs to one table for good."""
    return [
        (
            "host",
            sa.Column("latency", sa.Float(), comment="Seconds that an answer takes, smoothed; NULL = none came yet"),
        ),
        (
            "feed",
            sa.Column(
                "items",
                sa.LargeBinary(),
                comment="Items of the last body and their entries, see `feeds.known`; NULL = not remembered",
            ),
        ),
        ("feed", sa.Column("ask_url", sa.Text(), comment="Where the next poll goes; NULL = `url`")),
        (
            "feed",
            sa.Column(
                "hops",
                JSON,
                comment="Redirects of a poll under way that led to another host, a list; NULL = none under way",
            ),
        ),
        ("feed", sa.Column("move", JSON, comment="Permanent redirect observed, see `feeds.moves`; NULL = none")),
        (
            "feed",
            sa.Column(
                "aliases", JSON, nullable=False, server_default="[]", comment="Former addresses, a list"
            ),
        ),
        ("feed", sa.Column("plan", JSON, comment="The same rule by rule, a list; NULL = never polled")),
        (
            "feed",
            sa.Column("asked", JSON, comment="What server and publisher asked for last; NULL = nothing yet"),
        ),
        ("feed", sa.Column("rhythm", JSON, comment="What was learnt, see `feeds.rhythm`; NULL = nothing yet")),
        (
            "feed",
            sa.Column(
                "slowdown",
                sa.Float(),
                nullable=False,
                server_default="1",
                comment="Factor on its interval after refusals; 1 = none",
            ),
        ),
        (
            "feed",
            sa.Column(
                "calm",
                sa.Integer(),
                nullable=False,
                server_default="0",
                comment="Good polls in a row since a refusal",
            ),
        ),
        (
            "feed",
            sa.Column(
                "audited_at",
                sa.DateTime(timezone=True),
                comment="Last poll without validators; NULL = never",
            ),
        ),
        (
            "feed",
            sa.Column(
                "distrusted",
                sa.Boolean(),
                nullable=False,
                server_default=sa.false(),
                comment="Its server said 304 of a body that had changed; validators are no longer sent",
            ),
        ),
        ("page", sa.Column("hop_url", sa.Text(), comment="Where the next attempt goes; NULL = `url`")),
        (
            "page",
            sa.Column(
                "hops",
                JSON,
                comment="Redirects of an attempt under way that led to another host, a list; NULL = none under way",
            ),
        ),
    ]


def replace_view(query: str) -> None:
    op.execute("DROP VIEW v_sighting")
    op.execute(f"CREATE VIEW v_sighting AS {query.strip()}")


def set_comments(which: int) -> None:
    """SQLite keeps no comments."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for (table, column), comments in COMMENTS.items():
        op.alter_column(table, column, comment=comments[which], existing_type=sa.Text(), existing_nullable=False)
