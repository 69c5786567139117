"""The public face: what `payments_mock` exports is what it says it does."""

import subprocess
import sys

import payments_mock


def test_the_exports_are_sorted() -> None:
    assert list(payments_mock.__all__) == sorted(payments_mock.__all__)


def test_every_export_is_there() -> None:
    for name in payments_mock.__all__:
        assert getattr(payments_mock, name) is not None


def test_everything_public_is_exported() -> None:
    script = (
        "import payments_mock, types\n"
        "[getattr(payments_mock, name) for name in payments_mock.__all__]\n"
        "own = {name for name, value in vars(payments_mock).items()\n"
        "       if not name.startswith('_') and not isinstance(value, types.ModuleType)}\n"
        "print(*sorted(own - {'TYPE_CHECKING', 'Any'} - set(payments_mock.__all__)))\n"
    )

    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert shown.stdout.split() == []


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(payments_mock, "no_such_name")


def test_importing_the_package_brings_no_framework() -> None:
    script = "import payments_mock, sys; print({'flask', 'sqlalchemy', 'marshmallow'} & set(sys.modules))"

    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert shown.stdout.strip() == "set()"
