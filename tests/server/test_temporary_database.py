"""The database of one run, and what is left of it afterwards: nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from payments_mock.database import TemporaryDatabase, sweep_leftovers


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def test_each_database_has_a_folder_of_its_own():
    first, second = TemporaryDatabase(), TemporaryDatabase()
    assert file_of(first.url).parent != file_of(second.url).parent
    assert file_of(first.url).parent.is_dir()


def test_removing_it_takes_all_files_beside_it_too(folder: Path):
    database = TemporaryDatabase()
    for suffix in ("", "-wal", "-shm"):
        Path(str(file_of(database.url)) + suffix).touch()
    database.remove()
    database.remove()
    assert list(folder.iterdir()) == []


def test_a_forked_process_does_not_remove_it():
    database = TemporaryDatabase()
    pid = os.fork()
    if pid == 0:
        database.remove()
        os._exit(0)
    os.waitpid(pid, 0)
    assert file_of(database.url).parent.exists()


def run(code: str, folder: Path) -> str:
    environment = {**os.environ, "TMPDIR": str(folder)}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


def test_it_goes_when_its_process_exits(folder: Path):
    code = (
        "from payments_mock.database import temporary_database_url as make\n"
        "import pathlib\n"
        "url = make()\n"
        "print(pathlib.Path(url.removeprefix('sqlite:///')).parent.is_dir())"
    )
    assert run(code, folder) == "True"
    assert list(folder.iterdir()) == []


def test_one_left_by_a_killed_process_is_swept(folder: Path):
    code = "import os\nfrom payments_mock.database import TemporaryDatabase\nTemporaryDatabase()\nos._exit(0)"
    run(code, folder)
    assert len(list(folder.iterdir())) == 1
    sweep_leftovers()
    assert list(folder.iterdir()) == []


def test_one_in_use_is_not_swept():
    database = TemporaryDatabase()
    sweep_leftovers()
    assert file_of(database.url).parent.exists()


def test_folders_of_others_are_left_alone(folder: Path):
    (folder / "payments-mock-notes").mkdir()
    (folder / "payments-mock-file").touch()
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "in-use").touch()
    (folder / "payments-mock-link").symlink_to(folder / "elsewhere")
    sweep_leftovers()
    assert {path.name for path in folder.iterdir()} == {
        "payments-mock-notes",
        "payments-mock-file",
        "elsewhere",
        "payments-mock-link",
    }
