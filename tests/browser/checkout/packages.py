"""The vendor's own npm packages, and what their declarations say."""

import re
from pathlib import Path

import pytest

from testkit import npm

PACKAGES = (
    "@tosspayments/tosspayments-sdk@2.8.1",
    "@tosspayments/payment-sdk@1.9.3",
    "@tosspayments/payment-widget-sdk@0.12.2",
)


def install_packages(folders: pytest.TempPathFactory) -> Path:
    """Return where the loaders are."""
    return npm.install_packages(folders, "npm", PACKAGES) / "node_modules" / "@tosspayments"


def members(declarations: str, opening: str) -> set[str]:
    """Name the members of the block that `opening` begins in TypeScript declarations."""
    start = declarations.index(opening) + len(opening)
    depth, end = 1, start
    while depth:
        depth += {"{": 1, "}": -1}.get(declarations[end], 0)
        end += 1
    block = re.sub(r"/\*.*?\*/", "", declarations[start : end - 1], flags=re.DOTALL)
    flat = []
    for line in block.splitlines():
        if depth == 0 and (found := re.match(r"\s*(?:readonly )?(\w+)\??:", line)):
            flat.append(found[1])
        depth += line.count("{") + line.count("(") - line.count("}") - line.count(")")
    return set(flat)
