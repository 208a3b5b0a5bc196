"""`flatten`: tags that are too long lose their attributes, and nothing else does."""

import pytest

from ingestd.clean.flatten import without_long_tags

_LONG = 250_000


@pytest.mark.parametrize("before", ["", "<p>Text.</p>", "x" * 60_000])
@pytest.mark.parametrize("after", ["", ">Boats", ">" + "x" * 120_000])
def test_a_tag_without_end_loses_its_attributes(before: str, after: str) -> None:
    page = f"{before}<div {'a ' * (_LONG // 2)}{after}"
    assert without_long_tags(page) == f"{before}<div{after}"


@pytest.mark.parametrize("end", ["</script><p>Text.</p>", ""])
def test_a_long_script_stays(end: str) -> None:
    page = f"<p>Text.</p><script>{'x' * _LONG}{end}"
    assert without_long_tags(page) == page
