"""A Flask application whose parts are loaded when somebody first asks for them."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from threading import RLock
from typing import Any, NamedTuple, cast

from flask import Flask, Request, Response
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Map


class Part(NamedTuple):
    """What an application need not have before somebody asks for it.

    `load` imports it and registers what it has with the application, and `prefixes` are what the paths
    begin with that it may answer; one without any is loaded in another way. What others build on, and what
    answers where nothing else does, `comes_first`.
    """

    prefixes: tuple[str, ...]
    load: "Callable[[LateParts], object]"
    comes_first: bool = False


class LateMap(Map):
    """Paths to which more are added while others look for theirs."""

    is_growing = False
    """Whether somebody is adding paths, who sorts them in when all are there."""

    def update(self) -> None:
        """Sort new paths in, unless there are more to come."""
        if self._remap and not self.is_growing:
            super().update()


class LateParts(Flask):
    """Loads a part at the first request that nothing answers which is there already.

    `while_loading` surrounds that: a process that is nothing but a server has something to do then which
    others may not like.
    """

    url_map_class = LateMap

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.while_loading: Callable[[], AbstractContextManager[None]] = nullcontext
        self._unloaded: list[Part] = []
        # Whoever asks for a part while another thread loads one waits, and may ask again within a load.
        self._loading = RLock()
        self._paths = cast(LateMap, self.url_map)

    def add_part(self, part: Part) -> None:
        """Have a part loaded when its time has come."""
        self._unloaded.append(part)

    def load_part(self, part: Part) -> None:
        """Load a part, and before it whatever comes first, unless they are loaded."""
        with self._loading:
            if part in self._unloaded:
                self.load_first()
            if part in self._unloaded:
                self._load(part)

    def load_first(self) -> None:
        """Load whatever comes first, for those who need it without a call."""
        with self._loading:
            for part in [part for part in self._unloaded if part.comes_first]:
                self._load(part)

    def load_parts(self) -> None:
        """Load everything now, for processes that share what is loaded, or threads that ask at once."""
        while self._unloaded:
            self.load_part(self._unloaded[0])

    def _load(self, part: Part) -> None:
        with self.while_loading():
            self._paths.is_growing = True
            try:
                part.load(self)
            finally:
                self._paths.is_growing = False
            self._paths.update()
        self._unloaded.remove(part)

    def _check_setup_finished(self, f_name: str) -> None:
        """Refuse to be changed once there was a request, as Flask does, but for a part that is loaded.

        Nothing was answered before that it could have changed: its paths are its own, and the request that
        asks for it is matched again.
        """
        if not self._paths.is_growing:
            super()._check_setup_finished(f_name)

    def raise_routing_exception(self, request: Request) -> None:  # type: ignore[override]
        """Raise what is wrong with the request's path, unless a part that is loaded now answers it."""
        if isinstance(request.routing_exception, NotFound | MethodNotAllowed):
            # While new paths are sorted in, another thread may not find one that is there.
            with self._loading:
                self._match_again(request)
                for part in [part for part in self._unloaded if request.path.startswith(part.prefixes)]:
                    if request.routing_exception is not None:
                        self.load_part(part)
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

    def handle_user_exception(self, e: Exception) -> "ResponseReturnValue | Response":
        """Answer what went wrong, with what comes first: it has the words for that."""
        self.load_first()
        return super().handle_user_exception(e)
