"""From a page to its clean text. No clock, network or database; heavy libraries load on first use."""

from ingestd.clean.article import Hints, clean_feed_text, clean_page

__all__ = ["Hints", "clean_feed_text", "clean_page"]
