"""Many sandboxes on one server, used at once: each has its own clock, faults, journal and payments."""

from benchmarks.control.crosstalk import measure_crosstalk
from payments_mock.testing import MockServer


def test_sixteen_clients_in_many_sandboxes_see_nothing_of_each_other() -> None:
    with MockServer() as server:
        host, port = server.url.removeprefix("http://").split(":")

        found = measure_crosstalk(host, int(port), sandboxes=48, clients=16)

    assert found.mistakes == []
    assert found.calls == 48 * 11
