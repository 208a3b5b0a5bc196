from hypothesis import given
from hypothesis import strategies as st

from ingestd.dedupe.fingerprint import MAX_ANCHORS, SCHEME, fingerprint

from .texts import WIRE, body

LONG = " ".join(f"word{n} and the {n * 7 % 97} thing number{n % 31}" for n in range(400))


def test_anchors_are_signed_ascending_and_distinct() -> None:
    anchors = fingerprint(LONG).anchors
    assert list(anchors) == sorted(set(anchors))
    assert all(-(2**63) <= anchor < 2**63 for anchor in anchors)
    assert min(anchors) < 0 < max(anchors)


def test_about_one_shingle_in_eight_is_an_anchor() -> None:
    found = fingerprint(LONG)
    assert 0.09 < len(found.anchors) / found.shingle_count < 0.16


def test_a_short_text_is_sampled_more_densely_and_covers_the_long_texts_sample_of_it() -> None:
    short = body(*WIRE[:3])
    of_short, of_long = fingerprint(short), fingerprint(LONG + " " + short)
    assert of_short.token_count < 120 < of_long.token_count
    assert len(of_short.anchors) > of_short.shingle_count / 3
    shared = set(of_short.anchors) & set(of_long.anchors)
    assert len(shared) >= 5
    # All that the long text keeps out of the passage, the short text keeps as well.
    alone = set(fingerprint(LONG).anchors)
    across_the_seam = 3
    assert len(set(of_long.anchors) - alone - shared) <= across_the_seam


def test_a_giant_text_keeps_a_bounded_subset() -> None:
    giant = " ".join(f"word{n}" for n in range(40_000))
    half = " ".join(f"word{n}" for n in range(5_000))
    anchors = fingerprint(giant).anchors
    assert MAX_ANCHORS / 3 < len(anchors) <= MAX_ANCHORS
    of_half = set(fingerprint(half).anchors)
    assert len(of_half & set(anchors)) > 20


def test_no_words_no_anchors_and_few_words_some() -> None:
    assert fingerprint("").anchors == ()
    assert fingerprint("… !").token_count == 0
    assert all(fingerprint(f"only{n} five words of text").anchors for n in range(50))


@given(st.text(max_size=300))
def test_every_text_has_a_fingerprint_that_depends_on_it_alone(text: str) -> None:
    found = fingerprint(text)
    assert found == fingerprint(text)
    assert found.scheme == SCHEME
    assert bool(found.anchors) is bool(found.token_count)
