"""What a person meets who opens the server in a browser: the home page, and a page where there is none.

Programs are answered in JSON at the same addresses, as they always were. A page that shows more than the
home page can take its place by serving `/` itself.
"""

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, Response, current_app, make_response, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from payments_mock.api.catalogue import ENGLISH, KOREAN, answer_language
from payments_mock.banner import example_request
from payments_mock.http.dispatcher import dispatcher_of
from payments_mock.receipts.links import public_base
from payments_mock.reference.pages import built_in_keys, documented

HOME_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    KOREAN: {
        "title": "결제 서버가 켜져 있습니다",
        "about": "토스페이먼츠를 흉내 내는 테스트 서버입니다. 실제 돈은 오가지 않습니다.",
        "address": "서버 주소",
        "address_hint": "서버의 API 호출과 결제창 스크립트 주소를 모두 이 주소로 바꾸세요.",
        "try": "바로 호출해 보기",
        "try_hint": "결제를 만들고 승인합니다. 터미널에 그대로 붙여 넣으세요.",
        "window": "결제창 띄우기",
        "window_hint": "페이지에 이 스크립트를 넣으면 실제 SDK처럼 동작합니다.",
        "pairs": "바로 쓸 수 있는 키",
        "pairs_hint": "키에 따라 동작하는 API와 데이터가 달라집니다.",
        "sandbox": "샌드박스",
        "contract": "API",
        "secret": "시크릿 키",
        "client": "클라이언트 키",
        "none": "없음",
        "API": "API 개별 연동 키",
        "WIDGET": "결제위젯 연동 키",
        "open": "다른 <code>test_sk_</code>, <code>test_gsk_</code> 키를 쓰면 그 키만의 샌드박스가 생깁니다.",
        "reference": "API 문서",
        "reference_hint": "모든 API를 읽고 바로 호출해 봅니다.",
        "copy_line": "복사",
    },
    ENGLISH: {
        "title": "The payment server is running",
        "about": "A test server that behaves like Toss Payments. No money moves.",
        "address": "Base URL",
        "address_hint": "Point your API calls and the script of the payment window here.",
        "try": "Make a call",
        "try_hint": "Create a payment, and approve it: paste both lines into a terminal.",
        "window": "Open a payment window",
        "window_hint": "With this script a page behaves as with the real SDK.",
        "pairs": "Keys that work at once",
        "pairs_hint": "The key decides which API answers, and whose data it sees.",
        "sandbox": "Sandbox",
        "contract": "API",
        "secret": "Secret key",
        "client": "Client key",
        "none": "none",
        "API": "API key",
        "WIDGET": "Widget key",
        "open": "Any other <code>test_sk_</code> or <code>test_gsk_</code> key gets a sandbox of its own.",
        "reference": "API reference",
        "reference_hint": "Read about every operation, and call it.",
        "copy_line": "Copy",
    },
}

LOST_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    KOREAN: {
        "page": "페이지를 찾을 수 없습니다",
        "page_hint": "이 주소에는 아무것도 없습니다. 주소를 다시 확인해 주세요.",
        "receipt": "영수증을 찾을 수 없습니다",
        "receipt_hint": "링크가 잘못되었거나, 서버를 다시 시작하면서 결제 내역이 사라졌습니다. "
        "결제 내역을 남기려면 서버를 <code>--data</code> 옵션으로 시작하세요.",
        "method": "브라우저로 열 수 없는 주소입니다",
        "method_hint": "프로그램이 호출하는 API 주소입니다. 호출하는 방법은 API 문서에 있습니다.",
        "wrong": "주소가 올바르지 않습니다",
        "wrong_hint": "물음표 뒤의 값을 다시 확인해 주세요.",
        "home": "처음으로",
        "reference": "API 문서",
    },
    ENGLISH: {
        "page": "There is no such page",
        "page_hint": "Nothing is at this address. Please check it.",
        "receipt": "There is no such receipt",
        "receipt_hint": "The link is wrong, or the server was started again and forgot the payment. "
        "Start it with <code>--data</code> to keep payments.",
        "method": "A browser can't open this address",
        "method_hint": "Programs call it: it belongs to the API. The reference tells how.",
        "wrong": "The address is not right",
        "wrong_hint": "Please check what stands behind the question mark.",
        "home": "Home",
        "reference": "API reference",
    },
}

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
LONGEST_SHOWN: Final = 200
"""How much of an address that leads nowhere is shown."""

_STATUSES_WITH_PAGES: Final = (400, 404, 405)

home = Blueprint("home", __name__, template_folder="templates")


@home.get("/")
def show() -> Response:
    """Show a browser where the server is, its keys, and how to begin; for programs there is nothing here."""
    if not _wants_a_page():
        raise NotFound
    asked = request.args.get("lang", "")
    language = asked if asked in HOME_WORDS else answer_language()
    base = public_base()
    return _page(
        "reference/home.html",
        language,
        HOME_WORDS[language],
        base=base,
        example=example_request(base),
        script=f'<script src="{base}/v2/standard"></script>',
        keys=built_in_keys(),
        documented=documented(),
        is_open=dispatcher_of(current_app).is_open,
    )


def explain(error: HTTPException) -> Response:
    """Answer an address that leads nowhere: a browser by a page, and everybody else in the API's words."""
    if not _wants_a_page():
        return dispatcher_of(current_app).answer_http_error(error)
    language = answer_language()
    response = _page(
        "reference/lost.html",
        language,
        LOST_WORDS[language],
        what=_what_is_wrong(error),
        path=request.path[:LONGEST_SHOWN],
    )
    response.status_code = error.code or 404
    if isinstance(error, MethodNotAllowed):
        response.allow.update(error.valid_methods or ())
    return response


for _status in _STATUSES_WITH_PAGES:
    home.app_errorhandler(_status)(explain)


def _wants_a_page() -> bool:
    """Tell a browser, which likes HTML best, from programs; what sends a key is one, whatever it accepts."""
    if request.method not in {"GET", "HEAD"} or "Authorization" in request.headers:
        return False
    accepted = request.accept_mimetypes
    return accepted["text/html"] > accepted["application/json"]


def _what_is_wrong(error: HTTPException) -> str:
    if isinstance(error, MethodNotAllowed):
        return "method"
    if not isinstance(error, NotFound):
        return "wrong"
    return "receipt" if request.blueprint == "receipts" else "page"


def _page(template: str, language: str, words: Mapping[str, str], **values: Any) -> Response:
    response = make_response(render_template(template, language=language, words=words, **values))
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Language"] = language
    response.headers["Vary"] = "Accept, Accept-Language, Authorization"
    response.headers["Cache-Control"] = "no-store"
    return response
