"""The loopback server that all tests lean on does what its fields say."""

import http.client
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.web import Reply, Request, Web, redirect


def ask(web: Web, host: str, target: str, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=10)
    try:
        connection.request("GET", target, headers={"Host": f"{host}.localhost:{web.port}"} | headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_hosts_and_paths_are_told_apart(web: Web) -> None:
    web.serve("one", "/a", Reply(b"1a"))
    web.serve("two", "/a", Reply(b"2a"))
    web.serve("two", "/a?b", Reply(b"2ab"))
    answers = [
        ask(web, *where)[1] for where in (("one", "/a"), ("two", "/a"), ("two", "/a?b"), ("two", "/a?c"))
    ]
    assert answers == [b"1a", b"2a", b"2ab", b"2a"]
    assert ask(web, "three", "/a")[0] == 404
    assert web.targets("two") == ["/a", "/a?b", "/a?c"]


def test_answers_come_in_turn_and_may_be_functions(web: Web) -> None:
    web.serve("one", "/", redirect("/x"), lambda request: Reply(str(request.number).encode()))
    assert [ask(web, "one", "/") for _ in range(3)] == [(302, b""), (200, b"2"), (200, b"3")]


def test_validators_that_match_exactly_give_304(web: Web) -> None:
    web.serve("one", "/", Reply(b"x", etag=b'"1"', last_modified=b"then"))
    conditions = [{"If-None-Match": '"1"'}, {"If-None-Match": '"2"', "If-Modified-Since": "then"}]
    conditions += [{"If-Modified-Since": "then"}, {"If-Modified-Since": "now"}]
    assert [ask(web, "one", "/", **headers)[0] for headers in conditions] == [304, 200, 304, 200]


@pytest.mark.parametrize("chunked", [False, True])
def test_body_cut_short(web: Web, chunked: bool) -> None:
    web.serve("one", "/", Reply(b"0123456789", chunked=chunked, cut_at=5))
    with pytest.raises(http.client.IncompleteRead):
        ask(web, "one", "/")


def test_action_runs_at_the_request_it_was_asked_for(web: Web) -> None:
    web.serve("one", "/", Reply(b"x"))
    seen: list[int] = []
    web.at_request(2, lambda: seen.append(len(web.requests)))
    for _ in range(3):
        ask(web, "one", "/")
    assert seen == [2]


def test_action_runs_at_the_byte_it_was_asked_for(web: Web) -> None:
    web.serve("one", "/", Reply(raw=b"HTTP/1.0 200 OK\r\n\r\n" + bytes(100)))
    seen: list[int] = []
    for count in (1, 77, 200):
        web.at_byte(count, lambda: seen.append(web.sent_bytes))
    assert [ask(web, "one", "/") for _ in range(2)] == [(200, bytes(100))] * 2
    assert seen == [1, 77, 200]


def test_a_byte_that_two_connections_pass_together_is_not_missed(web: Web) -> None:
    seen: list[int] = []
    web.at_byte(15, lambda: seen.append(web.sent_bytes))
    assert [web.room(10), web.room(10)] == [10, 10]
    web.sent(10)
    assert seen == []
    web.sent(10)
    assert seen == [20]


def test_client_process_can_be_killed_in_the_middle_of_a_body(web: Web) -> None:
    web.serve("127.0.0.1", "/", Reply(bytes(100_000)))
    script = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1]).read()"
    with subprocess.Popen([sys.executable, "-c", script, f"http://127.0.0.1:{web.port}/"]) as client:
        web.at_byte(50_000, client.kill)
        assert client.wait(timeout=60) == -9


def test_end_does_not_wait_for_what_hangs_or_drips() -> None:
    with Web() as web:
        for target, reply in (("/hang", Reply(hang=True)), ("/drip", Reply(bytes(9_999), drip=1.0))):
            web.serve("one", target, reply)
            connection = http.client.HTTPConnection("127.0.0.1", web.port)
            connection.request("GET", target, headers={"Host": "one.localhost"})
            connection.sock.settimeout(0.2)
            with pytest.raises(TimeoutError):
                connection.sock.recv(1) if target == "/hang" else [
                    connection.sock.recv(999) for _ in range(9)
                ]
            connection.close()


def test_error_in_an_answer_surfaces_in_the_test() -> None:
    def fail(request: Request) -> Reply:
        raise LookupError(request.target)

    web = Web()
    with pytest.raises(LookupError, match="/x"), web:
        ask_in_vain(web, fail)


def ask_in_vain(web: Web, answer: Callable[[Request], Reply]) -> None:
    web.serve("one", "/x", answer)
    with pytest.raises(http.client.RemoteDisconnected):
        ask(web, "one", "/x")
