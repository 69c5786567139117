"""Confirm a payment as shops in Python do: confirm.py CLIENT BASE_URL SECRET_KEY BODY."""

import asyncio
import base64
import http.client
import json
import ssl
import sys
import urllib.request
from collections.abc import Callable
from urllib.parse import urlsplit

CLIENT, BASE, KEY, BODY = sys.argv[1:]
URL = f"{BASE}/v1/payments/confirm"
HEADERS = {
    "Authorization": "Basic " + base64.b64encode(f"{KEY}:".encode()).decode(),
    "Content-Type": "application/json",
}
Told = tuple[int, bytes]


def by_requests() -> Told:
    import requests

    answer = requests.post(URL, data=BODY, headers=HEADERS, timeout=10)
    return answer.status_code, answer.content


def by_httpx() -> Told:
    import httpx

    answer = httpx.post(URL, content=BODY, headers=HEADERS)
    return answer.status_code, answer.content


def by_httpx_async() -> Told:
    import httpx

    async def call() -> Told:
        async with httpx.AsyncClient() as client:
            answer = await client.post(URL, content=BODY, headers=HEADERS)
            return answer.status_code, answer.content

    return asyncio.run(call())


def by_httpx_without_proxy() -> Told:
    import httpx

    async def call() -> Told:
        async with httpx.AsyncClient(trust_env=False, verify=ssl.create_default_context()) as client:
            answer = await client.post(URL, content=BODY, headers=HEADERS)
            return answer.status_code, answer.content

    return asyncio.run(call())


def by_urllib() -> Told:
    with urllib.request.urlopen(urllib.request.Request(URL, BODY.encode(), HEADERS), timeout=10) as answer:
        return answer.status, answer.read()


def by_http_client() -> Told:
    connection = http.client.HTTPSConnection(urlsplit(URL).netloc, timeout=10)
    connection.request("POST", "/v1/payments/confirm", BODY, HEADERS)
    answer = connection.getresponse()
    return answer.status, answer.read()


def by_urllib3() -> Told:
    import urllib3

    answer = urllib3.PoolManager().request("POST", URL, body=BODY, headers=HEADERS)
    return answer.status, answer.data


async def by_aiohttp_in_a_loop() -> Told:
    import aiohttp

    async with (
        aiohttp.ClientSession() as session,
        session.post(URL, data=BODY, headers=HEADERS) as answer,
    ):
        return answer.status, await answer.read()


def by_aiohttp() -> Told:
    return asyncio.run(by_aiohttp_in_a_loop())


def by_aiohttp_on_uvloop() -> Told:
    import uvloop

    return uvloop.run(by_aiohttp_in_a_loop())


def by_raw_socket() -> Told:
    import socket
    import ssl

    host = urlsplit(URL).hostname
    with (
        socket.socket() as plain,
        ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secure,
    ):
        secure.connect((host, 443))
        connection = http.client.HTTPConnection(host or "")
        connection.sock = secure
        connection.request("POST", "/v1/payments/confirm", BODY, HEADERS)
        answer = connection.getresponse()
        return answer.status, answer.read()


CLIENTS: dict[str, Callable[[], Told]] = {
    "requests": by_requests,
    "httpx": by_httpx,
    "async httpx": by_httpx_async,
    "async httpx without a proxy": by_httpx_without_proxy,
    "urllib": by_urllib,
    "http.client": by_http_client,
    "urllib3": by_urllib3,
    "aiohttp": by_aiohttp,
    "aiohttp on uvloop": by_aiohttp_on_uvloop,
    "a socket": by_raw_socket,
}

if __name__ == "__main__":
    status, content = CLIENTS[CLIENT]()
    print(status, json.loads(content)["status"])
