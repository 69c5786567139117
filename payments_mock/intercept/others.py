"""Connections to other hosts go on as they would without us."""

import asyncio
import base64
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]

from payments_mock.intercept.tunnel import End, NoRequestError

CONNECT_SECONDS: Final = 30.0


class RefusedError(OSError):
    """The proxy that the machine has used so far lets nobody through to a host."""


@dataclass(frozen=True)
class Way:
    """Where a plain HTTP request goes: to its host, or to a proxy, which may want a header of its own."""

    end: End
    leads_to_proxy: bool = False
    login: str = ""


async def connected(host: str, port: int, context: ssl.SSLContext | None = None) -> End:
    """Return an end that is connected to a host, by TLS if a context is given.

    Raises:
        OSError: it can't be reached.
    """
    name = host if context is not None else None
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(CONNECT_SECONDS):
        _, end = await loop.create_connection(End, host, port, ssl=context, server_hostname=name)
    return end


class OtherHosts:
    """Reaches the other hosts directly, or by the proxy that the environment named before we came."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._secure = _proxy_in(environment, "https_proxy")
        self._plain = _proxy_in(environment, "http_proxy")
        self._bypasses = {"no": environment.get("no_proxy") or environment.get("NO_PROXY") or ""}

    async def tunnel(self, host: str, port: int) -> End:
        """Return an end that is connected to a host, for whatever the client sends.

        Raises:
            OSError: the host, or the proxy, can't be reached or refuses.
        """
        if self._secure is None or self._is_direct(host):
            return await connected(host, port)
        proxy = self._secure
        end = await connected(proxy.hostname or "", proxy.port or 80)
        name = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        end.write(f"CONNECT {name} HTTP/1.1\r\nHost: {name}\r\n{_login(proxy)}\r\n".encode())
        try:
            status = (await end.head()).split(b" ", 2)[1:2]
        except NoRequestError:
            status = []
        if status != [b"200"]:
            end.finish()
            raise RefusedError(f"the proxy {proxy.hostname} does not connect to it")
        return end

    async def plain(self, host: str, port: int) -> Way:
        """Return the way of a plain HTTP request to a host.

        Raises:
            OSError: the host, or the proxy, can't be reached.
        """
        if self._plain is None or self._is_direct(host):
            return Way(await connected(host, port))
        proxy = self._plain
        end = await connected(proxy.hostname or "", proxy.port or 80)
        return Way(end, leads_to_proxy=True, login=_login(proxy))

    def _is_direct(self, host: str) -> bool:
        return bool(proxy_bypass_environment(host, self._bypasses))


def _proxy_in(environment: Mapping[str, str], name: str) -> SplitResult | None:
    """Return the HTTP proxy that a variable names; one of another kind is left to those who know it."""
    text = environment.get(name) or environment.get(name.upper()) or ""
    parts = urlsplit(text if "://" in text else f"http://{text}")
    return parts if parts.scheme == "http" and parts.hostname else None


def _login(proxy: SplitResult) -> str:
    if proxy.username is None:
        return ""
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}".encode()
    return f"Proxy-Authorization: Basic {base64.b64encode(pair).decode()}\r\n"
