import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pytest_bdd import given, scenarios, when

from step_defs.kiosk.conftest import kiosk_command, scene_at
from testkit.answer import Answer
from testkit.kiosk.line import Line
from testkit.kiosk.restartable import RestartableKiosk
from testkit.kiosk.scene import Scene

pytestmark = pytest.mark.a_few(1)

scenarios("kiosk/crash.feature")

TIMEOUT_SECONDS = 1.0
SETTLED_SECONDS = 20.0


@given("a kiosk that keeps its orders in a file", target_fixture="scene")
def _(line: Line, secret_key: str, tmp_path: Path) -> Iterator[Scene]:
    command = kiosk_command(line.url, secret_key, "--timeout", str(TIMEOUT_SECONDS))
    with closing(RestartableKiosk(command, tmp_path)) as process, scene_at(process.url) as scene:
        scene.process = process
        yield scene
        line.mend()


@when("the kiosk is killed and started again")
def _(scene: Scene) -> None:
    assert scene.process is not None
    scene.process.crash()
    scene.kiosk.url = scene.process.url


@when("the screen looks at the order until it is settled", target_fixture="answer")
def _(scene: Scene) -> Answer:
    deadline = time.monotonic() + SETTLED_SECONDS
    while True:
        answer = scene.kiosk.look(scene.order_id)
        if not answer.body["status"].endswith("PENDING") or time.monotonic() > deadline:
            return answer
        time.sleep(0.1)
