"""The page of the inspector. It holds no data: its scripts ask the control API, by its rules."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

import orjson
from flask import Blueprint, Response, make_response, render_template, request

from payments_mock.api.bodies import guard_page
from payments_mock.api.catalogue import ENGLISH, KOREAN
from payments_mock.api.operation import Contract
from payments_mock.api.wire import current_call
from payments_mock.control.errors import NotLocalError, check_is_local
from payments_mock.domain.sandboxes import ContractName
from payments_mock.reference.pages import asked_language, built_in_keys

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)

REFUSED_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    KOREAN: {
        "title": "여기서는 인스펙터를 열 수 없습니다",
        "local": "인스펙터는 서버와 같은 컴퓨터에서, localhost나 127.0.0.1 주소로 열 때만 보입니다.",
        "token": "다른 컴퓨터나 프록시를 거쳐 쓰려면 토큰을 정해 서버를 시작하세요. "
        "페이지가 토큰을 한 번 묻습니다.",
        "home": "처음으로",
    },
    ENGLISH: {
        "title": "The inspector can't be opened from here",
        "local": "It is shown on the server's own machine, at localhost or 127.0.0.1.",
        "token": "To use it from another machine, or through a proxy, start the server with a token. "
        "The page asks for it once.",
        "home": "Home",
    },
}


class InspectorPages:
    """The page of the inspector of a provider, whose control API asks for `token` where there is one."""

    def __init__(self, contracts: Mapping[ContractName, Contract], token: str | None) -> None:
        self._contracts = contracts
        self._token = token

    def blueprint(self) -> Blueprint:
        """Make the blueprint that serves it."""
        pages = Blueprint(
            "inspector",
            __name__,
            template_folder="templates",
            static_folder="static",
            static_url_path="/inspector/-",
        )
        pages.get("/inspector")(self.show)
        pages.after_request(_protect)
        return pages

    def show(self) -> Response:
        """Show the inspector to whoever may use the control API, and to others how they may.

        With a token anybody gets the page, which shows nothing before it was told the token.
        """
        reader = current_call().reader
        language = asked_language(request.args, reader)
        if self._token is None:
            try:
                check_is_local(request)
            except NotLocalError:
                return _refuse(language)
        facts = orjson.dumps(self._facts(reader.base_url)).decode()
        return make_response(render_template("inspector/page.html", language=language, facts=facts))

    def _facts(self, base: str) -> dict[str, Any]:
        """Return what the scripts need: the address, the keys that everybody knows, operations and codes."""
        return {
            "base": base,
            "needsToken": self._token is not None,
            "keys": [asdict(pair) for pair in built_in_keys()],
            "operations": {
                str(name): [operation.name for operation in contract.operations]
                for name, contract in self._contracts.items()
            },
            "codes": {str(name): sorted(contract.codes()) for name, contract in self._contracts.items()},
        }


def _refuse(language: str) -> Response:
    words = REFUSED_WORDS[language]
    refused = make_response(render_template("inspector/refused.html", language=language, words=words))
    refused.status_code = 403
    return refused


def _protect(response: Response) -> Response:
    """Have a browser load nothing from elsewhere, frame the page nowhere, and keep no copy of it."""
    guard_page(response, CONTENT_SECURITY_POLICY)
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-cache" if request.endpoint == "inspector.static" else "no-store"
    response.headers["Vary"] = "Accept-Language"
    return response
