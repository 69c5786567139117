"""The Flask application, without what Flask does at every call for features that are not used here."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from threading import RLock
from typing import Any, Final, NamedTuple, cast

from flask import Flask, Request, Response
from flask.sessions import NullSession, SessionInterface
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import MapAdapter, Rule

_ADDRESSES_KEPT: Final = 64
_NOTHING: Final = NullSession()


class NoSessions(SessionInterface):
    """What keeps nothing between the calls of a client, which are told by their keys."""

    def open_session(self, app: Flask, request: Request) -> NullSession:
        """Return the one session that nothing can be put into."""
        return _NOTHING

    def is_null_session(self, obj: object) -> bool:
        """Tell that there is nothing to be saved."""
        return True


class QuickRule(Rule):
    """A rule that learns how to make addresses when it is first asked for one, which is seldom or never.

    Learning takes a compiler, and would be a twentieth of the server's start.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., Any]:
        learn = super()._compile_builder
        learned: list[Callable[..., Any]] = []

        def build(rule: Rule, **values: Any) -> Any:
            if not learned:
                learned.append(learn(append_unknown))
            return learned[0](rule, **values)

        return build


class Part(NamedTuple):
    """What an application need not have before somebody asks for it.

    `load` imports it and registers what it has with the application, and `prefixes` are what the paths
    begin with that it may answer; one without any is loaded in another way.
    """

    prefixes: tuple[str, ...]
    load: "Callable[[Application], object]"


class Application(Flask):
    """Flask for functions that are all synchronous, reached by few addresses again and again.

    There are no sessions. What runs before and behind each call is registered with the application, never
    with a blueprint, and there is nothing to be torn down.

    Parts of it are loaded at the first request that none of the others answers. `while_loading` surrounds
    that: a process that is nothing but a server has something to do then which others may not like.
    """

    session_interface = NoSessions()
    url_rule_class = QuickRule

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self._bound: dict[tuple[str | None, ...], tuple[str, MapAdapter]] = {}
        self.while_loading: Callable[[], AbstractContextManager[None]] = nullcontext
        self._unloaded: list[Part] = []
        self._loading = RLock()
        self._is_loading = False

    def add_part(self, part: Part) -> None:
        """Have a part loaded when its time has come."""
        self._unloaded.append(part)

    def load_parts(self) -> None:
        """Load every part now, for processes that share what is loaded, or threads that ask at once."""
        self._load(self._unloaded)

    def load_once(self, part: Part) -> None:
        """Load a part unless it is loaded; other threads that ask for any part wait for that."""
        self._load([part])

    def _load(self, wanted: Iterable[Part]) -> None:
        with self._loading:
            unloaded = [part for part in wanted if part in self._unloaded]
            if not unloaded:
                return
            with self.while_loading():
                for part in unloaded:
                    self._is_loading = True
                    try:
                        part.load(self)
                    finally:
                        self._is_loading = False
                    self._unloaded.remove(part)

    def _check_setup_finished(self, f_name: str) -> None:
        """Refuse to be changed once there was a request, as Flask does, but for a part that is loaded.

        Nothing was answered before that it could have changed: its paths are its own, and the request that
        asks for it is matched again.
        """
        if not self._is_loading:
            super()._check_setup_finished(f_name)

    def raise_routing_exception(self, request: Request) -> None:  # type: ignore[override]
        """Raise what is wrong with the request's path, unless a part that is loaded now answers it."""
        if isinstance(request.routing_exception, NotFound | MethodNotAllowed):
            path = request.path
            # Paths that are added are sorted in: while that goes on, a thread may not find one that is there.
            with self._loading:
                self._load([part for part in self._unloaded if path.startswith(part.prefixes)])
                self._match_again(request)
        if request.routing_exception is not None:
            super().raise_routing_exception(request)

    def _match_again(self, request: Request) -> None:
        adapter = self.create_url_adapter(request)
        assert adapter is not None  # noqa: S101
        try:
            rule, values = adapter.match(return_rule=True)
            request.url_rule, request.view_args, request.routing_exception = rule, dict(values), None
        except HTTPException as error:
            request.routing_exception = error

    def preprocess_request(self) -> ResponseReturnValue | None:
        """Run what is registered to come before each call; returns its answer, if there is one already."""
        for function in self.before_request_funcs.get(None, ()):
            answer = function()
            if answer is not None:
                return cast(ResponseReturnValue, answer)
        return None

    def process_response(self, response: Response) -> Response:
        """Run what is registered to come behind each call, the last one first."""
        for function in reversed(self.after_request_funcs.get(None, ())):
            response = function(response)
        return response

    def do_teardown_request(self, exc: BaseException | None = None) -> None:
        """Do nothing at the end of a call."""

    def do_teardown_appcontext(self, exc: BaseException | None = None) -> None:
        """Do nothing at the end of the work for one application."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function: none here is a coroutine, which Flask would find out anew at every call."""
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Return what matches the request's path, as Flask does, judging each address only once.

        Raises:
            werkzeug.exceptions.SecurityError: the address of the request names no host.
        """
        if request is None:
            # Outside of a request there are addresses only where Flask is told the server's name.
            return super().create_url_adapter(None) if self.config["SERVER_NAME"] else None
        environ = request.environ
        address = (
            environ.get("HTTP_HOST"),
            environ["SERVER_NAME"],
            environ["SERVER_PORT"],
            environ["wsgi.url_scheme"],
            environ.get("SCRIPT_NAME"),
            environ.get("HTTP_UPGRADE"),
        )
        known = self._bound.get(address)
        if known is None:
            adapter = super().create_url_adapter(request)
            if adapter is not None and len(self._bound) < _ADDRESSES_KEPT:
                self._bound[address] = (request.host, adapter)
            return adapter
        request.host, adapter = known
        return MapAdapter(
            adapter.map,
            adapter.server_name,
            adapter.script_name,
            adapter.subdomain,
            adapter.url_scheme,
            request.path,
            request.method,
            request.query_string.decode(errors="replace"),
        )
