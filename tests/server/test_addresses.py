"""Where the server listens, and the one line when it can't."""

import socket
import subprocess
import sys

import pytest

from payments_mock.server.process import bind
from payments_mock.settings import SettingsError


def test_port_0_takes_a_free_one_and_says_which(stub):
    assert stub.address[1] > 0
    assert stub.request("GET", "/closed")[0] == 200


def test_it_listens_on_an_ipv6_address(launch_stub):
    server = launch_stub(host="::1")
    assert server.printed("listening").startswith("http://[::1]:")
    assert server.json("/environ")["REMOTE_ADDR"] == "::1"


def test_all_addresses_are_announced_as_one_that_can_be_used(launch_stub):
    server = launch_stub(host="0.0.0.0")
    assert server.printed("listening").startswith("http://127.0.0.1:")
    assert server.request("GET", "/closed")[0] == 200


def test_a_taken_port_is_refused():
    with bind("127.0.0.1", 0) as first:
        first.listen()
        port = first.getsockname()[1]
        with pytest.raises(SettingsError, match=f"port {port} on 127.0.0.1 is taken"):
            bind("127.0.0.1", port)


def test_a_port_is_taken_back_at_once_by_a_server_that_starts_again(launch_stub):
    server = launch_stub()
    port = server.address[1]
    with server.connect() as connection:
        connection.sendall(b"GET /closed HTTP/1.1\r\nHost: a\r\n\r\n")
        server.next_answer(connection)
        server.stop()
    assert launch_stub(port=port).request("GET", "/closed")[0] == 200


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid", "a..b", "x" * 300])
def test_an_address_of_another_machine_is_refused(host: str):
    with pytest.raises(SettingsError, match="is not an address of this machine"):
        bind(host, 0)


def test_the_limit_of_open_files_is_raised_for_the_connections_that_are_allowed():
    code = (
        "import resource\n"
        "from payments_mock.server.process import allow_descriptors\n"
        "hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (100, hard))\n"
        "allow_descriptors(200)\n"
        "print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 200


def test_a_listener_does_not_share_its_port():
    with bind("127.0.0.1", 0) as listener:
        assert listener.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT) == 0
