"""What the store asks of deduplication, and where the two meet; neither has heard of the other."""

from functools import cache

from ingestd.store.index import Matching


@cache
def matching() -> Matching:
    """What deduplication can do. Not before a text is to be matched: numpy comes with it."""
    from ingestd.dedupe.fingerprint import compared_text, fingerprint
    from ingestd.dedupe.placing import Placing

    return Matching(Placing, compared_text, fingerprint)
