"""Lead a Python process's connections to some hosts elsewhere, by patching how names become addresses.

A copy of this file is the `sitecustomize` of programs that know nothing of us, on whatever Python. So it
knows the standard library alone, and runs on Python 3.7, too. HTTP and faults stay as they are.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import ipaddress
import json
import os
import socket
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import ModuleType

TOLD = "told.json"
"""The file beside a copy of this one that says which hosts to lead where."""

STANDS_FOR_THEM = "127.84.79.83"
"""The address of the hosts that are led elsewhere. Clients such as anyio ask for an address and use a port of
their own with it, so the address alone must tell. Nobody listens there; connecting is patched, too."""


class DeniedError(socket.gaierror):
    """A host is refused, as only the hosts that are led elsewhere are allowed."""


class Redirection:
    """Leads `hosts`, at any port, to `place`; with `deny_others`, others must be among those `allowed`.

    This machine's own names and addresses always are.
    """

    def __init__(
        self,
        hosts: Sequence[str],
        place: tuple[str, int],
        deny_others: bool = False,
        allowed: Sequence[str] = (),
    ) -> None:
        self._hosts = frozenset(hosts)
        self._place = place
        self._deny_others = deny_others
        self._allowed = tuple(name.strip().lstrip(".").lower() for name in allowed if name.strip())

    def leads(self, host: Any) -> bool:
        """Tell whether a host, which may have its port behind it, is led elsewhere."""
        return str(host or "").partition(":")[0].rstrip(".").lower() in self._hosts

    def place_of(self, host: Any) -> tuple[str, int] | None:
        """Return where a host is led to, None for one that is left alone.

        Raises:
            DeniedError: it is refused.
        """
        name = (host.decode("latin-1") if isinstance(host, bytes) else host or "").rstrip(".").lower()
        if name in self._hosts or name == STANDS_FOR_THEM:
            return self._place
        if self._deny_others and not self._is_allowed(name):
            raise DeniedError(socket.EAI_FAIL, f"payments-mock intercept --deny-others refuses {name}")
        return None

    def _is_allowed(self, name: str) -> bool:
        if name in ("", "localhost", socket.gethostname().lower()):
            return True
        try:
            return ipaddress.ip_address(name.partition("%")[0]).is_loopback or name in self._allowed
        except ValueError:
            return any(name == each or name.endswith(f".{each}") for each in self._allowed)

    def addresses(self, host: Any, family: int = 0, kind: int = 0) -> list[tuple[Any, ...]] | None:
        """Return what `getaddrinfo` says of a host that is led elsewhere, None for another one.

        Raises:
            socket.gaierror: the host has no address of this family, or is refused.
        """
        place = self.place_of(host)
        if place is None:
            return None
        if family not in (0, socket.AF_INET):
            raise socket.gaierror(socket.EAI_NONAME, f"payments-mock has {host} at an IPv4 address alone")
        address = (STANDS_FOR_THEM, place[1])
        return [(socket.AF_INET, kind or socket.SOCK_STREAM, socket.IPPROTO_TCP, "", address)]


@contextmanager
def redirected(redirection: Redirection) -> Iterator[None]:
    """Patch this process for the length of a block."""
    undo: list[Callable[[], None]] = []
    install(redirection, undo)
    try:
        yield
    finally:
        while undo:
            undo.pop()()


def install(redirection: Redirection, undo: list[Callable[[], None]]) -> None:
    """Patch this process; `undo` gets what takes each patch back."""
    resolve = socket.getaddrinfo

    def getaddrinfo(
        host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
    ) -> list[tuple[Any, ...]]:
        return redirection.addresses(host, family, type) or resolve(host, port, family, type, proto, flags)

    def led(connect: Callable[..., Any]) -> Callable[..., Any]:
        def connect_as_led(self: socket.socket, address: Any) -> Any:
            is_of_internet = self.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple)
            place = redirection.place_of(address[0]) if is_of_internet else None
            return connect(self, place or address)

        return connect_as_led

    _put(socket, "getaddrinfo", getaddrinfo, undo)
    for name in ("connect", "connect_ex"):
        _put(socket.socket, name, led(getattr(socket.socket, name)), undo)
    finder = _AfterImport(
        {
            "aiohttp.connector": lambda module: _make_aiohttp_ask_us(module, undo),
            "urllib.request": lambda module: _bypass_proxies(module, redirection, undo),
            "uvloop": lambda module: _lead_uvloop(module, redirection, undo),
        }
    )
    sys.meta_path.insert(0, finder)
    undo.append(lambda: sys.meta_path.remove(finder))


def _put(owner: Any, name: str, value: Any, undo: list[Callable[[], None]]) -> None:
    """Set an attribute, and note how it is put back."""
    is_own = name in vars(owner)
    before = getattr(owner, name)
    setattr(owner, name, value)
    undo.append(lambda: setattr(owner, name, before) if is_own else delattr(owner, name))


class _AfterImport:
    """Patches modules when they are imported; those that are imported already, at once."""

    def __init__(self, changes: dict[str, Callable[[ModuleType], None]]) -> None:
        self._changes = {name: change for name, change in changes.items() if name not in sys.modules}
        for name in changes.keys() - self._changes.keys():
            changes[name](sys.modules[name])

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Find a module as Python does, and patch it after it has run."""
        change = self._changes.pop(name, None)
        spec = None if change is None else importlib.machinery.PathFinder.find_spec(name, path)
        if change is None or spec is None or spec.loader is None:
            return None
        run = spec.loader.exec_module

        def run_and_change(module: ModuleType) -> None:
            run(module)
            change(module)

        spec.loader.exec_module = run_and_change  # type: ignore[method-assign]
        return spec


def _bypass_proxies(request: Any, redirection: Redirection, undo: list[Callable[[], None]]) -> None:
    """Have requests and urllib use no proxy for the hosts: a fault would look like one of the proxy."""

    def leads_or(bypasses: Callable[..., Any]) -> Callable[..., Any]:
        return lambda host, *more: redirection.leads(host) or bypasses(host, *more)

    for name in ("proxy_bypass", "proxy_bypass_environment"):
        _put(request, name, leads_or(getattr(request, name)), undo)


def _make_aiohttp_ask_us(connector: Any, undo: list[Callable[[], None]]) -> None:
    """Have aiohttp ask `getaddrinfo`: with aiodns beside it, it would ask the name servers themselves."""
    resolver = sys.modules["aiohttp.resolver"]
    _put(connector, "DefaultResolver", vars(resolver)["ThreadedResolver"], undo)


def _lead_uvloop(uvloop: Any, redirection: Redirection, undo: list[Callable[[], None]]) -> None:
    """Patch uvloop's loop, which asks the system itself for addresses."""
    resolve, connect = uvloop.Loop.getaddrinfo, uvloop.Loop.create_connection

    async def getaddrinfo(loop: Any, host: Any, port: Any, **more: Any) -> Any:
        found = redirection.addresses(host, more.get("family", 0), more.get("type", 0))
        return found or await resolve(loop, host, port, **more)

    async def create_connection(
        loop: Any, factory: Any, host: Any = None, port: Any = None, **more: Any
    ) -> Any:
        place = None if host is None else redirection.place_of(host)
        if place is None:
            return await connect(loop, factory, host, port, **more)
        if more.get("ssl") and more.get("server_hostname") is None:
            more["server_hostname"] = host
        return await connect(loop, factory, *place, **more)

    _put(uvloop.Loop, "getaddrinfo", getaddrinfo, undo)
    _put(uvloop.Loop, "create_connection", create_connection, undo)


def _start_as_sitecustomize() -> None:
    """Run the `sitecustomize` that this one hides, then patch the process as the file beside us says."""
    here = os.path.dirname(os.path.abspath(__file__))
    others = [folder for folder in sys.path if os.path.abspath(folder or os.curdir) != here]
    hidden = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
    try:
        if hidden is not None and hidden.loader is not None:
            hidden.loader.exec_module(importlib.util.module_from_spec(hidden))
    finally:
        with open(os.path.join(here, TOLD), encoding="utf-8") as file:
            told = json.load(file)
        place = (told["place"][0], told["place"][1])
        install(Redirection(told["hosts"], place, told["denyOthers"], told["allowed"]), [])
        with open(os.path.join(here, f"read-{os.getpid()}"), "w", encoding="ascii"):
            pass


if __name__ == "sitecustomize":
    _start_as_sitecustomize()
