"""Calls from pages of other origins: some shops confirm from the browser; source: the public reference."""

from flask import Request, Response, request

METHODS = "POST, GET, OPTIONS, DELETE"
HEADERS = "Authorization, Content-Type, Accept, Accept-Language, Idempotency-Key, TossPayments-Test-Code"
SECONDS_KEPT = 3600


def is_preflight(asked: Request) -> bool:
    """Tell whether a browser asks on behalf of a page, before the call itself."""
    return asked.method == "OPTIONS" and "Access-Control-Request-Method" in asked.headers


def answer_preflight() -> Response:
    """Answer a browser that asks whether a page may call."""
    response = allow_origin(Response(status=204))
    response.headers["Access-Control-Allow-Methods"] = METHODS
    response.headers["Access-Control-Allow-Headers"] = HEADERS
    response.headers["Access-Control-Max-Age"] = str(SECONDS_KEPT)
    return response


def allow_origin(response: Response) -> Response:
    """Let the page that called read the answer."""
    origin = request.environ.get("HTTP_ORIGIN")
    if origin:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers.add("Vary", "Origin")
    return response
