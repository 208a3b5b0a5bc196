"""Names, passwords, tokens and cookies are taken from where they are kept, and shown to nobody."""

import base64

import pytest

from ingestd.config import effective, feeds_file
from ingestd.config_credentials import Credentials, cookie_header
from ingestd.values import Secret, Unusable
from tests.test_config import FEED, Place

COOKIES_TXT = """\
# Netscape HTTP Cookie File
# https://curl.se/docs/http-cookies.html

a.example\tFALSE\t/\tFALSE\t0\tsession\tabc
#HttpOnly_.a.example\tTRUE\t/feed\tTRUE\t2000000000\ttoken\tx=y
.example\tTRUE\t/\tFALSE\t0\tall\t1
www.a.example\tFALSE\t/\tFALSE\t0\twww\t1
a.example\tFALSE\t/fee\tFALSE\t0\tother\t1
b.example\tTRUE\t/\tFALSE\t0\tforeign\t1
nota.example\tTRUE\t/\tFALSE\t0\tforeign\t1
"""


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("config").resolve())


def test_name_and_password_become_basic_authentication(place: Place) -> None:
    place.write("password", "gehe:im ö\n")
    feed = place.feed('username = "müller"\npassword = { file = "password" }')
    scheme, _, pair = feed.request_headers["Authorization"].partition(" ")
    assert (scheme, base64.b64decode(pair).decode()) == ("Basic", "müller:gehe:im ö")


def test_password_may_be_empty(place: Place) -> None:
    feed = place.feed('username = { env = "KEY" }\npassword = ""', KEY="api-key")
    assert feed.request_headers["Authorization"] == "Basic " + base64.b64encode(b"api-key:").decode()


def test_token_becomes_bearer_authentication(place: Place) -> None:
    feed = place.feed('bearer = { env = "TOKEN" }\nheaders = { X-A = "b" }', TOKEN="abc.def==")
    assert feed.request_headers == {"X-A": "b", "Authorization": "Bearer abc.def=="}


def test_cookies_are_a_header_of_their_own(place: Place) -> None:
    feed = place.feed('cookies = { env = "COOKIES" }', COOKIES="a=b; c=d=e")
    assert feed.request_headers == {"Cookie": "a=b; c=d=e"}


def test_feed_without_credentials_sends_its_headers(place: Place) -> None:
    assert place.feed("").request_headers == {}
    assert place.feed("").credential_headers == {}


def test_host_has_credentials_too(place: Place) -> None:
    place.write("cookies.txt", COOKIES_TXT)
    config = place.load(
        '[hosts."a.example"]\nusername = "me"\npassword = "x"\ncookies = { file = "cookies.txt" }\n'
        '[hosts."b.example:8443"]\nbearer = "abc"'
    )
    assert config.hosts["a.example"].credential_headers == {
        "Authorization": "Basic bWU6eA==",
        "Cookie": "session=abc; all=1",
    }
    assert config.hosts["b.example:8443"].credential_headers == {"Authorization": "Bearer abc"}


def test_nothing_shows_a_secret(place: Place) -> None:
    place.write("cookies.txt", COOKIES_TXT)
    config = place.load(
        f'{FEED}username = "alice"\npassword = "hunter2"\ncookies = {{ file = "cookies.txt" }}\n'
        '[hosts."a.example"]\nbearer = "t0ken"\n[fetch]\nproxy = "http://bob:sesame@proxy.example:1"'
    )
    shown = f"{config!r} {effective(config)!r} {[feed.request_headers for feed in config.feeds]!r}"
    shown += repr([host.credential_headers for host in config.hosts.values()])
    for secret in ("alice", "hunter2", "abc", "t0ken", "sesame", base64.b64encode(b"alice:hunter2").decode()):
        assert secret not in shown
    assert effective(config)["fetch"]["proxy"] == "http://bob:********@proxy.example:1"


def test_references_are_written_back(place: Place) -> None:
    place.write("cookies.txt", COOKIES_TXT)
    text = (
        f'{FEED}username = {{ env = "NAME" }}\npassword = {{ env = "WORD" }}\n'
        f'cookies = {{ file = "{place.folder}/cookies.txt" }}\n'
    )
    assert feeds_file(place.load(text, NAME="me", WORD="x").feeds) == text


@pytest.mark.parametrize(
    ("lines", "key", "message"),
    [
        ('username = "me"', "feed.username", "without a password"),
        ('password = "x"', "feed.password", "without a username"),
        ('username = "m:e"\npassword = "x"', "feed.username", "cannot have a colon"),
        ('username = ""\npassword = "x"', "feed.username", "not empty"),
        ('username = "me"\npassword = "x"\nbearer = "y"', "feed.bearer", "either this, or username"),
        ('bearer = "Bearer abc"', "feed.bearer", 'leave out the word "Bearer"'),
        ('bearer = ""', "feed.bearer", "a token is ASCII"),
        ('bearer = "ä"', "feed.bearer", "a token is ASCII"),
        ('bearer = { env = "UNSET" }', "feed.bearer.env", "UNSET is not set"),
        ('bearer = { env = "TWO" }', "feed.bearer.env", "TWO cannot be used: a token is ASCII"),
        (
            'bearer = "x"\nheaders = { authorization = "y" }',
            "feed.bearer",
            "headers has Authorization already",
        ),
        ('cookies = "a=b"\nheaders = { COOKIE = "c=d" }', "feed.cookies", "headers has Cookie already"),
        ('cookies = "abc"', "feed.cookies", "name=value; other=value"),
        ('cookies = { file = "none.txt" }', "feed.cookies.file", "is not a file"),
        ('cookies = { file = "foreign.txt" }', "feed.cookies.file", "no cookie for https://a.example/feed"),
        ("cookies = []", "feed.cookies", "expected a table"),
        ("password = 5\nusername = 'me'", "feed.password", "expected a table"),
    ],
)
def test_what_is_wrong_is_named_and_not_repeated(place: Place, lines: str, key: str, message: str) -> None:
    place.write("foreign.txt", "# Netscape HTTP Cookie File\nb.example\tTRUE\t/\tFALSE\t0\tname\thunter2\n")
    problems = place.problems(FEED + lines, TWO="hunter2 hunter3")
    assert (problems[0].key, message in problems[0].message) == (key, True), problems
    assert "hunter" not in str(problems)


def test_url_with_a_password_is_refused_with_what_to_write(place: Place) -> None:
    for url in (
        "https://me:hunter2@a.example/",
        "ftp://me:hunter2@a.example/",
        "https://me:hun ter2@a.example/",
    ):
        problem = place.problem(f'[[feed]]\nurl = "{url}"\n')
        assert "as username and password" in problem.message
        assert "ter2" not in problem.message


def test_host_may_be_asked_without_the_proxy(place: Place) -> None:
    assert place.load('[hosts."a.example"]\nproxy = "none"').hosts["a.example"].proxy == "none"
    assert 'expected "none"' in place.problem('[hosts."a.example"]\nproxy = "http://p.example:1"').message


def test_proxy_comes_from_a_file_or_a_variable(place: Place) -> None:
    place.write("proxy", "http://me:hunter2@proxy.example:3128\n")
    for config in (
        place.load('[fetch]\nproxy_file = "proxy"'),
        place.load("", INGESTD_FETCH__PROXY="http://me:hunter2@proxy.example:3128"),
    ):
        assert config.fetch.proxy == "http://me:hunter2@proxy.example:3128"
        assert "hunter2" not in repr(config)
    problem = place.problem('[fetch]\nproxy = "me:hunter2@proxy.example"')
    assert (problem.key, "hunter2" in problem.message) == ("fetch", False)


# ---------------------------------------------------------------------------------- cookies


@pytest.mark.parametrize(
    ("url", "header"),
    [
        ("https://a.example/feed", "token=x=y; session=abc; all=1"),
        ("https://a.example/feed/atom", "token=x=y; session=abc; all=1"),
        ("https://a.example/feeds", "session=abc; all=1"),
        ("http://a.example/feed", "session=abc; all=1"),
        ("https://sub.a.example/feed", "token=x=y; all=1"),
        ("https://www.a.example", "all=1; www=1"),
        ("https://nota.example/feed", "all=1; foreign=1"),
    ],
)
def test_cookies_that_fit_the_url_are_taken_from_a_browsers_file(url: str, header: str) -> None:
    assert cookie_header(COOKIES_TXT, url) == header
    assert cookie_header(COOKIES_TXT.replace("\n", "\r\n"), url) == header


@pytest.mark.parametrize("text", ["a=b", "a=b; c=", "a=b;c=d;", "  a=b\n", '__Host-x="q r"'])
def test_cookies_may_be_given_as_a_header(text: str) -> None:
    assert cookie_header(text, "https://a.example/") == text.strip()


@pytest.mark.parametrize("text", ["abc", "=b", "a=b\nc=d", "a=ä", "a=b; =", "Cookie a=b", "a=\x01"])
def test_what_is_no_cookie_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(Unusable) as caught:
        cookie_header(text, "https://a.example/")
    assert text not in str(caught.value)


def test_line_with_other_than_seven_fields_is_passed_over() -> None:
    text = "a.example\tTRUE\t/\nbroken\n" + COOKIES_TXT
    assert cookie_header(text, "https://a.example/") == "session=abc; all=1"


def test_credentials_print_as_stars() -> None:
    credentials = Credentials(username=Secret("me"), password=Secret("hunter2"))
    assert "hunter2" not in repr(credentials)
    assert "********" in repr(credentials)
