"""The environment that a WSGI application is given."""

import json
from typing import Any

import pytest


@pytest.fixture
def environ_of(stub):
    def ask(request: bytes) -> dict[str, Any]:
        head, body = stub.exchange(request).split(b"\r\n\r\n", 1)
        assert head.startswith(b"HTTP/1.1 200 "), head
        found: dict[str, Any] = json.loads(body)
        return found

    return ask


def get(path: str, *headers: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: shop.example:81", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def test_the_path_is_percent_decoded_into_latin_1(environ_of):
    environ = environ_of(get("/environ/%ED%95%9C%2Fa%FF%25"))
    assert environ["PATH_INFO"] == "/environ/" + "한/a".encode().decode("latin-1") + "\xff%"


def test_the_query_is_left_as_it_came(environ_of):
    assert environ_of(get("/environ?a=%ED%95&b=1+2&&"))["QUERY_STRING"] == "a=%ED%95&b=1+2&&"


def test_an_absolute_url_gives_its_path(environ_of):
    assert environ_of(get("http://other.example/environ?a=1"))["PATH_INFO"] == "/environ"


def test_headers_become_variables(environ_of):
    environ = environ_of(get("/environ", "X-Trace-Id: 7", "content-type: text/plain"))
    assert environ["HTTP_X_TRACE_ID"] == "7"
    assert environ["HTTP_HOST"] == "shop.example:81"
    assert environ["CONTENT_TYPE"] == "text/plain"
    assert "HTTP_CONTENT_TYPE" not in environ


def test_the_length_of_a_body_has_no_prefix(environ_of):
    environ = environ_of(
        b"POST /environ HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi"
    )
    assert environ["CONTENT_LENGTH"] == "2"
    assert "HTTP_CONTENT_LENGTH" not in environ


def test_repeated_headers_are_joined(environ_of):
    environ = environ_of(get("/environ", "X-A: 1", "X-A: 2", "Cookie: a=1", "Cookie: b=2"))
    assert environ["HTTP_X_A"] == "1,2"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"


def test_a_header_with_an_underscore_cannot_pass_itself_off_as_another(environ_of):
    environ = environ_of(get("/environ", "X_Forwarded_For: evil", "Content_Length: 3"))
    assert "HTTP_X_FORWARDED_FOR" not in environ
    assert "CONTENT_LENGTH" not in environ


def test_a_header_keeps_its_bytes_as_latin_1(environ_of):
    assert environ_of(get("/environ", "X-Name: caf\xe9"))["HTTP_X_NAME"] == "caf\xe9"


def test_a_header_after_a_chunked_body_is_dropped(environ_of):
    environ = environ_of(
        b"POST /environ HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"2\r\nhi\r\n0\r\nAuthorization: Basic evil\r\n\r\n"
    )
    assert "HTTP_AUTHORIZATION" not in environ


def test_the_addresses_of_both_sides_are_told(environ_of, stub):
    environ = environ_of(get("/environ"))
    assert environ["REMOTE_ADDR"] == "127.0.0.1"
    assert environ["REMOTE_PORT"].isdecimal()
    assert (environ["SERVER_NAME"], environ["SERVER_PORT"]) == ("127.0.0.1", str(stub.address[1]))


def test_the_rest_is_as_wsgi_wants_it(environ_of):
    environ = environ_of(get("/environ"))
    assert environ["REQUEST_METHOD"] == "GET"
    assert environ["SCRIPT_NAME"] == ""
    assert environ["SERVER_PROTOCOL"] == "HTTP/1.1"
    assert environ["wsgi.url_scheme"] == "http"
    assert environ["wsgi.input_terminated"] is True
    assert environ["wsgi.run_once"] is False


@pytest.mark.parametrize(("workers", "threads"), [(1, 2), (2, 1)])
def test_threads_and_processes_are_told_as_they_are(shared_stub, stub, workers: int, threads: int):
    with_one = stub.json("/environ")
    assert (with_one["wsgi.multiprocess"], with_one["wsgi.multithread"]) == (False, False)

    environ = shared_stub(workers=workers, threads=threads).json("/environ")

    assert environ["wsgi.multiprocess"] is (workers > 1)
    assert environ["wsgi.multithread"] is (threads > 1)
