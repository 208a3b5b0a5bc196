"""What a page says about itself, every place of it side by side, and what is made of that.

    1. gather    one pass over the tree           declared, json_ld
    2. read      each field in all its places     titles, authors, times, language, subjects, rights
    3. ask       what is carried unseen, for what nothing else tells         unseen
    4. resolve   the best reading of each, with the reason
    5. feed      what its entry says stands beside, and fills what the page leaves open

The page's own word goes first. A feed's entry is evidence: it tells the time of a day that the page states,
and whatever the page does not state at all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from lxml.html import HtmlElement

from ingestd.clean import authors, language, subjects, times, titles
from ingestd.clean.agency import default_table, names_agency
from ingestd.clean.authors import AuthorReading, Names
from ingestd.clean.dates import Moment, read_moment
from ingestd.clean.declared import Declared, gather
from ingestd.clean.decode import strip_controls
from ingestd.clean.json_ld import ARTICLE_TYPES, Graph, Json, address, listed, place, text
from ingestd.clean.rights import read_rights
from ingestd.clean.times import DateReading
from ingestd.clean.tree import Block
from ingestd.clean.unseen import STATE, Unseen
from ingestd.model import Reading, Resolved, Rights

_CREDIT_FIELDS = (
    "author", "creditText", "provider", "sourceOrganization", "copyrightHolder", "isBasedOn", "creator",
)  # fmt: skip
_CREDIT_META = ("author", "dc.creator", "dc.source", "copyright", "source", "syndication-source", "creator")
_ARTICLE_TYPES = frozenset(kind.lower() for kind in ARTICLE_TYPES) | {"article"}
_IMAGE_META = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
# Byline and date stand so near to the headline.
_LINES_ABOVE, _LINES_BELOW = 5, 14
# So much of the page tells its language well enough.
_SAMPLE_LINES = 30
_SAMPLE_LINE = 40
# A page whose lines have no more characters may be built in the browser.
_THIN = 600


@dataclass(frozen=True, slots=True)
class Sources:
    """The readings of a page before they are resolved, each kind with the most credible first."""

    titles: tuple[Reading, ...] = ()
    authors: tuple[AuthorReading, ...] = ()
    published: tuple[DateReading, ...] = ()
    modified: tuple[DateReading, ...] = ()
    languages: tuple[Reading, ...] = ()
    # When the page was served, by its server's clock; None when that is not known.
    served: datetime | None = None
    # What the site's publisher is called.
    publisher: str | None = None
    # Squeezed names of the site, and the page's lines that its language was checked against.
    site: frozenset[str] = frozenset()
    sample: str = ""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says about itself; None or empty where it says nothing."""

    title: str | None = None
    # Every spelling of the headline on the page, for taking a repeated one out of the text.
    headlines: tuple[str, ...] = ()
    description: str | None = None
    # People; where none is named, the agency, desk or outlet that is stated under a name of its own.
    authors: tuple[str, ...] = ()
    # Everything stated as the author, agencies and desks as well.
    bylines: tuple[str, ...] = ()
    # Names in which a text credit can stand: JSON-LD author, creditText, provider, and the meta elements.
    credits: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    # As declared, checked against the page's lines; None where that leaves it open.
    language: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    site_name: str | None = None
    declared_url: str | None = None
    # Absolute address of the picture that stands for the article.
    image: str | None = None
    rights: Rights = field(default_factory=Rights)
    # og:type and the JSON-LD types, lower case.
    types: frozenset[str] = frozenset()
    # JSON-LD articleBody as it stands there: a witness of the text, seldom its source. None when not given.
    article_body: str | None = None
    word_count: int | None = None
    # How title, authors, times and language were found.
    readings: tuple[Resolved, ...] = ()
    # What the readings were made of, for reading them again beside a feed's.
    sources: Sources = field(default_factory=Sources)

    @property
    def free(self) -> bool | None:
        """schema.org isAccessibleForFree; None when not stated."""
        return self.rights.free

    @property
    def says_article(self) -> bool:
        """Whether the publisher calls this page an article."""
        return not _ARTICLE_TYPES.isdisjoint(self.types)


def read_metadata(
    root: HtmlElement,
    url: str,
    lines: Sequence[Block] = (),
    headers: Mapping[str, str] | None = None,
    *,
    is_agency: Callable[[str], bool] | None = None,
) -> Metadata:
    """Everything that the page at `url` says about itself.

    `lines` are its blocks, `headers` those of its response. `is_agency` tells whether a name is a news
    agency's; None: by the table that travels with the program.
    """
    page = gather(root, url, lines, headers or {})
    declared_url = _declared_url(page)
    places = {place(one) for one in (url, declared_url or "")} - {""}
    story = page.graph.story(page.titles, places)
    site = titles.site_names(page, story)
    headlines = titles.read_titles(page, story, site)
    sample = _sample(lines)
    unseen = Unseen(root, url, tuple(one.value for one in headlines), len(sample) < _THIN)
    headlines = _with_unseen(headlines, unseen)
    languages = language.declared_languages(page, story)
    near = _near_headline(page, headlines)
    said = authors.in_markup(page, story)
    declared = languages[0].value if languages else ""
    names = Names(site, is_agency or _is_agency)
    sources = Sources(
        titles=headlines,
        authors=authors.read_authors(page, said, names, near, declared, unseen),
        published=times.read_published(page, story, near, declared, unseen),
        modified=times.read_modified(page, story, unseen),
        languages=languages,
        served=_served(page),
        publisher=titles.publisher_name(story) or titles.site_name(page, story),
        site=site,
        sample=sample,
    )
    bylines = authors.stated_names(said)
    described = replace(_described(page, story, sources), bylines=bylines, declared_url=declared_url)
    return _resolved(described, sources)


def with_entry(
    stated: Metadata,
    *,
    title: str | None = None,
    authors: tuple[str, ...] = (),
    published_at: datetime | None = None,
    updated_at: datetime | None = None,
    language: str | None = None,
) -> Metadata:
    """What a page says and what its feed's entry says, side by side."""
    page = stated.sources
    titles_read = (*page.titles, Reading(times.FEED, title)) if title else page.titles
    sources = replace(
        page,
        titles=titles_read,
        authors=_with_names(page, authors),
        published=_with_time(page.published, published_at),
        modified=_with_time(page.modified, updated_at),
        languages=_with_language(page.languages, language),
    )
    return _resolved(stated, sources)


# ---------------------------------------------------------------------------------- reading


def _near_headline(page: Declared, headlines: Sequence[Reading]) -> Sequence[Block]:
    place = titles.headline_place(page.lines, headlines, page.h1)
    return page.lines[max(0, (place or 0) - _LINES_ABOVE) : (place or 0) + _LINES_BELOW]


def _with_unseen(headlines: tuple[Reading, ...], unseen: Unseen) -> tuple[Reading, ...]:
    """The headlines; where its window alone has one, first that of the object which the page is built of."""
    if any(one.source != "title" for one in headlines) or not unseen.facts.title:
        return headlines
    return (Reading(STATE, unseen.facts.title), *headlines)


def _described(page: Declared, story: Json, sources: Sources) -> Metadata:
    """The fields that need no weighing."""
    kinds = {(page.first("og:type") or "").lower(), *page.graph.types}
    return Metadata(
        description=text(story.get("description"))
        or page.first("og:description", "description", "twitter:description"),
        credits=authors.text_credits(page, story, _CREDIT_FIELDS, _CREDIT_META),
        section=subjects.read_section(page, story, (r.value for r in sources.titles), sources.site),
        tags=subjects.read_tags(page, story, sources.site),
        site_name=titles.site_name(page, story),
        image=_image(page, story),
        rights=read_rights(page, story),
        types=frozenset(kinds - {""}),
        article_body=_article_body(story, page.graph),
        word_count=_number(story.get("wordCount")),
    )


def _is_agency(line: str) -> bool:
    return names_agency(default_table(), line) is not None


def _served(page: Declared) -> datetime | None:
    moment = read_moment(page.headers.get("date"))
    return moment.utc if moment and moment.timed else None


def _sample(lines: Sequence[Block]) -> str:
    prose = (line.text for line in lines if len(line.text) >= _SAMPLE_LINE and not line.linked)
    return "\n".join(islice(prose, _SAMPLE_LINES))


def _declared_url(page: Declared) -> str | None:
    links = [reference for rel, reference in page.links if "canonical" in rel]
    found = (page.absolute(reference) for reference in (*links, page.first("og:url")))
    return next((one for one in found if one), None)


def _image(page: Declared, story: Json) -> str | None:
    stated = (page.first(*_IMAGE_META), *(address(one) for one in listed(story.get("image"))))
    found = (page.absolute(reference) for reference in stated)
    return next((one for one in found if one), None)


def _article_body(story: Json, graph: Graph) -> str | None:
    nodes = (
        (story, *(node for node in graph.of_type("NewsArticle") if node is not story))
        if not story
        else (story,)
    )
    bodies = (node.get("articleBody") for node in nodes)
    return next((strip_controls(body) for body in bodies if isinstance(body, str) and body.strip()), None)


def _number(value: object) -> int | None:
    if isinstance(value, str) and value.isdecimal() and len(value) < 8:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


# ---------------------------------------------------------------------------------- resolving


def _resolved(stated: Metadata, sources: Sources) -> Metadata:
    title = titles.resolve_title(sources.titles)
    people, named = authors.resolve_authors(sources.authors, sources.publisher)
    published, modified, dated = times.resolve_times(sources.published, sources.modified, sources.served)
    spoken = language.checked(sources.languages, sources.sample)
    return replace(
        stated,
        title=title.value,
        headlines=tuple(dict.fromkeys(reading.value for reading in sources.titles)),
        authors=people,
        published_at=published,
        modified_at=modified,
        language=spoken.value,
        readings=(title, named, *dated, spoken),
        sources=sources,
    )


# ---------------------------------------------------------------------------------- the feed's entry


def _with_names(page: Sources, stated: tuple[str, ...]) -> tuple[AuthorReading, ...]:
    return (*page.authors, Names(page.site, _is_agency).read(times.FEED, stated)) if stated else page.authors


def _with_time(readings: tuple[DateReading, ...], moment: datetime | None) -> tuple[DateReading, ...]:
    return (*readings, DateReading(times.FEED, Moment.of(moment))) if moment else readings


def _with_language(readings: tuple[Reading, ...], stated: str | None) -> tuple[Reading, ...]:
    tag = language.language_tag(stated)
    return (*readings, Reading(times.FEED, tag)) if tag else readings
