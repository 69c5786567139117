"""The Flask application, without what Flask does at every call for features that are not used here."""

from collections.abc import Callable
from typing import Any, Final, cast

from flask import Flask, Request, Response
from flask.sessions import NullSession, SessionInterface
from flask.typing import ResponseReturnValue
from werkzeug.routing import Map, MapAdapter, Rule, UnicodeConverter

_ADDRESSES_KEPT: Final = 64
_PATHS_KEPT: Final = 256
_ASKED_BY_FLASK: Final = {"return_rule": True}
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


class QuickAdapter(MapAdapter):
    """What matches a request's path, and remembers in `known` which rule a path without variables has.

    The search itself also leaves behind what only the garbage collector removes, which makes others wait.
    """

    def __init__(self, known: dict[tuple[str, str], Rule], *arguments: Any) -> None:
        super().__init__(*arguments)
        self._known = known

    def match(self, *arguments: Any, **keywords: Any) -> Any:
        """Return what werkzeug's own search finds, or found for the same path and method before."""
        if arguments or keywords != _ASKED_BY_FLASK:
            return super().match(*arguments, **keywords)
        key = (self.default_method, self.path_info)
        rule = self._known.get(key)
        if rule is not None:
            return rule, {}
        found = super().match(**keywords)
        if not found[1] and len(self._known) < _PATHS_KEPT:
            self._known[key] = found[0]
        return found


class Application(Flask):
    """Flask for functions that are all synchronous, reached by few addresses again and again.

    There are no sessions. What runs before and behind each call is registered with the application, never
    with a blueprint, and there is nothing to be torn down.
    """

    session_interface = NoSessions()
    url_rule_class = QuickRule

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self._bound: dict[tuple[str | None, ...], tuple[str, MapAdapter]] = {}
        self._rules_of_paths: dict[tuple[str, str], Rule] = {}

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
        return QuickAdapter(
            self._rules_of_paths,
            adapter.map,
            adapter.server_name,
            adapter.script_name,
            adapter.subdomain,
            adapter.url_scheme,
            request.path,
            request.method,
            request.query_string.decode(errors="replace"),
        )


class StorableSegment(UnicodeConverter):
    """A segment of a path without NUL, which databases may not take even to compare it."""

    def __init__(self, map: Map, *arguments: Any, **named: Any) -> None:
        super().__init__(map, *arguments, **named)
        self.regex = r"[^/\x00]+"
