"""The other direction of `ingestd.fetch.encodings`: one compressor for each coding."""

import gzip
import sys
import zlib
from collections.abc import Callable

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def _raw_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


def _brotli(data: bytes) -> bytes:
    # The default quality, 11, takes seconds for a bomb.
    compressed: bytes = brotli.compress(data, quality=5)
    return compressed


def _wide_zstd(data: bytes) -> bytes:
    """A frame whose window has 128 MB, which a browser refuses as well."""
    compressor = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    return compressor.compress(data) + compressor.flush()


COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "raw deflate": _raw_deflate,
    "br": _brotli,
    "zstd": zstd.compress,
    "wide zstd": _wide_zstd,
}
