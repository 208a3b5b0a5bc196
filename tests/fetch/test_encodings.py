"""Decoders in bounded steps."""

import gzip
import random
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestd.errors import BadResponse
from ingestd.fetch.encodings import MAX_MEMBERS, STEP_BYTES, decoder_for
from tests.fetch.codings import COMPRESS

CODINGS = ["gzip", "deflate", "raw deflate", "br", "zstd"]


def decode(coding: str, data: bytes, size: int = 65_536) -> bytes:
    """Decode `data` as it arrives in chunks of `size`; sees that no step is too long."""
    decoder = decoder_for(coding.removeprefix("raw "))
    decoded = []
    for start in range(0, len(data), size):
        for piece in decoder.feed(data[start : start + size]):
            assert len(piece) <= STEP_BYTES
            decoded.append(piece)
    decoder.finish()
    return b"".join(decoded)


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("size", [1, 2, 7, 1_000, 65_536])
def test_any_chunks_give_the_same(coding: str, size: int) -> None:
    text = random.Random(1).randbytes(3_000) + b"the same again and again " * 8_000
    assert decode(coding, COMPRESS[coding](text), size) == text


@given(st.binary(max_size=300), st.sampled_from(CODINGS), st.integers(1, 50))
def test_round_trip(data: bytes, coding: str, size: int) -> None:
    assert decode(coding, COMPRESS[coding](data), size) == data


@given(st.binary(max_size=300), st.sampled_from(CODINGS))
def test_junk_raises_nothing_but_bad_response(data: bytes, coding: str) -> None:
    with suppress(BadResponse):
        decode(coding, data)


@pytest.mark.parametrize("coding", CODINGS)
def test_spoilt_data_raises_nothing_but_bad_response(coding: str) -> None:
    good = COMPRESS[coding](b"some text that is long enough to have a body " * 20)
    for position in range(len(good)):
        spoilt = bytearray(good)
        spoilt[position] ^= 0x5A
        with suppress(BadResponse):
            decode(coding, bytes(spoilt), 16)


@pytest.mark.parametrize("coding", CODINGS)
def test_every_truncation_is_seen(coding: str) -> None:
    good = COMPRESS[coding](b"some text that is long enough to have a body " * 20)
    for length in range(1, len(good)):
        with pytest.raises(BadResponse):
            decode(coding, good[:length], 16)


@pytest.mark.parametrize("coding", CODINGS)
def test_no_bytes_are_an_empty_body(coding: str) -> None:
    assert decode(coding, b"") == b""


@pytest.mark.parametrize("coding", CODINGS)
def test_bomb_comes_in_steps(coding: str) -> None:
    bomb = COMPRESS[coding](bytes(20_000_000))
    pieces = decoder_for(coding.removeprefix("raw ")).feed(bomb)
    assert all(0 < len(next(pieces)) <= STEP_BYTES for _ in range(50))


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("size", [STEP_BYTES - 1, STEP_BYTES, STEP_BYTES + 1, 3 * STEP_BYTES])
def test_body_of_whole_steps(coding: str, size: int) -> None:
    assert decode(coding, COMPRESS[coding](bytes(size))) == bytes(size)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
@pytest.mark.parametrize("size", [1, 3, 65_536])
def test_members_are_joined(coding: str, size: int) -> None:
    compress = COMPRESS[coding]
    assert decode(coding, compress(b"one ") + compress(b"") + compress(b"two"), size) == b"one two"


@pytest.mark.parametrize("size", [1, 65_536])
@pytest.mark.parametrize("tail", [b"\0" * 20, b"\x1f", b"\x1fjunk", b"<!-- cached -->"])
def test_what_follows_the_last_gzip_member_is_ignored(tail: bytes, size: int) -> None:
    assert decode("gzip", gzip.compress(b"text") + tail, size) == b"text"


def test_second_member_cut_short_is_seen() -> None:
    with pytest.raises(BadResponse):
        decode("gzip", gzip.compress(b"one") + gzip.compress(b"two")[:-1])


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_members_without_end_are_refused(coding: str) -> None:
    with pytest.raises(BadResponse, match="members"):
        decode(coding, COMPRESS[coding](b"") * (MAX_MEMBERS + 1))


def test_zstd_window_beyond_the_standard_is_refused() -> None:
    with pytest.raises(BadResponse):
        decode("zstd", COMPRESS["wide zstd"](b"text"))


@pytest.mark.parametrize("header", [None, "", "identity", " Identity ", ",", "identity, identity"])
def test_no_coding_leaves_bytes_alone(header: str | None) -> None:
    decoder = decoder_for(header)
    assert b"".join(decoder.feed(bytes(200_000))) == bytes(200_000)
    decoder.finish()


@pytest.mark.parametrize("header", ["gzip, gzip", "br,gzip", "compress", "utf-8", "gzip;q=1", "x" * 5_000])
def test_unknown_and_stacked_codings_are_refused(header: str) -> None:
    with pytest.raises(BadResponse) as caught:
        decoder_for(header)
    assert len(str(caught.value)) < 200


def test_coding_beside_identity_is_one_coding() -> None:
    decoder = decoder_for("identity, GZIP")
    assert b"".join(decoder.feed(gzip.compress(b"text"))) == b"text"
