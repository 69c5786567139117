"""Fail loudly when a program asks for the address of a real host; it is beneath what leads programs away."""

import socket

_resolve = socket.getaddrinfo


def getaddrinfo(host, *more, **named):
    if "tosspayments" in str(host):
        raise AssertionError(f"the address of {host} was asked for: the real provider would have been called")
    return _resolve(host, *more, **named)


socket.getaddrinfo = getaddrinfo
