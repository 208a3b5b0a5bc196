"""Who carries the same text: texts in, fingerprints and clusters out. No clock, file or database."""

from ingestd.dedupe.fingerprint import SCHEME, compared_text, fingerprint
from ingestd.dedupe.memory import MemoryIndex, memory_index

__all__ = ["SCHEME", "MemoryIndex", "compared_text", "fingerprint", "memory_index"]
