"""The variables by which programs are led to us, each with the way in that tells who heeds it."""

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from payments_mock.intercept import HOSTS
from payments_mock.intercept.folder import Files
from payments_mock.intercept.gateway import LOOPBACK, Door

LOCAL_NAMES: Final = ("localhost", "127.0.0.1", "::1")
BROWSER_ARGUMENTS: Final = "INTERCEPT_BROWSER_ARGS"
"""The variable with the arguments of a browser, as a JSON list."""


@dataclass(frozen=True)
class Doors:
    """One way in for each kind of variable."""

    secure_proxy: Door = field(default_factory=lambda: Door("HTTPS_PROXY", is_proxy=True))
    plain_proxy: Door = field(default_factory=lambda: Door("http_proxy", is_proxy=True))
    java: Door = field(default_factory=lambda: Door("JAVA_TOOL_OPTIONS", is_proxy=True))
    node: Door = field(default_factory=lambda: Door("NODE_OPTIONS", is_proxy=False))
    python: Door = field(default_factory=lambda: Door("PYTHONPATH", is_proxy=False))
    browser: Door = field(default_factory=lambda: Door("the browser's launch line", is_proxy=False))

    def all(self) -> tuple[Door, ...]:
        """Return all ways in."""
        return (self.secure_proxy, self.plain_proxy, self.java, self.node, self.python, self.browser)


def variables(
    before: Mapping[str, str], place: Files, doors: Doors, provider_url: str, spki: str
) -> dict[str, str]:
    """Return the variables that a child gets beside those it would have had, or in place of them.

    What a variable says already is kept where it can be, with ours behind it.
    """
    secure, plain = (f"http://{LOOPBACK}:{door.port}" for door in (doors.secure_proxy, doors.plain_proxy))
    none = ",".join([*kept_from_proxies(before), *LOCAL_NAMES])
    bundle = str(place.bundle)
    return {
        "HTTPS_PROXY": secure,
        "https_proxy": secure,
        "http_proxy": plain,
        "NO_PROXY": none,
        "no_proxy": none,
        "SSL_CERT_FILE": bundle,
        "REQUESTS_CA_BUNDLE": bundle,
        "CURL_CA_BUNDLE": bundle,
        "NODE_EXTRA_CA_CERTS": str(place.for_node),
        "NODE_OPTIONS": _behind(before, "NODE_OPTIONS", f'--require "{place.node / "hook.cjs"}"'),
        "JAVA_TOOL_OPTIONS": _behind(before, "JAVA_TOOL_OPTIONS", _java_options(doors.java, place.for_java)),
        "PYTHONPATH": ":".join(filter(None, (str(place.python), before.get("PYTHONPATH")))),
        "PHP_INI_SCAN_DIR": f"{before.get('PHP_INI_SCAN_DIR', '')}:{place.php}",
        "PAYMENTS_MOCK_URL": provider_url,
        BROWSER_ARGUMENTS: json.dumps(browser_arguments(doors.browser, spki)),
    }


def trusting(before: Mapping[str, str], place: Files) -> dict[str, str]:
    """Return the variables by which a process trusts the certificate, and takes no proxy to our hosts."""
    none = ",".join(filter(None, (before.get("no_proxy") or before.get("NO_PROXY"), *HOSTS)))
    bundle = str(place.bundle)
    names = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    return {"NO_PROXY": none, "no_proxy": none} | dict.fromkeys(names, bundle)


def kept_from_proxies(before: Mapping[str, str]) -> list[str]:
    """Return what `NO_PROXY` names, without what would keep our hosts from us."""
    named = (before.get("no_proxy") or before.get("NO_PROXY") or "").split(",")
    stripped = (name.strip() for name in named)
    return [name for name in stripped if name and not _covers_ours(name) and name not in LOCAL_NAMES]


def _covers_ours(name: str) -> bool:
    domain = name.partition(":")[0].lstrip("*").lstrip(".").lower()
    return not domain or any(host == domain or host.endswith(f".{domain}") for host in HOSTS)


def _behind(before: Mapping[str, str], name: str, ours: str) -> str:
    return f"{before.get(name, '')} {ours}".strip()


def _java_options(door: Door, trust_store: Path) -> str:
    options = [
        f"-Dhttps.proxyHost={LOOPBACK}",
        f"-Dhttps.proxyPort={door.port}",
        f"-Djavax.net.ssl.trustStore={trust_store}",
        "-Djavax.net.ssl.trustStoreType=JKS",
    ]
    # The JVM reads quotes, and no backslashes.
    return " ".join(f'"{option}"' if " " in option else option for option in options)


def browser_arguments(door: Door, spki: str) -> list[str]:
    """Return the arguments that lead a Chromium to us; the second needs a profile of its own."""
    rules = ", ".join(f"MAP {host}:443 {LOOPBACK}:{door.port}" for host in HOSTS)
    return [f"--host-resolver-rules={rules}", f"--ignore-certificate-errors-spki-list={spki}"]


OFF: Final = "intercept_off"
BROWSER: Final = "intercept_browser"


def shell_script(
    before: Mapping[str, str], changes: Mapping[str, str], keeper: int, place: Files
) -> Iterator[str]:
    """Yield the lines that set a shell up; by a file they tell the process `keeper` which shell that is."""
    for name, value in changes.items():
        yield f"export {name}={shlex.quote(value)}"
    arguments = shlex.join([f"--user-data-dir={place.browser}", *json.loads(changes[BROWSER_ARGUMENTS])])
    yield f'{BROWSER}() ( program=$1; shift; exec "$program" {arguments} "$@" )'
    yield f"{OFF}() {{"
    yield f"  kill {keeper} 2>/dev/null"
    for name in changes:
        yield f"  export {name}={shlex.quote(before[name])}" if name in before else f"  unset {name}"
    yield f"  unset -f {OFF} {BROWSER}"
    yield "}"
    # In a substitution, too, this is the number of the shell itself.
    yield f"echo $$ >{shlex.quote(str(place.shell))}"
