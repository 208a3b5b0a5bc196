"""`ingestd.clock`"""

from datetime import UTC

from ingestd.clock import SystemClock


async def test_the_system_clock_is_aware_and_sleeps_for_no_negative_time() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    await clock.sleep(-5)
    assert clock.now().tzinfo is UTC
    assert clock.monotonic() >= before
