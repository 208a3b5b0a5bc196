"""Who carries the same text: texts in, fingerprints and placements out. No clock, file or database."""

from ingestd.dedupe.fingerprint import SCHEME, fingerprint
from ingestd.dedupe.match import Settings, place

__all__ = ["SCHEME", "Settings", "fingerprint", "place"]
