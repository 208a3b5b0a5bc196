"""Entry and page to article: the steps of cleaning in order.

    1. decode      bytes to text                             decode.py
    2. refuse      documents that are no HTML                documents.py
    3. parse       one tree, and its blocks                  tree.py, walk.py
    4. read        what the page says about itself           metadata.py, the entry and ruled.py beside it
    5. extract     its main text                             extract.py, with the feed's text as a witness
    6. judge       whether this is an article                facts.py, verdict.py
    7. open part   of an article that one has to pay for     open_part.py
    8. compare     with the text in the feed                 feed_text.py: the better one is taken
    9. credit      the news agency                           agency.py
    10. language   of the text, as declared or as it reads   language.py

lxml takes long to import, so this module asks for it when the first page comes.
"""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from ingestd.clean.agency import AgencyTable, default_table, find_agency, names_agency
from ingestd.clean.decode import decode, strip_controls
from ingestd.clean.documents import refuse_document
from ingestd.clean.ruled import as_ruled, said_by_rules
from ingestd.clean.verdict import WALLS, Settings, judge, refuse
from ingestd.model import Agency, Article, Completeness, Resolved, TextSource, Verdict
from ingestd.urls import is_http, site_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from ingestd.clean.extract import Extraction
    from ingestd.clean.feed_text import FeedText
    from ingestd.clean.metadata import Metadata
    from ingestd.clean.rules import RuleBook, SiteRules
    from ingestd.clean.tree import Block


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known of a page before it is read; everything down to `content_html` is its entry's."""

    title: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    authors: tuple[str, ...] = ()
    # BCP 47 tag; None when neither entry nor feed declares one.
    language: str | None = None
    # HTML of the entry's short and full form; None when it does not carry that form.
    summary_html: str | None = None
    content_html: str | None = None
    # The address that was asked for, which may have led elsewhere; None: not known.
    asked_url: str | None = None
    # The page's response headers, names in lower case; Content-Type matters.
    headers: Mapping[str, str] = field(default_factory=dict)
    # None: the table that travels with the program.
    agencies: AgencyTable | None = None
    # What the user says about the pages of sites; None: nothing.
    rules: "RuleBook | None" = None


@contextmanager
def _without_collector() -> Iterator[None]:
    """No search for cycles meanwhile: cleaning leaves none, and makes enough objects to set it off often."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_without_collector()
def clean_page(html: str | bytes, url: str, *, hints: Hints | None = None) -> Article:
    """The article on the page at `url`, which answered; with a verdict and no text when there is none.

    `hints` are what its feed and the response tell, and make the article better: where the entry carries the
    full text in the feed and the page fails or gives much less, the article is made of the feed's text, and
    `source` and `source_reason` say so. Never raises for any input.
    """
    work = _Work(url, hints or Hints())
    try:
        page = work.from_page(html)
    except MemoryError:
        # The process is past saving; what is done about that is its owner's to say.
        raise
    except Exception as error:
        # Whatever a page can do to us or to a library, it is no reason to lose its entry's text.
        page = Article(verdict=refuse("unreadable", _defect(error)))
    try:
        return work.better(page)
    except MemoryError:
        raise
    except Exception as error:
        return (
            page
            if page.verdict
            else replace(page, source_reason=f"the feed's text is unreadable: {_defect(error)}")
        )


def _defect(error: Exception) -> str:
    """An error of ours with the line where it arose, for who has to mend it."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" at {place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place is not None else ""
    return f"{type(error).__name__}: {error}"[:300] + where


def clean_feed_text(url: str | None, *, hints: Hints) -> Article:
    """The article that an entry itself carries, for an entry without a page or whose page cannot be had.

    `url` is the entry's address, if it has one. The full form is taken where there is one, and the summary
    otherwise, which is marked as one where the entry has an address. As an entry is its publisher's word that
    this is an article, it may be as short as a page that says so; a line or two that only point at a page are
    "empty".
    """
    article = _Work(url or "", hints).from_feed(has_page=url is not None)
    return replace(article, declared_url=url) if url and article.verdict is None else article


class _Work:
    """One page, or one entry, being cleaned."""

    def __init__(self, url: str, hints: Hints) -> None:
        self._url = url
        self._hints = hints
        self._table = hints.agencies or default_table()
        self._rules: SiteRules | None = hints.rules.for_url(url) if hints.rules and is_http(url) else None
        # Read when it is first needed; None when the entry carries no text.
        self._feed: FeedText | None = None
        self._feed_is_read = False

    # ------------------------------------------------------------------------------ the page

    def from_page(self, html: str | bytes) -> Article:
        """The article of the page alone; the feed's text is but a witness."""
        text = decode(html, self._hints.headers) if isinstance(html, bytes) else strip_controls(html)
        refusal = refuse_document(html, text, self._hints.headers)
        if refusal is None:
            return self._from_text(text)
        return self._described(self._bare(), refusal)

    def _from_text(self, text: str) -> Article:
        from ingestd.clean import metadata, tree

        root = tree.parse_html(text)
        if root is None:
            return self._described(self._bare(), refuse("empty", "there is no element in it"))
        lines = tree.blocks(root)
        of_page = metadata.read_metadata(
            root, self._url, lines, self._hints.headers, is_agency=self._is_credit
        )
        ruled = said_by_rules(self._rules, root) if self._rules else {}
        found = self._extract(root, lines, of_page, text)
        stated = self._with_entry(of_page)
        found, completeness, verdict = self._judged(text, root, lines, of_page, found)
        if verdict:
            # What stands on a wall is not about the article behind it.
            return self._described(self._bare() if verdict.reason in WALLS else stated, verdict, ruled)
        article = self._described(stated, None, ruled)
        return self._filled(article, stated, found, completeness)

    def _extract(
        self, root: "HtmlElement", lines: "list[Block]", stated: "Metadata", html: str
    ) -> "Extraction":
        from ingestd.clean.extract import Evidence, extract_text

        hints, feed = self._hints, self._feed_text()
        evidence = Evidence(
            headlines=(*stated.headlines, *((hints.title,) if hints.title else ())),
            description=stated.description,
            article_body=stated.article_body,
            feed_text=feed.text if feed and feed.full else None,
            authors=(*stated.authors, *hints.authors),
            free=stated.rights.free,
            image=stated.image,
            is_credit=self._is_credit,
            rules=self._rules,
        )
        return extract_text(root, lines, self._url, evidence, html)

    def _judged(
        self,
        text: str,
        root: "HtmlElement",
        lines: "list[Block]",
        stated: "Metadata",
        found: "Extraction",
    ) -> "tuple[Extraction, Completeness, Verdict | None]":
        from ingestd.clean.facts import Asked, gather_facts
        from ingestd.clean.open_part import open_part

        hints, feed = self._hints, self._feed_text()
        feed_text = feed.text if feed and feed.full else None
        asked = Asked(hints.asked_url, hints.headers, hints.title, feed_text)
        facts = gather_facts(text, self._url, asked, root, lines, stated, found)
        verdict = judge(facts)
        if verdict is not None and verdict.reason != "empty":
            return found, Completeness.WHOLE, verdict
        kept, completeness, walled = open_part(found, facts, Settings())
        return kept, completeness, walled or verdict

    def _filled(
        self, article: Article, stated: "Metadata", found: "Extraction", completeness: Completeness
    ) -> Article:
        """The article with its text, and with what the text tells."""
        agency = find_agency(
            self._table,
            # A dateline can stand in the first paragraph though that was taken for the standfirst.
            paragraphs=(found.lead, *found.paragraphs) if found.lead else found.paragraphs,
            authors=(*stated.bylines, *self._hints.authors),
            credits_stated=stated.credits,
            removed_lines=found.removed,
            site=_site(self._url),
        )
        source, reason = TextSource.PAGE, None
        if found.from_json_ld:
            source, reason = TextSource.JSON_LD, "the page shows less than half of the text in its JSON-LD"
        elif found.witness and found.agreement is not None:
            reason = f"{found.witness} agrees by {found.agreement:.0%}"
        filled = replace(
            article,
            content=found.content,
            lead=found.lead,
            images=found.images,
            agency=agency,
            source=source,
            source_reason=reason,
            completeness=completeness,
            extractor=found.extractor,
        )
        return _with_language(filled, stated)

    # ------------------------------------------------------------------------------ what is stated

    def _bare(self) -> "Metadata":
        """What the entry says, of a page that says nothing of its article."""
        from ingestd.clean.metadata import Metadata

        return self._with_entry(Metadata())

    def _with_entry(self, stated: "Metadata") -> "Metadata":
        from ingestd.clean.metadata import with_entry

        hints = self._hints
        said = (hints.title, hints.authors, hints.published_at, hints.updated_at, hints.language)
        if not any(said):
            return stated
        return with_entry(
            stated,
            title=hints.title,
            authors=hints.authors,
            published_at=hints.published_at,
            updated_at=hints.updated_at,
            language=hints.language,
        )

    def _described(
        self, stated: "Metadata", verdict: Verdict | None, ruled: Mapping[str, Resolved] | None = None
    ) -> Article:
        article = Article(
            title=stated.title,
            authors=stated.authors,
            published_at=stated.published_at,
            modified_at=stated.modified_at,
            language=stated.language,
            section=stated.section,
            tags=stated.tags,
            site_name=stated.site_name,
            declared_url=stated.declared_url,
            rights=stated.rights,
            readings=stated.readings,
            verdict=verdict,
        )
        return as_ruled(article, ruled) if ruled else article

    def _is_credit(self, line: str) -> bool:
        return names_agency(self._table, line) is not None

    # ------------------------------------------------------------------------------ the feed

    def _feed_text(self) -> "FeedText | None":
        if not self._feed_is_read:
            from ingestd.clean.feed_text import read_feed_text

            self._feed_is_read = True
            hints = self._hints
            self._feed = read_feed_text(hints.content_html, hints.summary_html, self._url, self._is_credit)
        return self._feed

    def better(self, page: Article) -> Article:
        """The page's article, or one of the feed's full text where that is the better text."""
        from ingestd.clean.feed_text import choose

        feed = self._feed_text()
        if feed is None or not feed.full:
            return page
        if page.verdict:
            reason = f"the page gave no article ({page.verdict.reason}), {feed.words} words in the feed"
            return self._of_feed(replace(page, verdict=None), feed, reason)
        choice = choose(page.text, feed)
        return (
            self._of_feed(page, feed, choice.reason)
            if choice.feed
            else replace(page, source_reason=choice.reason)
        )

    def from_feed(self, *, has_page: bool) -> Article:
        """The article of the entry's own text alone."""
        bare = self._described(self._bare(), None)
        feed = self._feed_text()
        if feed is None or feed.weight < Settings().least_weight:
            refusal = refuse("empty", "the feed gives too little text")
            return replace(bare, source=TextSource.FEED, verdict=refusal)
        article = self._of_feed(bare, feed, None)
        summary = has_page and not feed.full
        return replace(article, completeness=Completeness.SUMMARY) if summary else article

    def _of_feed(self, article: Article, feed: "FeedText", reason: str | None) -> Article:
        """The article with the feed's text, and what is known of the page."""
        from ingestd.clean.open_part import cut_to

        drops = self._rules.drops if self._rules else _nothing
        found = cut_to(feed.found, tuple(one for one in feed.found.content if not drops(one.text)))
        agency = article.agency or self._agency_of(feed)
        filled = replace(
            article,
            content=found.content,
            lead=None,
            # Those of the page have their places among its paragraphs.
            images=tuple(replace(one, before=None) for one in article.images) or found.images,
            agency=agency,
            source=TextSource.FEED,
            source_reason=reason,
            completeness=Completeness.WHOLE,
            extractor="own",
        )
        return _with_language(filled, self._bare())

    def _agency_of(self, feed: "FeedText") -> Agency | None:
        return find_agency(
            self._table,
            paragraphs=feed.found.paragraphs,
            authors=self._hints.authors,
            removed_lines=feed.found.removed,
            site=_site(self._url),
        )


def _nothing(_line: str) -> bool:
    return False


def _with_language(article: Article, stated: "Metadata") -> Article:
    """The article with the language that is declared for it, or that its text is in."""
    from ingestd.clean import language

    resolved = language.resolve(stated.sources.languages, article.text)
    others = tuple(one for one in article.readings if one.field != "language")
    return replace(article, language=resolved.value, readings=(*others, resolved))


def _site(url: str) -> str | None:
    return site_of(url) if url and is_http(url) else None
