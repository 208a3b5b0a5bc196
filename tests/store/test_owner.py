import os
import subprocess
import sys

import pytest

from ingestd.store import owner


def other(**parts: str) -> str:
    """This process as an owner, with some parts replaced."""
    names = ("machine", "boot", "namespace", "pid", "started")
    known = dict(zip(names, owner.this_process().split("/"), strict=True))
    return "/".join((known | parts)[name] for name in names)


def of_process(pid: int) -> str:
    code = "import sys; from ingestd.store import owner; print(owner._started(int(sys.argv[1])))"
    found = subprocess.run([sys.executable, "-c", code, str(pid)], capture_output=True, text=True, check=True)
    return other(pid=str(pid), started=found.stdout.strip())


def test_this_process_lives_and_always_has_the_same_name() -> None:
    assert owner.this_process() == owner.this_process()
    assert owner.dead([owner.this_process()]) == []


def test_a_process_is_dead_as_soon_as_it_has_ended() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        name = of_process(process.pid)
        assert owner.dead([name]) == []
        process.kill()
        # Nobody has waited for it yet, so it is a zombie.
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert owner.dead([name]) == [name]
    assert owner.dead([name]) == [name]


def test_a_process_id_that_came_again_is_another_process() -> None:
    again = other(started="1")
    assert owner.dead([again]) == [again]


def test_whoever_ran_before_a_restart_is_dead() -> None:
    before = other(boot="another")
    assert owner.dead([before]) == [before]


@pytest.mark.parametrize("name", [{"machine": "another"}, {"namespace": "pid:[1]", "pid": "1"}, {"pid": "x"}])
def test_of_other_machines_and_containers_nothing_is_known(name: dict[str, str]) -> None:
    assert owner.dead([other(**name)]) == []


@pytest.mark.parametrize("name", ["", "demo", "////", "a/b/c/d/e/f"])
def test_a_strange_name_is_not_dead(name: str) -> None:
    assert owner.dead([name]) == []


def test_only_the_dead_are_named() -> None:
    names = [owner.this_process(), other(started="1"), other(machine="another"), other(boot="x")]
    assert owner.dead(names) == [names[1], names[3]]
