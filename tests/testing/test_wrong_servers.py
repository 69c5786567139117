"""A suite that finds no payments-mock, or is not let in, is told so in one line."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from payments_mock.testing import MockServer

pytest_plugins = ["pytester"]

WITH_SANDBOX = "def test_it(sandbox):\n    pass\n\ndef test_another(sandbox):\n    pass\n"


def test_one_line_says_that_no_server_answers(run, deserted_url: str) -> None:
    result = run(WITH_SANDBOX, "--payments-mock-url", deserted_url)

    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(
        [f"no payments-mock answers at {deserted_url}; start one with `payments-mock serve`"]
    )
    result.stdout.no_fnmatch_line("*control_client.py*")


@pytest.mark.parametrize("url", ["localhost:9090", "localhost:9090/", "ftp://localhost:9090", "http://"])
def test_one_line_says_that_the_url_is_no_address(run, url: str) -> None:
    result = run(WITH_SANDBOX, "--payments-mock-url", url)

    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines([f'"{url}" is no address of a server; write http://localhost:9090'])
    result.stdout.no_fnmatch_line("*control_client.py*")
    result.stdout.no_fnmatch_line("*another exception*")


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (404, "text/html", b"<h1>Not Found</h1>"),
        (200, "text/html", b"<div id=root></div>"),
        (200, "application/json", b"[]"),
        (200, "application/json", b"{}"),
        (404, "application/json", b'{"message": "no such path"}'),
        (404, "application/json", b'{"code": "NOT_FOUND", "message": "no such path"}'),
    ],
)
def test_one_line_says_that_another_server_is_there(run, status: int, kind: str, body: bytes) -> None:
    with another_server(status, kind, body) as url:
        result = run(WITH_SANDBOX, "--payments-mock-url", url)

    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines([f"another server than payments-mock is at {url}: *"])
    result.stdout.no_fnmatch_line("*control_client.py*")


@contextmanager
def another_server(status: int, kind: str, body: bytes) -> Iterator[str]:
    """Run a server that answers everything alike."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_wrong_token_is_told_in_one_line(run) -> None:
    with MockServer(control_token="secret-token") as server:
        url = ("--payments-mock-url", server.url)
        run(WITH_SANDBOX, *url, "--payments-mock-token", "secret-token").assert_outcomes(passed=2)
        result = run(WITH_SANDBOX, *url, "--payments-mock-token", "other-token")

    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(["401 TOKEN_WRONG: *"])
    result.stdout.no_fnmatch_line("*control_client.py*")
