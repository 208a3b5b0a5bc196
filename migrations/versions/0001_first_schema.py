"""The first schema."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql, sqlite

revision = "0001"
down_revision = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
ID = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")

VIEWS = {
    "v_article": """
        SELECT a.id AS article_id, a.url, a.site, r.number AS revision, r.title, r.authors, r.lead, r.body,
               r.published_at, r.modified_at, r.language, r.site_name, r.agency, r.source AS text_source,
               r.word_count, r.text_hash, a.first_seen_at, r.created_at AS revised_at,
               m.cluster_id, m.role
        FROM article a
        JOIN revision r ON r.article_id = a.id AND r.number = a.revision
        LEFT JOIN member m ON m.article_id = a.id
        WHERE a.state = 'live'""",
    "v_revision": """
        SELECT r.article_id, r.number AS revision, a.url, a.site, r.title, r.lead, r.body, r.published_at,
               r.modified_at, r.text_hash, r.word_count, r.created_at
        FROM revision r
        JOIN article a ON a.id = r.article_id
        WHERE a.state = 'live'""",
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
    "v_feed": """
        SELECT f.id AS feed_id, f.key AS feed, f.url, f.title, f.state, f.state_reason, f.format, f.failures,
               f.last_polled_at, f.last_success_at, f.last_new_at, f.next_poll_at, f.plan_reason,
               (SELECT count(*) FROM entry e WHERE e.feed_id = f.id) AS entries
        FROM feed f""",
}


def upgrade() -> None:
    op.create_table(
        "article",
        sa.Column("id", ID, nullable=False, comment="Number given by the database"),
        sa.Column(
            "url_key",
            sa.Text(),
            nullable=False,
            comment="Canonical form of its address; of a feed-only article feed:KEY#ENTRY",
        ),
        sa.Column(
            "url",
            sa.Text(),
            nullable=True,
            comment="Its address after redirects; NULL = it has no page of its own",
        ),
        sa.Column("site", sa.Text(), nullable=False, comment="Outlet: host of the address without www."),
        sa.Column(
            "page_id",
            sa.BigInteger(),
            nullable=True,
            comment="Page whose text it follows; NULL only while inserting",
        ),
        sa.Column("state", sa.Text(), nullable=False, comment="live | forgotten"),
        sa.Column(
            "revision",
            sa.Integer(),
            nullable=False,
            comment="Number of its newest revision; 0 = none left (forgotten)",
        ),
        sa.Column(
            "first_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When its first revision was stored",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
        sa.UniqueConstraint("url_key", name="uq_article_url_key"),
    )
    op.create_index("ix_article_first_seen_at", "article", ["first_seen_at"])
    op.create_table(
        "cluster",
        sa.Column("id", ID, nullable=False, comment="Number given by the database"),
        sa.Column(
            "canonical_id",
            sa.BigInteger(),
            nullable=True,
            comment="Article that represents it; NULL = all forgotten",
        ),
        sa.Column("size", sa.Integer(), nullable=False, comment="Articles in it"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When its first article was stored",
        ),
        sa.Column(
            "active_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When an article last joined or was revised",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_cluster"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_cluster_active_at", "cluster", ["active_at"])
    op.create_table(
        "event",
        sa.Column("id", ID, nullable=False, comment="Number given by the database"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="When it happened"),
        sa.Column("kind", sa.Text(), nullable=False, comment="See `model.EventKind`"),
        sa.Column("feed_id", sa.BigInteger(), nullable=True, comment="Feed concerned; NULL = none"),
        sa.Column("article_id", sa.BigInteger(), nullable=True, comment="Article concerned; NULL = none"),
        sa.Column("cluster_id", sa.BigInteger(), nullable=True, comment="Cluster concerned; NULL = none"),
        sa.Column(
            "data",
            JSON,
            nullable=False,
            comment="Facts of the kind; never text of an article, so a takedown leaves none here",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_event_at", "event", ["at"])
    op.create_table(
        "host",
        sa.Column("name", sa.Text(), nullable=False, comment="Host in lower case, with :port when unusual"),
        sa.Column(
            "lease_owner",
            sa.Text(),
            nullable=True,
            comment="machine/boot/pid/start of who holds it; NULL = free",
        ),
        sa.Column(
            "lease_token",
            sa.Text(),
            nullable=True,
            comment="Drawn at each claim; a save must show it; NULL = free",
        ),
        sa.Column(
            "lease_expires",
            sa.Float(),
            nullable=True,
            comment="Unix seconds by the database's clock; NULL = free",
        ),
        sa.Column(
            "next_request_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="No request starts earlier; NULL = none made yet",
        ),
        sa.Column(
            "parked_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Nothing is asked before; NULL = not parked",
        ),
        sa.Column(
            "park_reason",
            sa.Text(),
            nullable=True,
            comment="Why it is or was last parked, for people; NULL = never",
        ),
        sa.Column(
            "crawl_delay",
            sa.Float(),
            nullable=True,
            comment="robots.txt's Crawl-delay, seconds; NULL = none asked",
        ),
        sa.Column("failures", sa.Integer(), nullable=False, comment="Connections in a row that failed"),
        sa.Column(
            "robots",
            sa.Text(),
            nullable=True,
            comment="robots.txt as text, or a rule in its place; NULL = not fetched",
        ),
        sa.Column(
            "robots_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When robots.txt was fetched; NULL = never",
        ),
        sa.PrimaryKeyConstraint("name", name="pk_host"),
    )
    op.create_table(
        "anchor",
        sa.Column("hash", sa.BigInteger(), nullable=False, comment="Sampled shingle, signed 64-bit"),
        sa.Column("article_id", sa.BigInteger(), nullable=False, comment="Has it now"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_anchor_article_id"),
        sa.PrimaryKeyConstraint("hash", "article_id", name="pk_anchor"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_anchor_article_id", "anchor", ["article_id"])
    op.create_table(
        "feed",
        sa.Column("id", ID, nullable=False, comment="Number given by the database"),
        sa.Column(
            "key", sa.Text(), nullable=False, comment="Identity: its configured name, else its configured URL"
        ),
        sa.Column(
            "url",
            sa.Text(),
            nullable=False,
            comment="Where it is polled now; may differ from the configured one after a move",
        ),
        sa.Column(
            "configured_url", sa.Text(), nullable=False, comment="URL in the configuration, byte for byte"
        ),
        sa.Column("host", sa.Text(), nullable=False, comment="Host of `url`"),
        sa.Column(
            "source",
            sa.Text(),
            nullable=True,
            comment="File that declares it; NULL = added by hand or by demo",
        ),
        sa.Column("tags", JSON, nullable=False, comment="Configured tags, a list of texts"),
        sa.Column(
            "configured_interval", sa.Float(), nullable=True, comment="Seconds; NULL = the general rule"
        ),
        sa.Column(
            "fetch_pages",
            sa.Boolean(),
            nullable=False,
            comment="False: articles come from the feed's own text",
        ),
        sa.Column(
            "skip",
            JSON,
            nullable=False,
            comment="Regular expressions of page URLs that are not fetched, a list of texts",
        ),
        sa.Column(
            "configured_language",
            sa.Text(),
            nullable=True,
            comment="BCP 47; NULL = what feed and page declare",
        ),
        sa.Column("state", sa.Text(), nullable=False, comment="active | off | undeclared | disabled | gone"),
        sa.Column(
            "state_reason",
            sa.Text(),
            nullable=True,
            comment="Why it is not active, for people; NULL = active",
        ),
        sa.Column(
            "title",
            sa.Text(),
            nullable=True,
            comment="Title the feed gives itself; NULL = not read yet or none",
        ),
        sa.Column("site_url", sa.Text(), nullable=True, comment="Web site the feed names; NULL = none"),
        sa.Column("format", sa.Text(), nullable=True, comment="rss20, atom10, json11 …; NULL = never read"),
        sa.Column("etag", sa.Text(), nullable=True, comment="ETag as received; NULL = the last 200 had none"),
        sa.Column(
            "last_modified", sa.Text(), nullable=True, comment="Last-Modified as received; NULL = none"
        ),
        sa.Column(
            "validators_url",
            sa.Text(),
            nullable=True,
            comment="URL that issued them, after redirects; NULL = none",
        ),
        sa.Column(
            "body_hash",
            sa.Text(),
            nullable=True,
            comment="sha256 of parser version and last body; NULL = never read",
        ),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, comment="When it was first declared"
        ),
        sa.Column("next_poll_at", sa.DateTime(timezone=True), nullable=False, comment="Due from then on"),
        sa.Column(
            "interval",
            sa.Float(),
            nullable=True,
            comment="Seconds between polls as planned last; NULL = never polled",
        ),
        sa.Column(
            "plan_reason",
            sa.Text(),
            nullable=True,
            comment="Why `next_poll_at` is what it is; NULL = never polled",
        ),
        sa.Column(
            "failures", sa.Float(), nullable=False, comment="Weighted failures in a row; 0 after a success"
        ),
        sa.Column("gone_count", sa.Integer(), nullable=False, comment="410 answers in a row"),
        sa.Column(
            "last_polled_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Last poll of any outcome; NULL = never",
        ),
        sa.Column(
            "last_success_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Last 200 that was read, or 304; NULL = never",
        ),
        sa.Column(
            "last_new_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Last poll that brought a new entry; NULL = never",
        ),
        sa.ForeignKeyConstraint(["host"], ["host.name"], name="fk_feed_host"),
        sa.PrimaryKeyConstraint("id", name="pk_feed"),
        sa.UniqueConstraint("key", name="uq_feed_key"),
    )
    op.create_index("ix_feed_due", "feed", ["state", "next_poll_at"])
    op.create_index("ix_feed_host", "feed", ["host"])
    op.create_table(
        "member",
        sa.Column("article_id", sa.BigInteger(), nullable=False, comment="Member"),
        sa.Column("cluster_id", sa.BigInteger(), nullable=False, comment="Its cluster; exactly one"),
        sa.Column(
            "role",
            sa.Text(),
            nullable=False,
            comment="canonical | copy | excerpt | expanded, against `matched_id`",
        ),
        sa.Column(
            "matched_id",
            sa.BigInteger(),
            nullable=True,
            comment="Article it was verified against; NULL = first",
        ),
        sa.Column(
            "containment",
            sa.Float(),
            nullable=True,
            comment="Share of it found in the matched text; NULL = first",
        ),
        sa.Column(
            "containment_reverse", sa.Float(), nullable=True, comment="Share of the matched text found in it"
        ),
        sa.Column("jaccard", sa.Float(), nullable=True, comment="Shown, never decides; NULL = first"),
        sa.Column("reason", sa.Text(), nullable=False, comment="Rule that decided, with its figures"),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False, comment="When it was decided"),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name="fk_member_cluster_id"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_member_article_id"),
        sa.PrimaryKeyConstraint("article_id", name="pk_member"),
    )
    op.create_index("ix_member_cluster_id", "member", ["cluster_id"])
    op.create_table(
        "page",
        sa.Column("id", ID, nullable=False, comment="Number given by the database"),
        sa.Column(
            "url_key", sa.Text(), nullable=False, comment="Canonical form of the address, or feed:KEY#ENTRY"
        ),
        sa.Column(
            "url", sa.Text(), nullable=True, comment="Address to fetch; NULL = take the feed's own text"
        ),
        sa.Column("host", sa.Text(), nullable=False, comment="Host of `url`, else of the feed"),
        sa.Column(
            "state",
            sa.Text(),
            nullable=False,
            comment="pending | done | rejected | failed | skipped | quarantined | forgotten",
        ),
        sa.Column(
            "batch",
            sa.Text(),
            nullable=True,
            comment="Run that was given this URL by hand; NULL = came from a feed",
        ),
        sa.Column(
            "next_attempt_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="While pending: due from then on",
        ),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="Attempts in a row that failed"),
        sa.Column(
            "takes",
            sa.Integer(),
            nullable=False,
            comment="Times taken in hand since the last outcome; many = it kills the process",
        ),
        sa.Column("outcome", sa.Text(), nullable=True, comment="How the last attempt ended; NULL = none yet"),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=True,
            comment="Verdict or error class of the last attempt; NULL = none",
        ),
        sa.Column("detail", sa.Text(), nullable=True, comment="The same for people; NULL = none"),
        sa.Column(
            "first_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When an entry first named it",
        ),
        sa.Column(
            "fetched_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Last time it was fetched; NULL = never",
        ),
        sa.Column("article_id", sa.BigInteger(), nullable=True, comment="NULL = gave none yet"),
        sa.ForeignKeyConstraint(["host"], ["host.name"], name="fk_page_host"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_page_article_id"),
        sa.PrimaryKeyConstraint("id", name="pk_page"),
        sa.UniqueConstraint("url_key", name="uq_page_url_key"),
    )
    op.create_index("ix_page_article_id", "page", ["article_id"])
    op.create_index("ix_page_due", "page", ["state", "host", "next_attempt_at"])
    op.create_table(
        "revision",
        sa.Column("id", ID, nullable=False, comment="Number given by the database"),
        sa.Column("article_id", sa.BigInteger(), nullable=False, comment="Article of which it is a state"),
        sa.Column("number", sa.Integer(), nullable=False, comment="1, 2, 3 …"),
        sa.Column("title", sa.Text(), nullable=True, comment="Headline; NULL = none found"),
        sa.Column("authors", JSON, nullable=False, comment="People, a list of texts"),
        sa.Column("lead", sa.Text(), nullable=True, comment="Standfirst that is not in `body`; NULL = none"),
        sa.Column("body", sa.Text(), nullable=False, comment="Clean paragraphs, a blank line between two"),
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="By page or feed; NULL = neither says",
        ),
        sa.Column(
            "modified_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="By page or feed; NULL = neither says",
        ),
        sa.Column("language", sa.Text(), nullable=True, comment="BCP 47; NULL = nobody declares it"),
        sa.Column(
            "site_name", sa.Text(), nullable=True, comment="Outlet as the page names it; NULL = it does not"
        ),
        sa.Column(
            "declared_url", sa.Text(), nullable=True, comment="Address that the page declares; NULL = none"
        ),
        sa.Column(
            "agency", sa.Text(), nullable=True, comment="Agency credited with the text; NULL = none named"
        ),
        sa.Column(
            "agency_evidence", sa.Text(), nullable=True, comment="Where that was read; NULL = no agency"
        ),
        sa.Column("agency_quote", sa.Text(), nullable=True, comment="Words that were read; NULL = no agency"),
        sa.Column("source", sa.Text(), nullable=False, comment="page | feed: where the text was taken from"),
        sa.Column(
            "text_hash",
            sa.Text(),
            nullable=False,
            comment="sha256 of title, lead and body; equal = nothing changed",
        ),
        sa.Column(
            "word_count", sa.Integer(), nullable=False, comment="Words of lead and body, split at white space"
        ),
        sa.Column("scheme", sa.Text(), nullable=False, comment="Method of the fingerprint"),
        sa.Column("token_count", sa.Integer(), nullable=False, comment="Tokens that the fingerprint saw"),
        sa.Column("shingle_count", sa.Integer(), nullable=False, comment="Distinct shingles of the text"),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, comment="When this state was stored"
        ),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_revision_article_id"),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
        sa.UniqueConstraint("article_id", "number", name="uq_revision_article_id_number"),
    )
    op.create_index("ix_revision_created_at", "revision", ["created_at"])
    op.create_table(
        "entry",
        sa.Column("id", ID, nullable=False, comment="Number given by the database"),
        sa.Column("feed_id", sa.BigInteger(), nullable=False, comment="Feed that carries it"),
        sa.Column("key", sa.Text(), nullable=False, comment="Identity within the feed"),
        sa.Column(
            "digest",
            sa.Text(),
            nullable=False,
            comment="sha256 of the item; another digest means that the item changed",
        ),
        sa.Column("page_id", sa.BigInteger(), nullable=False, comment="Page that its text comes from"),
        sa.Column("guid", sa.Text(), nullable=True, comment="guid / id as given; NULL = missing or blank"),
        sa.Column(
            "url",
            sa.Text(),
            nullable=True,
            comment="Link, absolute; as written when it cannot be asked; NULL = none",
        ),
        sa.Column("title", sa.Text(), nullable=True, comment="Plain text; NULL = missing"),
        sa.Column("summary_html", sa.Text(), nullable=True, comment="Short form; NULL = missing"),
        sa.Column("content_html", sa.Text(), nullable=True, comment="Full form; NULL = missing"),
        sa.Column("authors", JSON, nullable=False, comment="A list of texts"),
        sa.Column("categories", JSON, nullable=False, comment="A list of texts"),
        sa.Column("enclosures", JSON, nullable=False, comment="A list of {url, media_type, length_bytes}"),
        sa.Column("language", sa.Text(), nullable=True, comment="BCP 47 as declared; NULL = not declared"),
        sa.Column(
            "source_title",
            sa.Text(),
            nullable=True,
            comment="Feed that the item was taken from; NULL = not given",
        ),
        sa.Column("comments_url", sa.Text(), nullable=True, comment="Address of its comments; NULL = none"),
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="As claimed, also in the future; NULL = none readable",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="As claimed; NULL = none readable",
        ),
        sa.Column(
            "first_seen_at", sa.DateTime(timezone=True), nullable=False, comment="Poll that brought it first"
        ),
        sa.Column(
            "last_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Last poll whose document was read and had it",
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Last poll in which its item was new or different",
        ),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name="fk_entry_page_id"),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name="fk_entry_feed_id"),
        sa.PrimaryKeyConstraint("id", name="pk_entry"),
        sa.UniqueConstraint("feed_id", "key", name="uq_entry_feed_id_key"),
    )
    op.create_index("ix_entry_feed_id_digest", "entry", ["feed_id", "digest"])
    op.create_index("ix_entry_first_seen_at", "entry", ["first_seen_at"])
    op.create_index("ix_entry_page_id", "entry", ["page_id"])
    op.create_table(
        "poll",
        sa.Column("id", ID, nullable=False, comment="Number given by the database"),
        sa.Column("feed_id", sa.BigInteger(), nullable=False, comment="Feed polled"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="When the poll began"),
        sa.Column("duration", sa.Float(), nullable=False, comment="Seconds from request to decision"),
        sa.Column(
            "outcome",
            sa.Text(),
            nullable=False,
            comment="updated | unchanged | not-modified | failed | crashed",
        ),
        sa.Column("status", sa.Integer(), nullable=True, comment="HTTP status; NULL = there was no response"),
        sa.Column(
            "error_class",
            sa.Text(),
            nullable=True,
            comment="dns, timeout, http-404, feed-html …; NULL = no failure",
        ),
        sa.Column("message", sa.Text(), nullable=True, comment="The failure for people; NULL = no failure"),
        sa.Column("wire_bytes", sa.BigInteger(), nullable=False, comment="Body bytes over the wire"),
        sa.Column("body_bytes", sa.BigInteger(), nullable=False, comment="Body bytes after content decoding"),
        sa.Column("entries_new", sa.Integer(), nullable=False, comment="Entries stored for the first time"),
        sa.Column(
            "entries_changed", sa.Integer(), nullable=False, comment="Known entries whose item had changed"
        ),
        sa.Column("entries_seen", sa.Integer(), nullable=False, comment="Known entries that were the same"),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name="fk_poll_feed_id"),
        sa.PrimaryKeyConstraint("id", name="pk_poll"),
    )
    op.create_index("ix_poll_feed_id_at", "poll", ["feed_id", "at"])
    op.create_table(
        "poll_day",
        sa.Column("feed_id", sa.BigInteger(), nullable=False, comment="Feed polled"),
        sa.Column("day", sa.Date(), nullable=False, comment="Day in UTC"),
        sa.Column("polls", sa.Integer(), nullable=False, comment="Polls that day"),
        sa.Column("failures", sa.Integer(), nullable=False, comment="Those that failed or crashed"),
        sa.Column(
            "not_modified", sa.Integer(), nullable=False, comment="Those answered 304 or with an equal body"
        ),
        sa.Column("wire_bytes", sa.BigInteger(), nullable=False, comment="Body bytes over the wire"),
        sa.Column("entries_new", sa.Integer(), nullable=False, comment="Entries stored for the first time"),
        sa.Column(
            "entries_changed", sa.Integer(), nullable=False, comment="Known entries whose item had changed"
        ),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name="fk_poll_day_feed_id"),
        sa.PrimaryKeyConstraint("feed_id", "day", name="pk_poll_day"),
    )
    op.create_table(
        "raw",
        sa.Column("revision_id", sa.BigInteger(), nullable=False, comment="Its text"),
        sa.Column("content_type", sa.Text(), nullable=True, comment="Header as served; NULL = none"),
        sa.Column(
            "zstd",
            sa.LargeBinary(),
            nullable=False,
            comment="Body after content decoding, compressed with zstd",
        ),
        sa.Column("body_bytes", sa.Integer(), nullable=False, comment="Size before compression"),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_raw_revision_id"),
        sa.PrimaryKeyConstraint("revision_id", name="pk_raw"),
    )
    for name, select in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {select.strip()}")


def downgrade() -> None:
    for name in reversed(VIEWS):
        op.execute(f"DROP VIEW {name}")
    op.drop_table("raw")
    op.drop_table("poll_day")
    op.drop_table("poll")
    op.drop_table("entry")
    op.drop_table("revision")
    op.drop_table("page")
    op.drop_table("member")
    op.drop_table("feed")
    op.drop_table("anchor")
    op.drop_table("host")
    op.drop_table("event")
    op.drop_table("cluster")
    op.drop_table("article")
