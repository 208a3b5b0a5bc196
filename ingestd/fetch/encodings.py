"""Content codings of HTTP (RFC 9110 §8.4.1) undone in bounded steps.

No decoder here returns more than `STEP_BYTES` at once, so the reader can stop a decompression bomb at
its own limit: HTTP libraries inflate what one read gave them as a whole, and 809 bytes of brotli hold a
gigabyte. A decoder's own window is bounded too: 32 KB (zlib), 16 MB (brotli), 8 MB (zstd).

Rules
    * one coding; stacked codings are refused, because nobody needs them except bombs
    * a coding that is not in `ACCEPT_ENCODING` is refused, not passed on as if it were text
    * a stream that ends in the middle is an error; a body of no bytes at all is an empty body
    * gzip and zstd may consist of several members; what follows the last gzip member is no data, as
      gzip(1) has it
"""

import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import brotli

from ingestd.errors import BadResponse

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# Every coding that `decoder_for` knows, as it is offered to servers.
ACCEPT_ENCODING = "gzip, deflate, br, zstd"
# Largest piece of output that a decoder gives at once.
STEP_BYTES = 64 * 1024
# Starting a member costs far more than its twenty bytes on the wire; real files have a handful.
MAX_MEMBERS = 1_000
# RFC 9659: zstd over HTTP needs no window above 8 MB, two to this power.
ZSTD_WINDOW_LOG_MAX = 23
# Brotli fills whole blocks of output, of 32 KB and then 64 KB, until it has passed the limit: asked for
# 64 KB it gives 96, asked for less than its first block it gives that block.
_BROTLI_LIMIT = 16 * 1024
_GZIP_MAGIC = b"\x1f\x8b"


class Decoder(Protocol):
    """Undoes one coding. Broken input raises BadResponse from either method."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Decode what arrived, in pieces of at most `STEP_BYTES`; to be exhausted before the next call."""
        ...

    def finish(self) -> None:
        """The body has ended; BadResponse when the coded stream has not."""
        ...


def decoder_for(content_encoding: str | None) -> Decoder:
    """The decoder for a Content-Encoding header; BadResponse when it is unknown or stacked."""
    codings = [token.strip().lower() for token in (content_encoding or "").split(",")]
    named = [coding for coding in codings if coding not in ("", "identity")]
    if len(named) > 1:
        raise BadResponse(f"stacked content encodings are refused: {', '.join(named)[:80]}")
    coding = named[0] if named else "identity"
    if coding not in _DECODERS:
        raise BadResponse(f"unknown content encoding {coding[:40]!r}")
    return _DECODERS[coding]()


class _Identity:
    """Bytes as they came, in steps like all others."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        for start in range(0, len(data), STEP_BYTES):
            yield data[start : start + STEP_BYTES]

    def finish(self) -> None:
        """Nothing can be missing: HTTP's own framing is checked before."""


class _Gzip:
    """gzip (RFC 1952), of one or several members."""

    def __init__(self) -> None:
        self._member = _Inflater(zlib.MAX_WBITS | 16)
        self._members = 1
        # What came after a complete member and is too short to tell whether it starts another.
        self._after = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        data = self._after + data
        self._after = b""
        while data:
            if self._member.ended and not self._next_member(data):
                return
            yield from self._member.feed(data)
            data = self._member.rest

    def finish(self) -> None:
        self._member.finish()

    def _next_member(self, data: bytes) -> bool:
        if not data.startswith(_GZIP_MAGIC):
            self._after = data if data == _GZIP_MAGIC[:1] else b""
            return False
        self._members = _count_member(self._members)
        self._member = _Inflater(zlib.MAX_WBITS | 16)
        return True


class _Deflate:
    """ "deflate": the zlib format (RFC 1950), or the bare stream that many servers send instead."""

    def __init__(self) -> None:
        self._head = b""
        self._inflater: _Inflater | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._inflater is None:
            data = self._head = self._head + data
            if len(data) < 2:
                return
            self._inflater = _Inflater(zlib.MAX_WBITS if _is_zlib_header(data) else -zlib.MAX_WBITS)
        yield from self._inflater.feed(data)

    def finish(self) -> None:
        if self._inflater is not None:
            self._inflater.finish()
        elif self._head:
            raise BadResponse("the deflate data ends in the middle")


class _Inflater:
    """One zlib stream in the format that `wbits` names."""

    def __init__(self, wbits: int) -> None:
        self._zlib = zlib.decompressobj(wbits)
        self._touched = False

    @property
    def ended(self) -> bool:
        return self._zlib.eof

    @property
    def rest(self) -> bytes:
        """Input that stands behind the end of the stream."""
        return self._zlib.unused_data

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._touched = self._touched or bool(data)
        more = True
        while more and not self._zlib.eof:
            piece = _inflate(self._zlib.decompress, data)
            data = self._zlib.unconsumed_tail
            # A full piece may leave output behind in zlib after its last byte of input is taken.
            more = bool(data) or len(piece) == STEP_BYTES
            if piece:
                yield piece

    def finish(self) -> None:
        if self._touched and not self._zlib.eof:
            raise BadResponse("the gzip or deflate data ends in the middle")


class _Brotli:
    """br (RFC 7932)."""

    def __init__(self) -> None:
        self._brotli = brotli.Decompressor()
        self._touched = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._touched = self._touched or bool(data)
        # `can_accept_more_data` says True although output is waiting: only empty output is the end of it.
        piece = self._process(data)
        while piece:
            yield piece
            piece = self._process(b"")

    def _process(self, data: bytes) -> bytes:
        try:
            piece: bytes = self._brotli.process(data, output_buffer_limit=_BROTLI_LIMIT)
        except brotli.error as error:
            raise BadResponse(f"broken br data: {error}") from error
        return piece

    def finish(self) -> None:
        if self._touched and not self._brotli.is_finished():
            raise BadResponse("the br data ends in the middle")


class _Zstd:
    """zstd (RFC 8878), of one or several frames."""

    def __init__(self) -> None:
        self._frame = _zstd_frame()
        self._frames = 1
        self._touched = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._touched = self._touched or bool(data)
        more = bool(data)
        while more:
            if self._frame.eof:
                self._frames = _count_member(self._frames)
                self._frame = _zstd_frame()
            piece = _inflate(self._frame.decompress, data)
            data = self._frame.unused_data if self._frame.eof else b""
            more = bool(data) if self._frame.eof else not self._frame.needs_input
            if piece:
                yield piece

    def finish(self) -> None:
        if self._touched and not self._frame.eof:
            raise BadResponse("the zstd data ends in the middle")


def _zstd_frame() -> zstd.ZstdDecompressor:
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW_LOG_MAX})


def _inflate(decompress: Callable[[bytes, int], bytes], data: bytes) -> bytes:
    try:
        return decompress(data, STEP_BYTES)
    except (zlib.error, zstd.ZstdError) as error:
        raise BadResponse(f"broken compressed data: {error}") from error


def _is_zlib_header(data: bytes) -> bool:
    """RFC 1950 §2.2: method 8, and the first two bytes are a multiple of 31."""
    return data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0


def _count_member(count: int) -> int:
    if count >= MAX_MEMBERS:
        raise BadResponse(f"more than {MAX_MEMBERS} compressed members")
    return count + 1


_DECODERS: dict[str, Callable[[], Decoder]] = {
    "identity": _Identity,
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "deflate": _Deflate,
    "br": _Brotli,
    "zstd": _Zstd,
}
