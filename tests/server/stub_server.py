"""A small Flask application behind the real listening side, as a process: stub_server.py SETTING=VALUE ..."""

import gc
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flask import Flask, Response, request

from payments_mock.api.wire import WIRE, CallRecord, Pause, Wire
from payments_mock.domain.values import Reader
from payments_mock.server import protocol, serve
from payments_mock.server.exchange import Exchange
from payments_mock.settings import Settings, load_settings

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
closed: list[str] = []


@app.route("/environ", methods=["GET", "POST", "PUT", "HEAD"])
@app.route("/environ/<path:_rest>")
def show_environ(_rest: str = "") -> dict[str, Any]:
    return {name: value for name, value in request.environ.items() if isinstance(value, str | bool)}


@app.post("/echo")
def echo() -> Response:
    return Response(request.get_data(), mimetype="application/octet-stream")


@app.get("/slow")
def slow() -> dict[str, int]:
    time.sleep(float(request.args["seconds"]))
    return {"pid": os.getpid()}


@app.get("/die")
def die() -> None:
    os._exit(7)


@app.get("/exchanges")
def count_exchanges() -> dict[str, int]:
    """Tell how many exchanges there are, and let the garbage collector rest until it is asked again."""
    rested = not gc.isenabled()
    gc.disable()
    count = sum(type(thing) is Exchange for thing in gc.get_objects())
    if rested:
        gc.enable()
    return {"count": count}


@app.get("/closed")
def show_closed() -> list[str]:
    return closed


@app.errorhandler(413)
def too_large(_error: Exception) -> tuple[dict[str, str], int]:
    return {"code": "TOO_LARGE"}, 413


class Chunks:
    """A body whose parts come one by one and which wants to be closed."""

    def __iter__(self) -> Iterator[bytes]:
        yield b"one "
        yield b"two"

    def close(self) -> None:
        closed.append("chunks")


def chunks(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Kind", "chunks")])
    return Chunks()


def second_thoughts(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    try:
        raise LookupError("found too late")
    except LookupError:
        start_response("410 Gone", [("Content-Type", "text/plain")], sys.exc_info())
    return [b"gone"]


def starts_twice(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [])
    start_response("200 OK", [])
    return []


def writes(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    write = start_response("200 OK", [("Content-Type", "text/plain")])
    write(b"written ")
    return [b"returned"]


def raises(_environ: dict[str, Any], _start_response: Callable[..., Any]) -> Iterable[bytes]:
    raise LookupError("a secret of the server")


def nothing(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("204 No Content", [])
    return []


def splits(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("X-A", "1\r\nX-B: 2")])
    return []


watchers_at_work: set[int] = set()
most_watchers_at_once: list[int] = [0]


def watches(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Wait for half a second, and then work for a while."""
    wire: Wire = environ[WIRE]
    if wire.resumed is None:
        wire.pause = Pause(0.5, CallRecord(time.perf_counter(), wire, Reader("ko", "")))
    else:
        watchers_at_work.add(id(wire))
        most_watchers_at_once[0] = max(most_watchers_at_once[0], len(watchers_at_work))
        time.sleep(0.02)
        watchers_at_work.discard(id(wire))
    start_response("204 No Content", [])
    return []


@app.get("/most-watchers")
def tell_most_watchers() -> dict[str, int]:
    return {"most": most_watchers_at_once[0]}


WITHOUT_FLASK = {
    "/watches": watches,
    "/splits": splits,
    "/chunks": chunks,
    "/second-thoughts": second_thoughts,
    "/starts-twice": starts_twice,
    "/writes": writes,
    "/raises": raises,
    "/nothing": nothing,
}
flask_wsgi_app = app.wsgi_app


def wsgi_app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    return WITHOUT_FLASK.get(environ["PATH_INFO"], flask_wsgi_app)(environ, start_response)


def make_app(settings: Settings) -> Flask:
    assert settings.sqlalchemy_url is not None
    app.wsgi_app = wsgi_app  # type: ignore[method-assign]
    path = settings.sqlalchemy_url.removeprefix("sqlite:///")
    with open(path, "w", encoding="utf-8") as database:
        database.write("data")
    print("database", path, flush=True)
    time.sleep(app.config["START_SECONDS"])
    return app


def main() -> None:
    flags = dict(argument.split("=", 1) for argument in sys.argv[1:])
    protocol.RECEIVE_SECONDS = float(flags.pop("receive_seconds", protocol.RECEIVE_SECONDS))
    protocol.KEEP_ALIVE_SECONDS = float(flags.pop("keep_alive_seconds", protocol.KEEP_ALIVE_SECONDS))
    app.config["START_SECONDS"] = float(flags.pop("start_seconds", 0))
    serve(
        load_settings(["--port=0", *(f"--{name.replace('_', '-')}={text}" for name, text in flags.items())]),
        make_app,
        lambda _settings, url, _secure: f"listening {url}",
        lambda _app: print("before fork", flush=True),
    )
    print("left", flush=True)


if __name__ == "__main__":
    main()
