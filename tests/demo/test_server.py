from datetime import UTC, datetime
from http.client import HTTPConnection

import pytest

from ingestd.demo.server import LOOPBACK, Request
from ingestd.demo.web import DemoWeb
from tests.demo.reading import ask


def _feed(web: DemoWeb, name: str) -> str:
    return next(feed.url for feed in web.feeds if feed.name == name)


def test_matching_etag_gives_304_with_validators_and_no_body(web: DemoWeb) -> None:
    first = ask(_feed(web, "harbour-courier"))
    again = ask(_feed(web, "harbour-courier"), If_None_Match=first.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Last-Modified"] == first.headers["Last-Modified"]


def test_last_modified_alone_gives_304(web: DemoWeb) -> None:
    first = ask(_feed(web, "radio-veldmark"))
    again = ask(_feed(web, "radio-veldmark"), If_Modified_Since=first.headers["Last-Modified"])
    assert again.status == 304


def test_other_etag_gives_200_whatever_last_modified_says(web: DemoWeb) -> None:
    first = ask(_feed(web, "radio-veldmark"))
    again = ask(
        _feed(web, "radio-veldmark"),
        If_None_Match='"something-else"',
        If_Modified_Since=first.headers["Last-Modified"],
    )
    assert (again.status, again.body) == (200, first.body)


def test_resource_without_validators_never_gives_304(web: DemoWeb) -> None:
    first = ask(_feed(web, "ellery-chenxun"))
    again = ask(_feed(web, "ellery-chenxun"), If_None_Match="*")
    assert first.headers["ETag"] is None
    assert first.headers["Last-Modified"] is None
    assert (again.status, again.body) == (200, first.body)


def test_host_header_decides_which_site_answers(web: DemoWeb) -> None:
    bodies = {ask(f"http://{name}.localhost:{web.port}/").body for name in ("bay-herald", "quayside-notes")}
    assert len(bodies) == 2


def test_unknown_host_and_unknown_path_are_404(web: DemoWeb) -> None:
    assert ask(f"http://nobody.localhost:{web.port}/").status == 404
    assert ask(f"http://bay-herald.localhost:{web.port}/nothing").status == 404


def test_head_has_the_headers_of_get_and_no_body(web: DemoWeb) -> None:
    got, head = (ask(_feed(web, "bay-herald"), method) for method in ("GET", "HEAD"))
    assert head.body == b""
    assert head.headers["Content-Length"] == str(len(got.body))


def test_one_connection_carries_many_requests(web: DemoWeb) -> None:
    connection = HTTPConnection(LOOPBACK, web.port, timeout=10)
    host = {"Host": f"bay-herald.localhost:{web.port}"}
    try:
        for _ in range(3):
            connection.request("GET", "/robots.txt", headers=host)
            first_socket = connection.sock
            assert connection.getresponse().read()
            assert connection.sock is first_socket is not None
    finally:
        connection.close()


def test_requests_are_listed_in_order_with_their_status(own_web: DemoWeb) -> None:
    base = f"http://bay-herald.localhost:{own_web.port}"
    ask(f"{base}/robots.txt?x=1")
    ask(f"{base}/nothing", "HEAD")
    assert own_web.requests == [
        Request("GET", "bay-herald.localhost", "/robots.txt?x=1", 200),
        Request("HEAD", "bay-herald.localhost", "/nothing", 404),
    ]


def test_leaving_ends_idle_connections_and_frees_the_port() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    with DemoWeb(now) as web:
        idle = HTTPConnection(LOOPBACK, web.port, timeout=10)
        idle.request("GET", "/", headers={"Host": "bay-herald.localhost"})
        idle.getresponse().read()
    assert idle.sock is not None
    assert idle.sock.recv(1) == b""
    idle.close()
    with DemoWeb(now, port=web.port) as again:
        assert again.port == web.port


def test_unused_web_can_be_closed_without_having_served() -> None:
    web = DemoWeb(datetime(2026, 11, 22, tzinfo=UTC))
    web.__exit__(None, None, None)
    with pytest.raises(ConnectionRefusedError):
        ask(f"http://bay-herald.localhost:{web.port}/")
