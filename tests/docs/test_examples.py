"""docs/examples.md: the examples in other languages run as they stand, against a real server."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from testkit.depth import IS_DEEP
from testkit.npm import give_up
from testkit.processes import running_server

PAGE = (Path(__file__).parents[2] / "docs" / "examples.md").read_text(encoding="utf-8")
FILE = re.compile(r"```\w+\n(?:#|//) ([\w.-]+)\n(.*?)```", re.DOTALL)
FILES = dict(FILE.findall(PAGE))
ALL = "PAYMENTS_MOCK_EXAMPLES"
"""Set to `all` it has those run too that a compiler takes seconds for."""


KOTLIN = {"LostAnswerTest.kt"}
"""It needs a compiler that no package of the system has; the rest of the page is run."""

ANNOTATIONS = (
    "org.junit.jupiter.api.AfterAll",
    "org.junit.jupiter.api.BeforeEach",
    "org.junit.jupiter.api.Test",
    "org.springframework.beans.factory.annotation.Autowired",
    "org.springframework.boot.test.context.SpringBootTest",
    "org.springframework.test.context.DynamicPropertySource",
)
STAND_INS = {
    "org.junit.jupiter.api.Assertions": """public class Assertions {
        public static void assertTrue(boolean told) { if (!told) throw new AssertionError(); }
        public static void assertFalse(boolean told) { assertTrue(!told); }
    }""",
    "org.springframework.test.context.DynamicPropertyRegistry": """public interface DynamicPropertyRegistry {
        void add(String name, java.util.function.Supplier<Object> value);
    }""",
}
"""What the test for Spring Boot takes of Spring and JUnit: nothing here can download them."""

RUNNER = """
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.*;
import org.springframework.test.context.*;

class Runner {
    static int run(Class<? extends Annotation> annotation, Object test, Object... told) throws Exception {
        int count = 0;
        for (Method method : LostAnswerTest.class.getDeclaredMethods()) {
            if (!method.isAnnotationPresent(annotation)) continue;
            if (annotation == Test.class) run(BeforeEach.class, test);
            method.setAccessible(true);
            method.invoke(test, told);
            count++;
        }
        return count;
    }

    public static void main(String[] ignored) throws Exception {
        var properties = new HashMap<String, Supplier<Object>>();
        DynamicPropertyRegistry registry = properties::put;
        run(DynamicPropertySource.class, null, registry);
        var test = new LostAnswerTest();
        String url = (String) properties.get("toss.base-url").get();
        test.shop = new ShopPayments(url, (String) properties.get("toss.secret-key").get());
        System.out.println(run(Test.class, test) + " passed");
        run(AfterAll.class, null);
    }
}
"""
"""Does with the test what Spring Boot and JUnit do: the shop gets its properties, each method is run."""


TOKEN = "token-for-tests"


@pytest.fixture(scope="module", params=[None, TOKEN], ids=["on this machine", "with a token"])
def token(request: pytest.FixtureRequest) -> str | None:
    """Return the control token of the server, as one in a container has it."""
    given: str | None = request.param
    return given


@pytest.fixture(scope="module")
def server(token: str | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0"]
    command += [] if token is None else ["--control-token", token]
    with running_server(command, tmp_path_factory.mktemp("provider")) as started:
        yield started.url


def write_stand_ins(folder: Path) -> None:
    """Write what the test for Spring Boot needs beside it."""
    empty = {
        name: f"""@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
            public @interface {name.rpartition(".")[2]} {{}}"""
        for name in ANNOTATIONS
    }
    for name, code in (STAND_INS | empty).items():
        file = folder / f"{name.replace('.', '/')}.java"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"package {name.rpartition('.')[0]};\n{code}\n", encoding="utf-8")
    (folder / "Runner.java").write_text(RUNNER, encoding="utf-8")


def sandboxes(server: str, token: str | None) -> list[str]:
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {token}"
        listed = session.get(f"{server}/control/sandboxes", timeout=10).json()["sandboxes"]
    return [sandbox["id"] for sandbox in listed]


def run(folder: Path, server: str, token: str | None, *command: str) -> str:
    """Run a command beside the files of the page, and return what it printed."""
    environment = os.environ | {"PAYMENTS_MOCK_URL": server, "NO_PROXY": "*"}
    environment |= {} if token is None else {"PAYMENTS_MOCK_CONTROL_TOKEN": token}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


RUNS = {
    "curl": (["lost-answer.sh"], [["sh", "lost-answer.sh"]]),
    "node": (["payments-mock.mjs", "shop.mjs", "shop.test.mjs"], [["node", "--test", "shop.test.mjs"]]),
    "javac": (
        ["PaymentsMockSandbox.java", "ShopPayments.java", "LostAnswer.java"],
        [
            ["javac", "PaymentsMockSandbox.java", "ShopPayments.java", "LostAnswer.java"],
            ["java", "-ea", "LostAnswer"],
        ],
    ),
    "java": (
        ["PaymentsMockSandbox.java", "ShopPayments.java", "LostAnswerTest.java"],
        [["javac", "-sourcepath", ".", "Runner.java"], ["java", "Runner"]],
    ),
    "go": (
        ["go.mod", "shop.go", "payments_mock_test.go", "shop_test.go"],
        [["go", "vet", "."], ["go", "test", "."]],
    ),
}
"""By the tool that is needed: the files of the page, and the commands."""


def test_every_file_of_the_page_is_run_but_the_one_in_kotlin() -> None:
    assert {name for names, _ in RUNS.values() for name in names} == FILES.keys() - KOTLIN


@pytest.mark.parametrize("tool", RUNS)
def test_an_example_does_what_it_says_and_leaves_no_sandbox(
    server: str, token: str | None, tmp_path: Path, tool: str
) -> None:
    if tool in {"java", "javac", "go"} and not IS_DEEP and os.environ.get(ALL) != "all":
        pytest.skip(f"compiles for seconds; CI runs it, and {ALL}=all")
    if shutil.which(tool) is None:
        give_up(f"needs {tool}, which is not on this machine")
    names, commands = RUNS[tool]
    before = sandboxes(server, token)
    for name in names:
        (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    if tool == "java":
        write_stand_ins(tmp_path)

    for command in commands:
        run(tmp_path, server, token, *command)

    assert sandboxes(server, token) == before
