"""ingestd: feeds in, a clean, deduplicated, versioned archive of news out.

The package is laid out as one road with a pure wing and an edge wing; the picture and the rules
that keep it so stand in README.md under "Architecture", and `tests/test_architecture.py` checks them.
"""

__version__ = "0.1.0"
