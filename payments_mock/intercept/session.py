"""One run: a mock, the ways to it, and the environment that leads programs there."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from payments_mock.intercept import HOSTS
from payments_mock.intercept.certificates import make_certificates
from payments_mock.intercept.connecting import Redirection, redirected
from payments_mock.intercept.environment import Doors, kept_from_proxies, trusting, variables
from payments_mock.intercept.folder import Files, private_folder, write_hook, write_trust
from payments_mock.intercept.gateway import LOOPBACK, Door, Gateway
from payments_mock.intercept.tunnel import server_context

DAYS: Final = 30
"""How long the certificate of a run is valid; a shell may stay open that long."""


@dataclass(frozen=True)
class Interception:
    """What a run has set up: `changes` are the variables that lead programs to the mock at `provider_url`."""

    provider_url: str
    place: Files
    doors: Doors
    gateway: Gateway
    changes: Mapping[str, str]


@contextmanager
def intercepting(
    provider_url: str, before: Mapping[str, str], *, deny_others: bool = False
) -> Iterator[Interception]:
    """Set everything up for the length of a block; `before` is the environment without us.

    Raises:
        OSError: a file can't be written, or there is no port to listen on.
    """
    with private_folder() as folder:
        place, doors = Files(folder), Doors()
        made = make_certificates(HOSTS, days=DAYS)
        write_trust(place, made, before)
        context = server_context(place.certificate, place.key)
        with Gateway(doors.all(), context, provider_url, before, deny_others=deny_others) as gateway:
            allowed = kept_from_proxies(before) if deny_others else None
            write_hook(place.python, "connecting.py", "sitecustomize.py", doors.python.port, allowed)
            write_hook(place.node, "node_hook.js", "hook.cjs", doors.node.port, allowed)
            changes = variables(before, place, doors, provider_url, made.spki)
            yield Interception(provider_url, place, doors, gateway, changes)


@contextmanager
def redirecting(provider_url: str) -> Iterator[None]:
    """Lead this process's own connections to the hosts to the mock, for the length of a block.

    Connecting is patched, not HTTP, so faults arrive as they are. Clients that are made within the block
    trust the certificate by the environment; one that has read its authorities before does not.

    Raises:
        OSError: a file can't be written, or there is no port to listen on.
    """
    with private_folder() as folder:
        place, door = Files(folder), Door("this process", is_proxy=False)
        write_trust(place, make_certificates(HOSTS, days=DAYS), os.environ)
        context = server_context(place.certificate, place.key)
        with (
            Gateway([door], context, provider_url, os.environ),
            redirected(Redirection(HOSTS, (LOOPBACK, door.port))),
            _environment_with(trusting(os.environ, place)),
        ):
            yield


@contextmanager
def _environment_with(changes: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def environment_of(interception: Interception) -> dict[str, str]:
    """Return the environment of a child: this process's own, with the changes."""
    return {**os.environ, **interception.changes}
