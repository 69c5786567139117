"""The ways in: other hosts go on as before or are refused, and no real host is ever asked for."""

import socket
import socketserver
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from payments_mock.intercept import HOSTS
from payments_mock.intercept.certificates import make_certificates, server_context
from payments_mock.intercept.gateway import Door, Gateway
from testkit.depth import waits_for_ci
from tests.intercept.conftest import API, before, client, intercepted

pytestmark = pytest.mark.a_few(10)

CURL = ["curl", "-sS", "-w", " %{http_code} %{http_connect}"]


class Elsewhere(BaseHTTPRequestHandler):
    """Another host, which tells what it was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = f"{self.path} of {self.headers['Host']} via {self.headers['Proxy-Authorization']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[int]:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]  # type: ignore[index,misc]
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def plain_host() -> Iterator[str]:
    """Another host, by a name that no variable keeps from proxies."""
    with serving(ThreadingHTTPServer(("0.0.0.0", 0), Elsewhere)) as port:
        yield f"http://{socket.gethostname()}:{port}"


@pytest.fixture
def secure_host(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Another host with TLS, and the authority that a machine trusts it by."""
    name = socket.gethostname()
    made = make_certificates([name], days=2)
    for file, content in (("host.crt", made.certificate), ("host.key", made.key), ("ca.crt", made.authority)):
        (tmp_path / file).write_bytes(content)
    server = ThreadingHTTPServer(("0.0.0.0", 0), Elsewhere)
    server.socket = server_context(tmp_path / "host.crt", tmp_path / "host.key").wrap_socket(
        server.socket, server_side=True
    )
    with serving(server) as port:
        yield f"https://{name}:{port}", tmp_path / "ca.crt"


def test_another_plain_host_is_reached(plain_host: str, led: dict[str, str]) -> None:
    host = urlsplit(plain_host).netloc

    assert client([*CURL, f"{plain_host}/a?b=1"], led) == f"/a?b=1 of {host} via None 200 000"


def test_another_secure_host_is_reached_and_the_authorities_of_the_machine_still_count(
    secure_host: tuple[str, Path], provider: str
) -> None:
    url, authority = secure_host

    given = before() | {"SSL_CERT_FILE": str(authority)}
    with intercepted("--provider-url", provider, environment=given) as environment:
        said = client([*CURL, f"{url}/a"], environment)
        mine = client([*CURL, f"{API}/health"], environment)

    assert said == f"/a of {urlsplit(url).netloc} via None 200 200"
    assert mine.endswith(" 200 200")


@waits_for_ci
def test_java_trusts_what_it_trusted_before(
    secure_host: tuple[str, Path], provider: str, tmp_path: Path
) -> None:
    url, authority = secure_host
    source = tmp_path / "Look.java"
    source.write_text(
        "class Look { public static void main(String[] given) throws Exception { for (String each : given)"
        "System.out.println(((java.net.HttpURLConnection) java.net.URI.create(each).toURL()"
        ".openConnection()).getResponseCode()); } }"
    )
    store = tmp_path / "own.p12"
    keytool = ["keytool", "-importcert", "-noprompt", "-storetype", "PKCS12", "-storepass", "changeit"]
    subprocess.run([*keytool, "-keystore", store, "-file", authority], check=True, capture_output=True)
    given = before() | {"JAVA_TOOL_OPTIONS": f"-Djavax.net.ssl.trustStore={store}"}

    with intercepted("--provider-url", provider, environment=given) as environment:
        said = client(["java", source, f"{url}/a", f"{API}/health"], environment)

    assert said.splitlines() == ["200", "200"]


def test_the_proxies_that_the_machine_had_are_used_for_other_hosts(provider: str) -> None:
    class Proxy(Elsewhere):
        def do_CONNECT(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.close_connection = True

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Proxy)) as port:
        given = before() | {"http_proxy": f"http://me:hidden@127.0.0.1:{port}"}
        with intercepted("--provider-url", provider, environment=given) as environment:
            said = client([*CURL, "http://far.test/a"], environment)
            mine = client([*CURL, f"{API}/health"], environment)

    assert said == "http://far.test/a of far.test via Basic bWU6aGlkZGVu 200 000"
    assert mine.endswith(" 200 200")


def test_denied_hosts_are_refused_whoever_asks(plain_host: str, provider: str) -> None:
    look = f"import requests; print(requests.get('{plain_host}', timeout=5).status_code)"
    connect = "import socket; socket.create_connection(('192.0.2.1', 443), 5)"
    fetch = "fetch('https://example.test').catch((error) => console.log(error.cause.message))"

    with intercepted("--deny-others", "--provider-url", provider) as environment:
        assert client([*CURL, "-o", "/dev/null", plain_host], environment) == "403 000"
        assert client([*CURL, f"{API}/health"], environment).endswith(" 200 200")
        assert client([sys.executable, "-c", look], environment) == "403"
        refused = subprocess.run(
            [sys.executable, "-c", connect], env=environment, capture_output=True, text=True
        )
        assert "payments-mock intercept --deny-others refuses 192.0.2.1" in refused.stderr
        assert "--deny-others refuses example.test" in client(["node", "-e", fetch], environment)


def test_a_host_that_is_away_is_answered_502(led: dict[str, str]) -> None:
    with socket.create_server(("0.0.0.0", 0)) as listener:
        port = listener.getsockname()[1]

    assert client([*CURL, "-o", "/dev/null", f"http://{socket.gethostname()}:{port}/"], led) == "502 000"


def test_what_is_no_request_to_a_proxy_is_answered_400(led: dict[str, str]) -> None:
    proxy = led["HTTPS_PROXY"]

    assert client([*CURL, "--noproxy", "*", "-o", "/dev/null", f"{proxy}/a"], led) == "400 000"


def test_the_real_hosts_are_never_asked_for(
    provider: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve = socket.getaddrinfo

    def loud(host: object, *more: object, **named: object) -> object:
        assert "tosspayments" not in str(host), f"the address of {host} was asked for"
        return resolve(host, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", loud)
    made = make_certificates(HOSTS, days=2)
    for file, content in (("host.crt", made.certificate), ("host.key", made.key), ("ca.crt", made.authority)):
        (tmp_path / file).write_bytes(content)
    context = server_context(tmp_path / "host.crt", tmp_path / "host.key")
    door = Door("HTTPS_PROXY", is_proxy=True)

    with Gateway([door], context, provider, {}):
        environment = before() | {"HTTPS_PROXY": f"http://127.0.0.1:{door.port}"}
        curl = [*CURL, "-o", "/dev/null", "--cacert", str(tmp_path / "ca.crt")]
        for host in HOSTS:
            assert client([*curl, f"https://{host}/health"], environment) == "200 200"
        assert client([*curl, "-x", environment["HTTPS_PROXY"], f"http://{HOSTS[0]}/health"], {}) == "200 000"

    assert door.connections >= len(HOSTS)


def test_the_authority_can_sign_for_our_hosts_alone() -> None:
    from cryptography import x509

    made = make_certificates(HOSTS, days=2)
    limits = x509.load_pem_x509_certificate(made.authority).extensions.get_extension_for_class(
        x509.NameConstraints
    )

    assert limits.critical
    assert {name.value for name in limits.value.permitted_subtrees or ()} == set(HOSTS)
    assert {str(name.value) for name in limits.value.excluded_subtrees or ()} == {"0.0.0.0/0", "::/0"}


def test_the_certificate_stands_the_strictest_check(tmp_path: Path) -> None:
    made = make_certificates(HOSTS, days=2)
    context = ssl.create_default_context(cadata=made.authority.decode())
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    for file, content in (("host.crt", made.certificate), ("host.key", made.key)):
        (tmp_path / file).write_bytes(content)
    server = server_context(tmp_path / "host.crt", tmp_path / "host.key")
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = server.wrap_bio(to_server, to_client, server_side=True)
    theirs = context.wrap_bio(to_client, to_server, server_hostname=HOSTS[0])
    for side in (theirs, ours, theirs, ours):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue

    assert theirs.getpeercert()


def test_it_tells_clients_that_leave_from_those_that_do_not_trust_it(provider: str, tmp_path: Path) -> None:
    door, context, trusting = front(tmp_path)

    with Gateway([door], context, provider, {}):
        address = ("127.0.0.1", door.port)
        socket.create_connection(address).close()
        with socket.create_connection(address) as junk:
            junk.sendall(b"GET / HTTP/1.1\r\n\r\n")
            junk.recv(100)
        with pytest.raises(ssl.SSLError), socket.create_connection(address) as stranger:
            ssl.create_default_context().wrap_socket(stranger, server_hostname=HOSTS[0])
        look_up(address, trusting)

    assert (door.connections, door.answered, door.refused, door.silent) == (4, 1, 2, 1)


def test_it_stops_in_order_while_clients_leave(provider: str, tmp_path: Path) -> None:
    door, context, trusting = front(tmp_path)

    for _ in range(40):
        with Gateway([door], context, provider, {}):
            look_up(("127.0.0.1", door.port), trusting)
        door.port = 0


def test_what_became_of_a_connection_is_known_once_all_has_settled(provider: str, tmp_path: Path) -> None:
    door, context, _ = front(tmp_path)

    with Gateway([door], context, provider, {}) as gateway:
        for number in range(1, 21):
            address = ("127.0.0.1", door.port)
            with pytest.raises(ssl.SSLError), socket.create_connection(address) as stranger:
                ssl.create_default_context().wrap_socket(stranger, server_hostname=HOSTS[0])
            gateway.settle()

            assert (door.refused, door.answered) == (number, 0)


def front(folder: Path) -> tuple[Door, ssl.SSLContext, ssl.SSLContext]:
    """Return a way in, how it speaks TLS, and how a client does that trusts it."""
    made = make_certificates(HOSTS, days=2)
    (folder / "host.crt").write_bytes(made.certificate)
    (folder / "host.key").write_bytes(made.key)
    trusting = ssl.create_default_context(cadata=made.authority.decode())
    return Door("a front", is_proxy=False), server_context(folder / "host.crt", folder / "host.key"), trusting


def look_up(address: tuple[str, int], trusting: ssl.SSLContext) -> None:
    """Call the mock by a way in, and leave at once."""
    with (
        socket.create_connection(address) as plain,
        trusting.wrap_socket(plain, server_hostname=HOSTS[0]) as secure,
    ):
        secure.sendall(b"GET /health HTTP/1.1\r\nHost: api.tosspayments.com\r\n\r\n")
        assert b" 200 " in secure.recv(1000)
