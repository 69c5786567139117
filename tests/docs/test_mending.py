"""docs/certify-mending.md: each pitfall has code that mends it in three languages, which can be read."""

import ast
import re
import shutil
import subprocess
import textwrap
from pathlib import Path

import pytest

from payments_mock.certify.checks import PITFALLS, Pitfall
from testkit.depth import waits_for_ci
from testkit.npm import give_up
from tests.docs.pages import BLOCK, ROOT

PAGE = (ROOT / "docs" / "certify-mending.md").read_text(encoding="utf-8")
SECTIONS: dict[str, str] = dict(re.findall(r"^## ([\w-]+)\n(.*?)(?=^## |\Z)", PAGE, re.S | re.M))
LANGUAGES = ["java", "js", "python"]
PARSER = """
import com.sun.source.util.JavacTask;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.*;

class Parser {
    static boolean isRead(String code) throws Exception {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var found = new DiagnosticCollector<JavaFileObject>();
        var file = new SimpleJavaFileObject(URI.create("string:///A.java"), JavaFileObject.Kind.SOURCE) {
            @Override public CharSequence getCharContent(boolean ignored) { return code; }
        };
        ((JavacTask) compiler.getTask(null, null, found, null, null, List.of(file))).parse();
        return found.getDiagnostics().stream().noneMatch(one -> one.getKind() == Diagnostic.Kind.ERROR);
    }

    public static void main(String[] files) throws Exception {
        for (String file : files) {
            String code = Files.readString(Path.of(file));
            boolean isMember = isRead("class A { %s }".formatted(code));
            if (!isMember && !isRead("class A { void a() { %s } }".formatted(code))) System.out.println(file);
        }
    }
}
"""


def snippets(language: str) -> dict[str, str]:
    """Return the code of each section in a language."""
    found = {name: dict(BLOCK.findall(text)) for name, text in SECTIONS.items()}
    return {name: code[language] for name, code in found.items() if language in code}


def test_there_is_a_section_a_pitfall() -> None:
    assert list(SECTIONS) == [pitfall.id for pitfall in PITFALLS]


@pytest.mark.parametrize("pitfall", PITFALLS, ids=lambda pitfall: pitfall.id)
def test_a_section_says_what_the_command_says_and_mends_it_in_three_languages(pitfall: Pitfall) -> None:
    text = SECTIONS[pitfall.id]

    assert f"*{pitfall.number}. {pitfall.title}.* {pitfall.why}" in text
    assert f"**Usual cause.** {pitfall.cause}" in text
    assert f"**Mend it.** {pitfall.mend}" in text
    assert [language for language, _ in BLOCK.findall(text)] == LANGUAGES


@pytest.mark.parametrize("name", SECTIONS)
def test_the_python_of_a_section_can_be_read(name: str) -> None:
    ast.parse(f"def mended():\n{textwrap.indent(snippets('python')[name], '    ')}")


def test_the_javascript_of_all_sections_can_be_read(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        give_up("no Node on this machine")
    file = tmp_path / "snippets.mjs"
    functions = [f"async () => {{\n{code}}};" for code in snippets("js").values()]
    file.write_text("\n".join(functions), encoding="utf-8")

    done = subprocess.run([str(node), "--check", file], capture_output=True, text=True)

    assert done.returncode == 0, done.stderr


@waits_for_ci
def test_the_java_of_all_sections_can_be_read(tmp_path: Path) -> None:
    java = shutil.which("java")
    if shutil.which("javac") is None:
        give_up("no JDK on this machine")
    for name, code in snippets("java").items():
        (tmp_path / name).write_text(code, encoding="utf-8")
    (tmp_path / "Parser.java").write_text(PARSER, encoding="utf-8")

    command = [str(java), "Parser.java", *snippets("java")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (0, ""), done.stderr
