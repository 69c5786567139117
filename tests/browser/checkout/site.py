"""A shop on an origin of its own, whose pages run what merchants' pages run."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

FOLDER = Path(__file__).parent / "shop"
SCRIPTS = {
    "v2-payment": "/v2/standard",
    "v2-widget": "/v2/standard",
    "v1-payment": "/v1/payment",
    "v1-widget": "/v1/payment-widget",
}
TYPES = {".html": "text/html", ".js": "text/javascript", ".svg": "image/svg+xml", ".css": "text/css"}


class _Pages(BaseHTTPRequestHandler):
    """Serves a page a flavor, under a policy as strict as a shop can have with the scripts on it."""

    provider: str
    extra: dict[str, tuple[str, bytes]]

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        name = path.strip("/")
        if name in self.extra:
            self._send(*self.extra[name])
        elif name in SCRIPTS:
            page = (FOLDER / "page.html").read_text("utf-8")
            page = page.replace("{script}", self.provider + SCRIPTS[name]).replace("{flavor}", name)
            self._send("text/html", page.encode())
        elif name == "framed":
            self._send("text/html", (FOLDER / "framed.html").read_bytes())
        elif name in {"success", "fail"}:
            self._send("text/html", (FOLDER / "back.html").read_bytes())
        elif re.fullmatch(r"[a-z0-9-]+\.(js|svg|css)", name) and (FOLDER / name).exists():
            self._send(TYPES[Path(name).suffix], (FOLDER / name).read_bytes())
        else:
            self.send_error(404)

    def _send(self, kind: str, content: bytes) -> None:
        sources = f"'self' {self.provider}"
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header(
            "Content-Security-Policy",
            f"default-src 'none'; script-src {sources}; connect-src {sources}; "
            f"frame-src {sources}; img-src 'self'; style-src 'self'",
        )
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def running_shop(provider: str, extra: dict[str, tuple[str, bytes]] | None = None) -> Iterator[str]:
    """Serve the shop for the length of a block; `extra` adds files by path, as content type and content."""
    pages = type("Pages", (_Pages,), {"provider": provider, "extra": extra or {}})
    with ThreadingHTTPServer(("127.0.0.1", 0), pages) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        thread.join()
