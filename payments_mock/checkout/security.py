"""The headers of pages that shoppers see: framable by any shop, open to no script but our own."""

from flask import Response

# Shops frame the window wherever they are, `file:` pages included. What keeps a stranger's frame harmless is
# that nothing happens without the window's token, which only the page that opened it was given.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors * file:"
)


def protect(response: Response) -> Response:
    """Give a page its headers; the address holds a token, so nobody is told where a visitor comes from."""
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.add("Vary", "Accept-Language")
    return response
