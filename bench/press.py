"""Any number of invented sites and articles, made of the demo's paragraphs and printed in its templates.

Everything follows from the seed and the numbers of site and article, so nothing has to be kept. Each use of a
paragraph exchanges about a third of its words: two articles that share a paragraph then have few
sequences of words in common, as two articles of a newspaper do.

Sites come in pairs of one language. The second of a pair prints every third article after the first, cut
and under a dateline and headline of its own: those are the copies.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from random import Random
from types import MappingProxyType

from ingestd.demo.feeds import content_type, feed_document
from ingestd.demo.pages import PageWriter
from ingestd.demo.world import Block, FeedSpec, Outlet, Page, World, load_world

# The moment at which every site is seen; fixed, so that bodies are equal from run to run.
MOMENT = datetime(2026, 11, 1, 12, tzinfo=UTC)

# Languages of which the demo has enough paragraphs; a pair of sites in so many takes the second.
LANGUAGES = ("en", "de")
_SECOND_LANGUAGE_EVERY = 6

FEED_PATH = "/feed.xml"
_FORMATS = ("rss", "rss", "rss", "atom", "rss", "atom", "rss", "rdf", "rss", "atom")

_EXCHANGED_WORDS = 0.35
_COPIED_EVERY = 3


def host(site: int) -> str:
    """The host of a site."""
    return f"f{site:03}.localhost"


def article_path(number: int) -> str:
    """Where a site has its article of that number."""
    return f"/news/article-{number}"


@dataclass(frozen=True, slots=True)
class _Stock:
    """What articles of one language are made of."""

    outlets: tuple[Outlet, ...]
    paragraphs: tuple[str, ...]
    # Words that may stand for one another: long enough to matter, and no names.
    words: tuple[str, ...]


class Press:
    """Prints feeds and pages; `port` is where its sites are served."""

    def __init__(self, seed: int, port: int) -> None:
        self._seed = seed
        self._port = port
        self._demo = load_world(MOMENT)
        self._stocks = {language: self._stock(language) for language in LANGUAGES}
        self._site_pages = lru_cache(maxsize=64)(self._print_site)
        self._feed = cache(self._print_feed)

    def feed(self, site: int, newest: int, size: int) -> tuple[bytes, str]:
        """Body and Content-Type of a site's feed that ends with article number `newest`."""
        return self._feed(site, newest, size)

    def page(self, site: int, number: int) -> bytes:
        """The page of one article."""
        # Pages come in blocks, because every page shows teasers of its neighbours.
        block = number // 20
        outlet, pages = self._site_pages(site, block)
        world = World((outlet,), MappingProxyType({}), pages, self._demo.words)
        writer = PageWriter(world, outlet, MOMENT, self._base(site))
        return writer.article(pages[number % 20])

    # ------------------------------------------------------------------ sites

    def _outlet(self, site: int) -> Outlet:
        return replace(
            self._stock_of(site).outlets[site % len(self._stock_of(site).outlets)], host=host(site)
        )

    def _stock_of(self, site: int) -> _Stock:
        second = site // 2 % _SECOND_LANGUAGE_EVERY == _SECOND_LANGUAGE_EVERY - 1
        return self._stocks[LANGUAGES[second]]

    def _base(self, site: int) -> str:
        return f"http://{host(site)}:{self._port}"

    def _print_site(self, site: int, block: int) -> tuple[Outlet, tuple[Page, ...]]:
        outlet = self._outlet(site)
        numbers = range(block * 20, block * 20 + 20)
        return outlet, tuple(self._article(outlet, site, number) for number in numbers)

    def _print_feed(self, site: int, newest: int, size: int) -> tuple[bytes, str]:
        outlet = self._outlet(site)
        spec = FeedSpec(str(site), FEED_PATH, _FORMATS[site % len(_FORMATS)], note="", guid="link")
        numbers = range(newest, newest - size, -1)
        pages = [self._article(outlet, site, number, teaser_only=True) for number in numbers]
        return feed_document(outlet, spec, pages, self._base(site)), content_type(outlet, spec)

    # ------------------------------------------------------------------ articles

    def _article(self, outlet: Outlet, site: int, number: int, *, teaser_only: bool = False) -> Page:
        copied = is_copy(site, number)
        story = Random(f"{self._seed}/{site - copied}/{number}")
        stock = self._stock_of(site)
        texts = [self._paragraph(stock, story)]
        if not teaser_only:
            texts += [self._paragraph(stock, story) for _ in range(story.randrange(5, 11))]
        own = Random(f"{self._seed}/{site}/{number}/own")
        if copied:
            texts = texts[: max(1, round(len(texts) * own.uniform(0.6, 1.0)))]
            texts[0] = f"PORT ELLERY (MPA) - {texts[0]}"
        published = MOMENT - timedelta(days=30) + timedelta(hours=number)
        return Page(
            outlet=outlet,
            path=article_path(number),
            section=outlet.sections[0][0],
            title=" ".join(self._paragraph(stock, own).split()[:8]).rstrip(".,;:"),
            blocks=tuple(Block(text) for text in texts),
            published=published,
            modified=published,
            authors=("Maud Ferrin",),
            slug=f"{site}-{number}",
        )

    def _stock(self, language: str) -> _Stock:
        pages = [page for page in self._demo.pages if page.outlet.language == language]
        blocks = {block.text for page in pages for block in page.blocks if not block.heading}
        paragraphs = tuple(sorted(text for text in blocks if len(text) > 120))
        words = sorted({word for text in paragraphs for word in text.split() if _is_exchangeable(word)})
        outlets = tuple(outlet for outlet in self._demo.outlets if outlet.language == language)
        return _Stock(outlets, paragraphs, tuple(words))

    def _paragraph(self, stock: _Stock, dice: Random) -> str:
        words = dice.choice(stock.paragraphs).split(" ")
        return " ".join(
            dice.choice(stock.words) if _is_exchangeable(word) and dice.random() < _EXCHANGED_WORDS else word
            for word in words
        )


def is_copy(site: int, number: int) -> bool:
    """Whether a site's article is the text of the site before it."""
    return site % 2 == 1 and number % _COPIED_EVERY == 0


def _is_exchangeable(word: str) -> bool:
    return len(word) > 2 and word.isalpha() and word.islower()
