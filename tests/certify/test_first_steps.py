"""The first steps: a description is made, and the happy ways are tried alone."""

from pathlib import Path

from tests.certify.command_line import certify, changed


def test_smoke_says_which_recipe_does_not_work(kiosk: Path) -> None:
    run = certify("smoke", changed(kiosk, "/refund", "/give-back"))

    assert run.returncode == 1
    assert "ok     pay" in run.stdout
    assert "FAILS  refund           POST /orders/" in run.stdout
    assert "404" in run.stdout


def test_a_description_is_made_of_answers(tmp_path: Path) -> None:
    file = tmp_path / "merchant.toml"

    run = certify("init", file, answers="Corner shop\nhttp://127.0.0.1:7000\nkiosk\n")

    assert run.returncode == 0, run.stderr
    text = file.read_text("utf-8")
    assert 'name = "Corner shop"' in text
    assert 'request = "POST /orders/{orderId}/pay"' in text


def test_a_description_that_is_there_is_kept(kiosk: Path) -> None:
    run = certify("init", kiosk)

    assert run.returncode == 2
    assert run.stderr == f"payments-mock certify: {kiosk} exists already; name another, or give --force\n"


def test_the_kiosks_own_document_makes_a_description_that_works(
    kiosk: Path, tmp_path: Path, port: int
) -> None:
    document = Path(__file__).parents[2] / "payments_mock/kiosk/web/static/openapi.json"
    file = tmp_path / "made.toml"
    base_url = f"http://127.0.0.1:{port}"

    made = certify("init", file, "--openapi", document, "--contract", "kiosk", "--base-url", base_url)
    start = next(line for line in kiosk.read_text("utf-8").split("\n[")[0].split("\nstart = ")[1:])
    changed(file, '# start = ["java", "Shop.java"]', f"start = {start.replace(chr(10), ' ').strip()}")

    assert made.returncode == 0, made.stderr
    assert certify("smoke", file).returncode == 0
