"""The shops that the documents show are certified: what is copied from them survives."""

import importlib.util
import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from payments_mock.certify.processes import listens
from testkit.depth import depth, waits_for_ci
from testkit.npm import give_up
from tests.certify.command_line import certify, changed
from tests.docs.pages import ROOT
from tests.docs.test_examples import FILES

EXAMPLES = ROOT / "examples"
SPRING = Path("/usr/share/java/spring3-web.servlet.jar")
NEEDS = {
    "node": (shutil.which("node"), "Node"),
    "django": (importlib.util.find_spec("django"), "Django"),
    "spring": (shutil.which("javac") and SPRING.exists(), "a JDK, or Spring of Debian"),
}
A_FEW = depth((), ("--run", "1", "--run", "17", "--run", "23"))
"""All that applies is tried in CI, and a few pitfalls elsewhere: of each shop it takes half a minute."""
NOT_APPLICABLE = {
    "last-piece",
    "last-piece-gated",
    "last-piece-at-once",
    "signature-right",
    "signature-wrong",
}
PAGE = (ROOT / "docs" / "certify.md").read_text("utf-8")
WALK = PAGE.partition("### The walk, in Node")[2].partition("\n## ")[0]
REMARK = '# start = ["java", "Shop.java"]          # started with PROVIDER_URL, SECRET_KEY and CLIENT_KEY\n'
BREAKS = re.compile(r"; breaks ([^()]+) \(")
DESCRIPTION = """\
[merchant]
name = "The shop of the examples"
base_url = "http://127.0.0.1:{port}"
webhook_url = "http://127.0.0.1:{port}/webhooks"
settles_within = 8
timeout = 5
start = ["node", "server.mjs"]
environment = {{ PORT = "{{port}}" }}

[place_order]
request = "POST /orders"
order_id = "$.orderId"
amount = "$.amount"

[returned]
request = "POST /returned"
json = {{ paymentKey = "{{paymentKey}}", orderId = "{{orderId}}", amount = "{{amount}}" }}

[order]
request = "GET /orders/{{orderId}}"
status = "$.status"
states = {{ open = ["OPEN"], pending = ["PENDING"], paid = ["PAID"], refunded = ["REFUNDED"] }}

[reconcile]
request = "POST /reconcile"
"""


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of an example's folder, in which its commands are given as its reader gives them."""
    name: str = request.param
    is_here, what = NEEDS[name]
    if not is_here:
        give_up(f"no {what} on this machine")
    copied = shutil.copytree(EXAMPLES / name, tmp_path / name)
    monkeypatch.chdir(copied)
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")
    return copied


def grades(report: Path) -> dict[str, str]:
    """Return how each scenario of a report came out."""
    merchant = json.loads(report.read_text("utf-8"))["merchants"][0]
    return {one["id"]: one["grade"] for one in merchant["scenarios"]}


# Where somebody waits, one of them: the others compile, or import, for as long as they are certified.
@pytest.mark.parametrize("folder", depth(list(NEEDS), ["node"]), indirect=True)
def test_an_example_is_certified(folder: Path, port: int) -> None:
    file = changed(folder / "merchant.toml", "127.0.0.1:8080", f"127.0.0.1:{port}")

    run = certify(file, *A_FEW, "--report", "json=report.json,badge=badge.svg")

    assert run.returncode == 0, run.stdout
    told = grades(folder / "report.json")
    assert {name for name, grade in told.items() if grade != "survives"} <= NOT_APPLICABLE
    assert "certified card-2026" in (folder / "badge.svg").read_text("utf-8")
    assert not listens(f"http://127.0.0.1:{port}")


def described_by_the_walk(port: int) -> Path:
    """Have a description made as the walk does, with the answers and the lines that it gives."""
    answers = f"Corner shop\nhttp://127.0.0.1:{port}\ntoss\n"
    made = certify("init", "first-try.toml", answers=answers)
    assert made.returncode == 0, made.stderr
    start = re.findall(r"```toml\n(.*?)```", WALK, re.DOTALL)[0]
    file = changed(Path("first-try.toml"), REMARK, start)
    return changed(file, "\ntimeout = 5 ", "\ntimeout = 3 ")


@pytest.mark.parametrize("folder", ["node"], indirect=True)
def test_the_first_try_passes_the_happy_ways(folder: Path, port: int) -> None:
    run = certify("smoke", described_by_the_walk(port))

    assert run.returncode == 0, run.stdout
    assert "FAILS" not in run.stdout


@waits_for_ci
@pytest.mark.parametrize("folder", ["node"], indirect=True)
def test_the_first_try_breaks_where_the_walk_says(folder: Path, port: int) -> None:
    file = changed(described_by_the_walk(port), "settles_within = 20", "settles_within = 4")

    run = certify(file, "--report", "badge=badge.svg")

    assert run.returncode == 1, run.stdout
    assert BREAKS.findall(run.stdout) == BREAKS.findall(WALK)
    assert "not certified" in (folder / "badge.svg").read_text("utf-8")


def test_the_walk_says_of_each_pitfall_that_breaks_what_has_to_change() -> None:
    broken = {part.split()[1] for part in BREAKS.findall(WALK)[0].split(", ")}
    rows = re.findall(r"^\| ([a-z][\w, -]+) \|", WALK, re.MULTILINE)

    assert {name for row in rows for name in row.split(", ")} - {"breaks"} == broken


@pytest.mark.parametrize("folder", ["Node", "Django"])
def test_the_page_quotes_the_description_of_an_example(folder: str) -> None:
    section = PAGE.partition(f"\n#### {folder}\n")[2]
    quoted = re.findall(r"```toml\n(.*?)```", section, re.DOTALL)[0].splitlines()
    kept = (EXAMPLES / folder.lower() / "merchant.toml").read_text("utf-8").splitlines()

    assert [line for line in quoted if line not in kept] == []


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*/**/*.*")), ids=lambda file: file.name)
def test_each_file_of_an_example_is_short(file: Path) -> None:
    assert len(file.read_text("utf-8").splitlines()) <= 150


@waits_for_ci
def test_the_shop_around_the_model_for_node_is_certified(
    tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("node") is None:
        give_up("no Node on this machine")
    (tmp_path / "shop.mjs").write_text(FILES["shop.mjs"], "utf-8")
    shutil.copy(Path(__file__).parent / "examples" / "server.mjs", tmp_path)
    file = tmp_path / "merchant.toml"
    file.write_text(DESCRIPTION.format(port=port), "utf-8")
    monkeypatch.chdir(tmp_path)

    run = certify(file, *A_FEW)

    assert run.returncode == 0, run.stdout
