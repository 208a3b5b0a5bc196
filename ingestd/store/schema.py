"""The tables. Each column's comment gives its meaning, its unit and what NULL says.

The migrations build the same thing step by step; a test compares the two. Times are aware UTC, hashes
are signed 32-bit or hex text, ids are 64-bit. The views at the end are for people who query the
database: their columns stay when tables change.
"""

import sqlalchemy as sa

from ingestd.store.dialect import BigId, Duration, Hashes, Json, Text, UtcDateTime

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _column(
    name: str, kind: object, *constraints: object, null: bool = False, comment: str
) -> sa.Column[object]:
    return sa.Column(name, kind, *constraints, nullable=null, comment=comment)  # type: ignore[arg-type]


def _id() -> sa.Column[object]:
    return sa.Column("id", BigId, primary_key=True, comment="Number given by the database")


host = sa.Table(
    "host",
    metadata,
    sa.Column("name", Text, primary_key=True, comment="Host in lower case, with :port when unusual"),
    _column("lease_owner", Text, null=True, comment="machine/boot/pid/start of who holds it; NULL = free"),
    _column("lease_token", Text, null=True, comment="Drawn at each claim; a save must show it; NULL = free"),
    _column(
        "lease_expires", sa.Float, null=True, comment="Unix seconds by the database's clock; NULL = free"
    ),
    _column(
        "next_request_at", UtcDateTime, null=True, comment="No request starts earlier; NULL = none made yet"
    ),
    _column("parked_until", UtcDateTime, null=True, comment="Nothing is asked before; NULL = not parked"),
    _column("park_reason", Text, null=True, comment="Why it is or was last parked, for people; NULL = never"),
    _column(
        "crawl_delay", Duration, null=True, comment="robots.txt's Crawl-delay, seconds; NULL = none asked"
    ),
    _column("failures", sa.Integer, comment="Connections in a row that failed"),
    _column(
        "robots", Text, null=True, comment="robots.txt as text, or a rule in its place; NULL = not fetched"
    ),
    _column("robots_at", UtcDateTime, null=True, comment="When robots.txt was fetched; NULL = never"),
    _column(
        "latency", Duration, null=True, comment="Seconds that an answer takes, smoothed; NULL = none came yet"
    ),
)

host_day = sa.Table(
    "host_day",
    metadata,
    sa.Column("host", Text, sa.ForeignKey("host.name"), primary_key=True, comment="Host that answered"),
    sa.Column("day", sa.Date, primary_key=True, comment="Day in UTC"),
    sa.Column("outcome", Text, primary_key=True, comment="What its pages gave, see `clean.rates.outcome_of`"),
    _column("pages", sa.Integer, comment="Pages that gave it, one that was tried again counted again"),
    _column("words", sa.BigInteger, comment="Words of the texts that they gave"),
    sa.Index("ix_host_day_day", "day"),
)

host_learnt = sa.Table(
    "host_learnt",
    metadata,
    sa.Column("host", Text, sa.ForeignKey("host.name"), primary_key=True, comment="Host that answered"),
    _column("learnt", Json, comment="What its pages usually give and gave last, see `clean.rates`"),
)

feed = sa.Table(
    "feed",
    metadata,
    _id(),
    _column("key", Text, comment="Identity: its configured name, else its configured URL"),
    _column("url", Text, comment="Where it is polled now; may differ from the configured one after a move"),
    _column("configured_url", Text, comment="URL in the configuration, byte for byte"),
    _column("host", Text, sa.ForeignKey("host.name"), comment="Host of `url`"),
    _column("source", Text, null=True, comment="File that declares it; NULL = added by hand or by demo"),
    _column("tags", Json, comment="Configured tags, a list of texts"),
    _column("configured_interval", Duration, null=True, comment="Seconds; NULL = the general rule"),
    _column("fetch_pages", sa.Boolean, comment="False: articles come from the feed's own text"),
    _column("skip", Json, comment="Regular expressions of page URLs that are not fetched, a list of texts"),
    _column("configured_language", Text, null=True, comment="BCP 47; NULL = what feed and page declare"),
    _column("state", Text, comment="active | off | undeclared | disabled | gone | merged"),
    _column("state_reason", Text, null=True, comment="Why it is not active, for people; NULL = active"),
    _column("title", Text, null=True, comment="Title the feed gives itself; NULL = not read yet or none"),
    _column("site_url", Text, null=True, comment="Web site the feed names; NULL = none"),
    _column("format", Text, null=True, comment="rss20, atom10, json11 …; NULL = never read"),
    _column("etag", Text, null=True, comment="ETag as received; NULL = the last 200 had none"),
    _column("last_modified", Text, null=True, comment="Last-Modified as received; NULL = none"),
    _column("validators_url", Text, null=True, comment="URL that issued them, after redirects; NULL = none"),
    _column(
        "body_hash", Text, null=True, comment="sha256 of parser version and last body; NULL = never read"
    ),
    _column("created_at", UtcDateTime, comment="When it was first declared"),
    _column("next_poll_at", UtcDateTime, comment="Due from then on"),
    _column(
        "interval", Duration, null=True, comment="Seconds between polls as planned last; NULL = never polled"
    ),
    _column("plan_reason", Text, null=True, comment="Why `next_poll_at` is what it is; NULL = never polled"),
    _column("failures", sa.Float, comment="Weighted failures in a row; 0 after a success"),
    _column("gone_count", sa.Integer, comment="410 answers in a row"),
    _column("last_polled_at", UtcDateTime, null=True, comment="Last poll of any outcome; NULL = never"),
    _column(
        "last_success_at", UtcDateTime, null=True, comment="Last 200 that was read, or 304; NULL = never"
    ),
    _column(
        "last_new_at", UtcDateTime, null=True, comment="Last poll that brought a new entry; NULL = never"
    ),
    _column(
        "items",
        sa.LargeBinary,
        null=True,
        comment="Items of the last body and their entries, see `feeds.known`; NULL = not remembered",
    ),
    _column("ask_url", Text, null=True, comment="Where the next poll goes; NULL = `url`"),
    _column(
        "hops",
        Json,
        null=True,
        comment="Redirects of a poll under way that led to another host, a list; NULL = none under way",
    ),
    _column("move", Json, null=True, comment="Permanent redirect observed, see `feeds.moves`; NULL = none"),
    sa.Column("aliases", Json, nullable=False, server_default="[]", comment="Former addresses, a list"),
    _column("plan", Json, null=True, comment="The same rule by rule, a list; NULL = never polled"),
    _column("asked", Json, null=True, comment="What server and publisher asked for last; NULL = nothing yet"),
    _column("rhythm", Json, null=True, comment="What was learnt, see `feeds.rhythm`; NULL = nothing yet"),
    sa.Column(
        "slowdown",
        sa.Float,
        nullable=False,
        server_default="1",
        comment="Factor on its interval after refusals; 1 = none",
    ),
    sa.Column(
        "calm", sa.Integer, nullable=False, server_default="0", comment="Good polls in a row since a refusal"
    ),
    _column("audited_at", UtcDateTime, null=True, comment="Last poll without validators; NULL = never"),
    sa.Column(
        "distrusted",
        sa.Boolean,
        nullable=False,
        server_default=sa.false(),
        comment="Its server said 304 of a body that had changed; validators are no longer sent",
    ),
    sa.UniqueConstraint("key"),
    sa.Index("ix_feed_due", "state", "next_poll_at"),
    sa.Index("ix_feed_host", "host"),
)

poll = sa.Table(
    "poll",
    metadata,
    _id(),
    _column("feed_id", sa.BigInteger, sa.ForeignKey("feed.id"), comment="Feed polled"),
    _column("at", UtcDateTime, comment="When the poll began"),
    _column("duration", Duration, comment="Seconds from request to decision"),
    _column("outcome", Text, comment="updated | unchanged | not-modified | moved | failed | crashed"),
    _column("status", sa.Integer, null=True, comment="HTTP status; NULL = there was no response"),
    _column("error_class", Text, null=True, comment="dns, timeout, http-404, feed-html …; NULL = no failure"),
    _column("message", Text, null=True, comment="The failure for people; NULL = no failure"),
    _column("wire_bytes", sa.BigInteger, comment="Body bytes over the wire"),
    _column("body_bytes", sa.BigInteger, comment="Body bytes after content decoding"),
    _column("entries_new", sa.Integer, comment="Entries stored for the first time"),
    _column("entries_changed", sa.Integer, comment="Known entries whose item had changed"),
    _column("entries_seen", sa.Integer, comment="Known entries that were the same"),
    sa.Index("ix_poll_feed_id_at", "feed_id", "at"),
)

poll_day = sa.Table(
    "poll_day",
    metadata,
    sa.Column("feed_id", sa.BigInteger, sa.ForeignKey("feed.id"), primary_key=True, comment="Feed polled"),
    sa.Column("day", sa.Date, primary_key=True, comment="Day in UTC"),
    _column("polls", sa.Integer, comment="Polls that day"),
    _column("failures", sa.Integer, comment="Those that failed or crashed"),
    _column("not_modified", sa.Integer, comment="Those answered 304 or with an equal body"),
    _column("wire_bytes", sa.BigInteger, comment="Body bytes over the wire"),
    _column("entries_new", sa.Integer, comment="Entries stored for the first time"),
    _column("entries_changed", sa.Integer, comment="Known entries whose item had changed"),
)

article = sa.Table(
    "article",
    metadata,
    _id(),
    _column("url_key", Text, comment="Canonical form of its address; of a feed-only article feed:KEY#ENTRY"),
    _column("url", Text, null=True, comment="Its address after redirects; NULL = it has no page of its own"),
    _column("site", Text, comment="Outlet: host of the address without www."),
    _column(
        "page_id", sa.BigInteger, null=True, comment="Page whose text it follows; NULL only while inserting"
    ),
    _column("state", Text, comment="live | forgotten"),
    _column("revision", sa.Integer, comment="Number of its newest revision; 0 = none left (forgotten)"),
    _column("first_seen_at", UtcDateTime, comment="When its first revision was stored"),
    _column(
        "appeared_at",
        UtcDateTime,
        null=True,
        comment="When its outlet says that it first published it; NULL = not said, or after first_seen_at",
    ),
    sa.Column(
        "from_agency",
        sa.Boolean,
        nullable=False,
        server_default=sa.false(),
        comment="Its outlet is the very agency that its text is credited to",
    ),
    sa.UniqueConstraint("url_key"),
    sa.Index("ix_article_first_seen_at", "first_seen_at"),
)

page = sa.Table(
    "page",
    metadata,
    _id(),
    _column("url_key", Text, comment="Canonical form of the address, or feed:KEY#ENTRY"),
    _column("url", Text, null=True, comment="Address to fetch; NULL = take the feed's own text"),
    _column("host", Text, sa.ForeignKey("host.name"), comment="Host of `url`, else of the feed"),
    _column("state", Text, comment="pending | done | rejected | failed | skipped | quarantined | forgotten"),
    _column("batch", Text, null=True, comment="Run that was given this URL by hand; NULL = came from a feed"),
    _column("next_attempt_at", UtcDateTime, comment="While pending: due from then on"),
    _column("attempts", sa.Integer, comment="Attempts in a row that failed"),
    _column(
        "takes", sa.Integer, comment="Times taken in hand since the last outcome; many = it kills the process"
    ),
    _column("outcome", Text, null=True, comment="How the last attempt ended; NULL = none yet"),
    _column("reason", Text, null=True, comment="Verdict or error class of the last attempt; NULL = none"),
    _column("detail", Text, null=True, comment="The same for people; NULL = none"),
    _column("first_seen_at", UtcDateTime, comment="When an entry first named it"),
    _column("fetched_at", UtcDateTime, null=True, comment="Last time it was fetched; NULL = never"),
    _column(
        "article_id", sa.BigInteger, sa.ForeignKey("article.id"), null=True, comment="NULL = gave none yet"
    ),
    _column("hop_url", Text, null=True, comment="Where the next attempt goes; NULL = `url`"),
    _column(
        "hops",
        Json,
        null=True,
        comment="Redirects of an attempt under way that led to another host, a list; NULL = none under way",
    ),
    sa.UniqueConstraint("url_key"),
    # Claiming goes from host to host and takes the oldest due pages of each.
    sa.Index("ix_page_due", "state", "host", "next_attempt_at"),
    sa.Index("ix_page_article_id", "article_id"),
)

entry = sa.Table(
    "entry",
    metadata,
    _id(),
    _column("feed_id", sa.BigInteger, sa.ForeignKey("feed.id"), comment="Feed that carries it"),
    _column("key", Text, comment="Identity within the feed"),
    _column("digest", Text, comment="sha256 of the item; another digest means that the item changed"),
    _column("page_id", sa.BigInteger, sa.ForeignKey("page.id"), comment="Page that its text comes from"),
    _column("guid", Text, null=True, comment="guid / id as given; NULL = missing or blank"),
    _column(
        "url", Text, null=True, comment="Link, absolute; as written when it cannot be asked; NULL = none"
    ),
    _column("title", Text, null=True, comment="Plain text; NULL = missing"),
    _column("summary_html", Text, null=True, comment="Short form; NULL = missing"),
    _column("content_html", Text, null=True, comment="Full form; NULL = missing"),
    _column("authors", Json, comment="A list of texts"),
    _column("categories", Json, comment="A list of texts"),
    _column("enclosures", Json, comment="A list of {url, media_type, length_bytes}"),
    _column("language", Text, null=True, comment="BCP 47 as declared; NULL = not declared"),
    _column("source_title", Text, null=True, comment="Feed that the item was taken from; NULL = not given"),
    _column("comments_url", Text, null=True, comment="Address of its comments; NULL = none"),
    _column(
        "published_at", UtcDateTime, null=True, comment="As claimed, also in the future; NULL = none readable"
    ),
    _column("updated_at", UtcDateTime, null=True, comment="As claimed; NULL = none readable"),
    _column("first_seen_at", UtcDateTime, comment="Poll that brought it first"),
    _column("last_seen_at", UtcDateTime, comment="Last poll whose document was read and had it"),
    _column("changed_at", UtcDateTime, comment="Last poll in which its item was new or different"),
    sa.UniqueConstraint("feed_id", "key"),
    sa.Index("ix_entry_feed_id_digest", "feed_id", "digest"),
    sa.Index("ix_entry_page_id", "page_id"),
    sa.Index("ix_entry_first_seen_at", "first_seen_at"),
)

revision = sa.Table(
    "revision",
    metadata,
    _id(),
    _column(
        "article_id", sa.BigInteger, sa.ForeignKey("article.id"), comment="Article of which it is a state"
    ),
    _column("number", sa.Integer, comment="1, 2, 3 …"),
    _column("title", Text, null=True, comment="Headline; NULL = none found"),
    _column("authors", Json, comment="People, a list of texts"),
    _column("lead", Text, null=True, comment="Standfirst that is not in `body`; NULL = none"),
    _column("body", Text, comment="Clean paragraphs, a blank line between two"),
    _column("published_at", UtcDateTime, null=True, comment="By page or feed; NULL = neither says"),
    _column("modified_at", UtcDateTime, null=True, comment="By page or feed; NULL = neither says"),
    _column("language", Text, null=True, comment="BCP 47; NULL = nobody declares it"),
    _column("site_name", Text, null=True, comment="Outlet as the page names it; NULL = it does not"),
    _column("declared_url", Text, null=True, comment="Address that the page declares; NULL = none"),
    _column("agency", Text, null=True, comment="Agency credited with the text; NULL = none named"),
    _column("agency_evidence", Text, null=True, comment="Where that was read; NULL = no agency"),
    _column("agency_quote", Text, null=True, comment="Words that were read; NULL = no agency"),
    _column("source", Text, comment="page | feed | json-ld: where the text was taken from"),
    _column("text_hash", Text, comment="sha256 of title, lead and body; equal = nothing changed"),
    _column("word_count", sa.Integer, comment="Words of lead and body, see `words.count_words`"),
    _column("scheme", Text, comment="Method of the fingerprint"),
    _column("token_count", sa.Integer, comment="Tokens that the fingerprint saw"),
    _column("shingle_count", sa.Integer, comment="Distinct shingles of the text"),
    _column("created_at", UtcDateTime, comment="When this state was stored"),
    _column(
        "structure",
        Json,
        null=True,
        comment="Kinds and links of the paragraphs of `body`, see `store.content`; NULL = all plain",
    ),
    sa.Column(
        "images",
        Json,
        nullable=False,
        server_default="[]",
        comment="A list of {url, caption, alt, before}, as in `model.Image`",
    ),
    _column("section", Text, null=True, comment="The outlet's own section; NULL = the page names none"),
    sa.Column(
        "tags", Json, nullable=False, server_default="[]", comment="The outlet's keywords, a list of texts"
    ),
    _column("licence", Text, null=True, comment="Name or address of its licence; NULL = none declared"),
    _column("free", sa.Boolean, null=True, comment="Whether all may read it; NULL = its page does not say"),
    _column(
        "tdm_reserved",
        sa.Boolean,
        null=True,
        comment="Whether text and data mining is reserved (TDMRep); NULL = not said",
    ),
    _column("tdm_policy", Text, null=True, comment="Where the terms of that stand; NULL = not said"),
    sa.Column(
        "robots",
        Json,
        nullable=False,
        server_default="[]",
        comment="Directives of robots meta and X-Robots-Tag, a list of texts",
    ),
    _column(
        "completeness", Text, null=True, comment="whole | teaser | summary; NULL = from before it was told"
    ),
    _column(
        "source_reason", Text, null=True, comment="Why it was taken from `source`; NULL = there was no choice"
    ),
    _column("extractor", Text, null=True, comment="own | trafilatura; NULL = from before it was told"),
    _column(
        "readings",
        Json,
        null=True,
        comment="What was read for each field and why one was taken, see `store.content`; NULL = not kept",
    ),
    sa.UniqueConstraint("article_id", "number"),
    sa.Index("ix_revision_created_at", "created_at"),
)

raw = sa.Table(
    "raw",
    metadata,
    sa.Column(
        "revision_id", sa.BigInteger, sa.ForeignKey("revision.id"), primary_key=True, comment="Its text"
    ),
    _column("content_type", Text, null=True, comment="Header as served; NULL = none"),
    _column("zstd", sa.LargeBinary, comment="Body after content decoding, compressed with zstd"),
    _column("body_bytes", sa.Integer, comment="Size before compression"),
)


def _postings(name: str) -> sa.Table:
    return sa.Table(
        name,
        metadata,
        sa.Column("hash", sa.Integer, primary_key=True, comment="Anchor: a sampled shingle, signed 32-bit"),
        # No index by cluster: what a cluster posted is told from its texts, at a third of the space.
        sa.Column(
            "cluster_id",
            sa.BigInteger,
            primary_key=True,
            autoincrement=False,
            comment="An article of it has the anchor",
        ),
        _column("scheme", sa.SmallInteger, comment="Number of the method in `postings.SCHEMES`"),
        sqlite_with_rowid=False,
    )


# New rows, and where they are moved by and by; see `store.postings`.
recent_posting = _postings("recent_posting")
posting = _postings("posting")

# A new text finds by its postings only clusters that live, so upkeep passes the others by.
_LIVES = sa.text("size > 0")

cluster = sa.Table(
    "cluster",
    metadata,
    _id(),
    _column("canonical_id", sa.BigInteger, null=True, comment="Article that represents it; NULL = it ended"),
    _column("size", sa.Integer, comment="Articles in it; 0 = it ended"),
    _column("created_at", UtcDateTime, comment="When its first article was put into it"),
    _column("active_at", UtcDateTime, comment="When an article last joined or was revised"),
    _column(
        "successor_id",
        sa.BigInteger,
        null=True,
        comment="Cluster that took up its articles; NULL = it lives, or all were forgotten",
    ),
    _column("pinned_at", UtcDateTime, null=True, comment="When a person fixed who is in it; NULL = not"),
    _column(
        "canonical_pinned_at",
        UtcDateTime,
        null=True,
        comment="When a person chose its canonical; NULL = not chosen",
    ),
    _column(
        "indexed",
        sa.SmallInteger,
        null=True,
        comment="Scheme of its postings, 0 = to be rebuilt; NULL = has none: expired, ended, not yet built",
    ),
    sa.Index("ix_cluster_active_at", "active_at"),
    sa.Index(
        "ix_cluster_indexed_active_at",
        "indexed",
        "active_at",
        sqlite_where=_LIVES,
        postgresql_where=_LIVES,
    ),
    # An id that has ended is never given again: events and people may still name it.
    sqlite_autoincrement=True,
)

member = sa.Table(
    "member",
    metadata,
    sa.Column("article_id", sa.BigInteger, sa.ForeignKey("article.id"), primary_key=True, comment="Member"),
    _column("cluster_id", sa.BigInteger, sa.ForeignKey("cluster.id"), comment="Its cluster; exactly one"),
    _column("role", Text, comment="canonical | copy | excerpt | expanded | update, beside the canonical"),
    _column(
        "matched_id", sa.BigInteger, null=True, comment="Article by which it came there; NULL = it was first"
    ),
    _column(
        "containment", sa.Float, null=True, comment="Share of it found in the canonical; NULL = it is that"
    ),
    _column("containment_reverse", sa.Float, null=True, comment="Share of the canonical found in it"),
    _column("jaccard", sa.Float, null=True, comment="Shown, never decides; NULL = it is the canonical"),
    _column("reason", Text, comment="Rule that decided, with its figures"),
    _column("placed_at", UtcDateTime, comment="When it was decided"),
    _column(
        "masked",
        Hashes,
        null=True,
        comment="Anchors of its text that were furniture then, 4 bytes each, ascending; NULL = none",
    ),
    sa.Index("ix_member_cluster_id", "cluster_id"),
)

related = sa.Table(
    "related",
    metadata,
    sa.Column("article_id", sa.BigInteger, sa.ForeignKey("article.id"), primary_key=True, comment="One"),
    sa.Column(
        "other_id",
        sa.BigInteger,
        sa.ForeignKey("article.id"),
        primary_key=True,
        comment="Another, of another cluster then, that has a part of the same text",
    ),
    _column("containment", sa.Float, comment="Share of the one found in the other"),
    _column("containment_reverse", sa.Float, comment="Share of the other found in the one"),
    _column("rule", Text, comment="Why the two are not one text, with figures"),
    sa.Index("ix_related_other_id", "other_id"),
)

ruling = sa.Table(
    "ruling",
    metadata,
    sa.Column("article_id", sa.BigInteger, sa.ForeignKey("article.id"), primary_key=True, comment="One"),
    sa.Column(
        "other_id",
        sa.BigInteger,
        sa.ForeignKey("article.id"),
        primary_key=True,
        comment="Another, of a greater number",
    ),
    _column("ruling", Text, comment="together | apart: what a person decided, for good"),
    _column("at", UtcDateTime, comment="When it was decided"),
    sa.Index("ix_ruling_other_id", "other_id"),
)

event = sa.Table(
    "event",
    metadata,
    _id(),
    _column("at", UtcDateTime, comment="When it happened"),
    _column("kind", Text, comment="See `model.EventKind`"),
    _column("feed_id", sa.BigInteger, null=True, comment="Feed concerned; NULL = none"),
    _column("article_id", sa.BigInteger, null=True, comment="Article concerned; NULL = none"),
    _column("cluster_id", sa.BigInteger, null=True, comment="Cluster concerned; NULL = none"),
    _column(
        "data", Json, comment="Facts of the kind; never text of an article, so a takedown leaves none here"
    ),
    sa.Index("ix_event_at", "at"),
    # Readers remember the last id they saw, also when everything up to it is past retention.
    sqlite_autoincrement=True,
)

# Name -> SELECT. Plain SQL that both databases read the same.
VIEWS: dict[str, str] = {
    "v_article": """
        SELECT a.id AS article_id, a.url, a.site, r.number AS revision, r.title, r.authors, r.lead, r.body,
               r.published_at, r.modified_at, r.language, r.site_name, r.agency, r.source AS text_source,
               r.word_count, r.text_hash, a.first_seen_at, r.created_at AS revised_at,
               m.cluster_id, m.role, r.section, r.tags, r.completeness, r.source_reason, r.extractor,
               r.licence, r.free, r.tdm_reserved, r.images
        FROM article a
        JOIN revision r ON r.article_id = a.id AND r.number = a.revision
        LEFT JOIN member m ON m.article_id = a.id
        WHERE a.state = 'live'""",
    "v_revision": """
        SELECT r.article_id, r.number AS revision, a.url, a.site, r.title, r.lead, r.body, r.published_at,
               r.modified_at, r.text_hash, r.word_count, r.created_at, r.source AS text_source,
               r.completeness, r.extractor
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
               AS has_left,
               COALESCE(e.published_at > e.first_seen_at, false) AS dated_ahead
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
