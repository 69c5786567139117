"""The private folder of a run: it goes with the run, and no other run touches it meanwhile."""

import fcntl
import stat
import subprocess
from pathlib import Path

import pytest

from payments_mock.intercept.folder import private_folder
from tests.intercept.conftest import COMMAND, before, intercepted


@pytest.fixture
def apart(tmp_path: Path) -> dict[str, str]:
    """An environment whose folder for temporary files no other test looks into."""
    return {**before(), "TMPDIR": str(tmp_path)}


def test_nothing_is_left_behind_and_the_key_is_private_meanwhile(
    provider: str, apart: dict[str, str], tmp_path: Path
) -> None:
    with intercepted("--provider-url", provider, environment=apart) as environment:
        folder = Path(environment["SSL_CERT_FILE"]).parent

        assert list(tmp_path.iterdir()) == [folder]
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        keys = [file for file in folder.rglob("*") if file.is_file() and b"PRIVATE KEY" in file.read_bytes()]
        assert [file.name for file in keys] == ["key.pem"]
        assert stat.S_IMODE(keys[0].stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_has_left_behind_goes_with_the_next_one(
    provider: str, apart: dict[str, str]
) -> None:
    command = [*COMMAND, "--quiet", "--provider-url", provider, "--", "sh", "-c", "echo $SSL_CERT_FILE; cat"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=apart
    ) as running:
        assert running.stdout is not None
        folder = Path(running.stdout.readline().strip()).parent
        running.kill()
    assert folder.exists()

    with intercepted("--provider-url", provider, environment=apart):
        assert not folder.exists()


def test_a_run_that_starts_beside_another_leaves_its_folder_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    lock = fcntl.flock

    def meanwhile(descriptor: int, operation: int) -> None:
        monkeypatch.setattr("fcntl.flock", lock)
        with private_folder():
            lock(descriptor, operation)

    monkeypatch.setattr("fcntl.flock", meanwhile)

    with private_folder() as folder:
        assert folder.is_dir()
