"""New postings stand in a small table of their own until they are moved over to the large one.

Only adds that table: rows that are in the large one stay there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "recent_posting",
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
        sa.PrimaryKeyConstraint("hash", "cluster_id", name="pk_recent_posting"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.execute(
        "INSERT INTO posting (hash, cluster_id, scheme)"
        " SELECT hash, cluster_id, scheme FROM recent_posting WHERE true"
        " ON CONFLICT (hash, cluster_id) DO UPDATE SET scheme = excluded.scheme"
    )
    op.drop_table("recent_posting")
