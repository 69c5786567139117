import pytest
from flask import Flask

from tests.control.desk import Desk, SandboxDesk


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.fixture
def kiosk(desk: Desk) -> SandboxDesk:
    return desk.sandbox()


@pytest.fixture
def toss(desk: Desk) -> SandboxDesk:
    return desk.sandbox(contract="toss")
