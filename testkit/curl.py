"""Send what a curl line of the integration guide sends."""

import argparse
import shlex
from dataclasses import dataclass


@dataclass(frozen=True)
class CurlLine:
    """A request as a curl line spells it."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes


def read_curl_line(line: str) -> CurlLine:
    """Read a curl line with the options the guide uses: -X, -H and -d."""
    parser = argparse.ArgumentParser(prog="curl")
    parser.add_argument("-X", dest="method", required=True)
    parser.add_argument("-H", dest="headers", action="append", default=[])
    parser.add_argument("-d", dest="body", required=True)
    parser.add_argument("url")
    program, *arguments = shlex.split(line.replace("\\\n", " "))
    assert program == "curl", line
    read = parser.parse_args(arguments)
    headers = dict(header.split(": ", 1) for header in read.headers)
    return CurlLine(read.method, read.url, headers, read.body.encode())
