"""The private folder of one run, with everything that programs are pointed at; it goes with the run."""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from payments_mock.intercept import HOSTS
from payments_mock.intercept.certificates import Certificates, java_trust_store, trusted_so_far
from payments_mock.intercept.connecting import TOLD

_PREFIX: Final = "payments-mock-intercept-"
_LOCK: Final = "lock"


@contextmanager
def private_folder() -> Iterator[Path]:
    """Make a folder that this user alone can look into, and remove it at the end.

    What a killed run has left behind is removed by the next one.
    """
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    lock = _hold(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _hold(folder: Path) -> int:
    """Lock the folder, and return the descriptor that keeps it locked.

    The lock gets its name once it is held, so that a run which starts meanwhile never finds a free one.
    """
    unnamed = folder / (_LOCK + ".new")
    descriptor = os.open(unnamed, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    unnamed.rename(folder / _LOCK)
    return descriptor


def _sweep() -> None:
    for folder in Path(tempfile.gettempdir()).glob(_PREFIX + "*"):
        if _is_left_behind(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_left_behind(folder: Path) -> bool:
    """Tell whether a folder is one of this user's runs, and no living process holds it."""
    try:
        if folder.is_symlink() or folder.stat().st_uid != os.getuid():
            return False
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    else:
        return True
    finally:
        os.close(lock)


@dataclass(frozen=True)
class Files:
    """Where things are in the folder."""

    folder: Path

    @property
    def key(self) -> Path:
        """The key of the certificate; the authority's is nowhere."""
        return self.folder / "key.pem"

    @property
    def certificate(self) -> Path:
        """The certificate of our hosts."""
        return self.folder / "certificate.pem"

    @property
    def authority(self) -> Path:
        """The authority of this run alone."""
        return self.folder / "ca.pem"

    @property
    def bundle(self) -> Path:
        """The authorities that the machine trusts, and ours."""
        return self.folder / "bundle.pem"

    @property
    def for_node(self) -> Path:
        """The authorities that Node is to trust beside its own."""
        return self.folder / "node.pem"

    @property
    def for_java(self) -> Path:
        """Java's trust store."""
        return self.folder / "trust.jks"

    @property
    def python(self) -> Path:
        """The folder of the `sitecustomize`."""
        return self.folder / "python"

    @property
    def node(self) -> Path:
        """The folder of Node's hook."""
        return self.folder / "node"

    @property
    def php(self) -> Path:
        """The folder of PHP's settings."""
        return self.folder / "php"

    @property
    def shell(self) -> Path:
        """The file in which a shell says its number."""
        return self.folder / "shell"

    @property
    def browser(self) -> Path:
        """The folder of a browser's profile."""
        return self.folder / "browser"


def write_trust(place: Files, made: Certificates, environment: Mapping[str, str]) -> None:
    """Write the certificate with its key, and whom to trust in every form that programs read."""
    _write_secret(place.key, made.key)
    place.certificate.write_bytes(made.certificate)
    place.authority.write_bytes(made.authority)
    bundle = trusted_so_far(environment)
    place.bundle.write_bytes(bundle + made.authority)
    extra = Path(environment.get("NODE_EXTRA_CA_CERTS") or os.devnull)
    place.for_node.write_bytes((extra.read_bytes() + b"\n" if extra.is_file() else b"") + made.authority)
    place.for_java.write_bytes(java_trust_store(environment, bundle, made.authority))
    place.php.mkdir()
    settings = f'curl.cainfo="{place.bundle}"\nopenssl.cafile="{place.bundle}"\n'
    (place.php / "intercept.ini").write_text(settings, "utf-8")


def _write_secret(file: Path, content: bytes) -> None:
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as opened:
        opened.write(content)


def write_hook(folder: Path, source: str, name: str, port: int, allowed: Sequence[str] | None) -> None:
    """Write a hook and what it is told: to which port it leads, and what is `allowed`, where not all is."""
    folder.mkdir()
    told = {
        "hosts": HOSTS,
        "place": ["127.0.0.1", port],
        "denyOthers": allowed is not None,
        "allowed": list(allowed or ()),
    }
    (folder / TOLD).write_text(json.dumps(told), "utf-8")
    (folder / name).write_text((files(__package__) / source).read_text("utf-8"), "utf-8")


def readers(folder: Path) -> int:
    """Return how many processes have run the hook in a folder."""
    return len(list(folder.glob("read-*")))
