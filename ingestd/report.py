"""What a run did: every feed and every page leaves by exactly one door, and the sums agree."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from ingestd.model import FeedOutcome, PageOutcome

FAILED_FEEDS = (FeedOutcome.FAILED, FeedOutcome.CRASHED)
FAILED_PAGES = (PageOutcome.FAILED, PageOutcome.CRASHED)


@dataclass(frozen=True, slots=True)
class FeedLine:
    """How one feed left the run."""

    key: str
    outcome: FeedOutcome
    # The failure, or the reason of parking, for people; None when neither.
    message: str | None = None
    # HTTP status; None when there was no response.
    status: int | None = None
    new: int = 0
    changed: int = 0
    seen: int = 0


@dataclass(frozen=True, slots=True)
class PageLine:
    """How one page left the run."""

    # Its address; its key when it has none.
    name: str
    outcome: PageOutcome
    # Verdict, failure or reason of parking, for people; None when there is an article.
    detail: str | None = None


@dataclass(slots=True)
class Report:
    """The lines of a run as they come in; `observers` see each of them."""

    # By key and by name. A page that is due again in one long run leaves by its last door alone.
    feeds: dict[str, FeedLine] = field(default_factory=dict)
    page_lines: dict[str, PageLine] = field(default_factory=dict)
    observers: list[Callable[[FeedLine | PageLine], None]] = field(default_factory=list)

    def add(self, line: FeedLine | PageLine) -> None:
        """Count one line."""
        if isinstance(line, FeedLine):
            self.feeds[line.key] = line
        else:
            self.page_lines[line.name] = line
        for observer in self.observers:
            observer(line)

    @property
    def failed_feeds(self) -> list[FeedLine]:
        """The feeds that could not be read."""
        return [line for line in self.feeds.values() if line.outcome in FAILED_FEEDS]

    @property
    def pages(self) -> Counter[PageOutcome]:
        """How many pages left by each door."""
        return Counter(line.outcome for line in self.page_lines.values())

    @property
    def failed_pages(self) -> list[PageLine]:
        """The pages that gave no article because something failed."""
        return [line for line in self.page_lines.values() if line.outcome in FAILED_PAGES]

    def feed_count(self, outcome: FeedOutcome) -> int:
        """How many feeds left by that door."""
        return sum(line.outcome is outcome for line in self.feeds.values())
