"""What junk is made of: values, bodies and headers that have broken parsers before."""

from collections.abc import Sequence

TEXTS = (
    "", " ", "\x00", "pay_\x00", "\ud800", "pay_\udfff", "\u202eorder", "\ufeffpay", "결제_123", "🍔" * 70,
    "e\u0301" * 40, "' OR 1=1 --", "<script>", "{{7*7}}", "%s%n", "../../etc/passwd", "null", "NaN",
    "x" * 5000, "\r\nX-Injected: 1", "pay/123", "ﬀ", "\u0130", "١٢٣", "-0", "\U0010ffff", "order_123",
)  # fmt: skip
NUMBERS = (
    "0", "-1", "-0", "1.5", "1e999", "-1e999", "1e-999", "9007199254740993", "9223372036854775808",
    "1" * 400, "1" * 5000, "0x10", "01", "+1", ".5", "1.", "NaN", "Infinity", "-Infinity", "10000",
)  # fmt: skip
SHAPES = ("null", "true", "false", "[]", "{}", '[{"a": [null]}]', '{"": {"": {}}}', "[" * 200 + "]" * 200)
FIELDS = (
    "paymentKey", "orderId", "amount", "cancelReason", "cancelAmount", "", "\x00", "__proto__", "status",
)  # fmt: skip
DEEP = (b"[" * 20_000, b"[" * 20_000 + b"]" * 20_000, b'{"a":' * 8_000 + b"1" + b"}" * 8_000)
WORDS = (
    b"", b"{", b"}", b"[]", b"null", b'"text"', b"\x00", b"\xff\xfe", b"{'a': 1}", b'{"a"', b"{}{}", b"<a/>",
)  # fmt: skip
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "euc-kr", "latin-1", "utf-7")
SEGMENTS = (
    b"%00", b"%2F",
    b"a%2Fb", b"%2e%2e", b"..", b".", b"%", b"%zz", b"%ff%fe", b"%ed%a0%80", b"a;b=c", b"a?b", b"*",
    b"%0d%0aX:1", "결제".encode(), b"%EA%B2%B0", b"x" * 3000, b"", b"//", b"a//b", b"\\", b"{paymentKey}",
    b"confirm", b"orders", b"-1", b"'", b"%25%32%46", b"\xff", b"#fragment", b"a%20b", b"%3Cscript%3E",
    b"cancel/cancel",
)  # fmt: skip
QUERIES = (
    b"", b"?", b"?token=", b"?token=%00", b"?token=%ff", b"?token=" + b"a" * 2000, b"?token=a&token=b",
    b"?%", b"?token[]=1", b"?" + b"a=1&" * 500, b"??&&==", "?token=영수증".encode(),
)  # fmt: skip
METHODS = (
    b"GET", b"HEAD", b"POST", b"PUT", b"PATCH", b"DELETE", b"OPTIONS", b"TRACE", b"PROPFIND", b"BREW",
    b"get", b"CONNECT", b"X" * 300, b"G-E-T",
)  # fmt: skip
CREDENTIALS = (
    b"", b"Basic", b"Basic ", b"Basic !!!", b"Basic =", b"Basic AAAA====", b"Basic //79", b"Basic /w==",
    b"Bearer x", b"Basic " + b"A" * 6000, b"basic\tOg==", b"Basic Og==", b"Basic OjpzOjo=",
    b"Basic AAAAAA==", b"\xff\xfe", b"Digest username=a", b"Basic a b c", "Basic 키".encode(),
)  # fmt: skip
CONTENT_TYPES = (
    b"", b"text/plain", b"application/json; charset=utf-16", b"application/json; charset=nonsense", b"\xff",
    b"/", b";", b"application/json;" * 50, b"multipart/form-data", b"multipart/form-data; boundary=x",
    b"application/x-json", b"application/x-www-form-urlencoded", b"APPLICATION/JSON",
    b'application/json; charset="',
)  # fmt: skip
ODD_HEADERS: Sequence[tuple[bytes, bytes]] = (
    (b"Accept-Language", b"ko;q=zzz,,;;q=-1,*"), (b"Accept-Language", b"x" * 3000),
    (b"Accept", b"\xff/*;q=9"), (b"Host", b""), (b"Host", b"evil.example:99999"), (b"Host", b"a b"),
    (b"Host", b"[::1"), (b"Host", b"\xff\xfe"), (b"X-Forwarded-For", b"', ,;"),
    (b"X-Forwarded-Host", b"\xff"), (b"Cookie", b"=;=;\xff=\x80"), (b"Range", b"bytes=z"),
    (b"If-None-Match", b'W/"'), (b"If-Modified-Since", b"yesterday"), (b"Content-Encoding", b"gzip"),
    (b"Content-Encoding", b"nonsense"), (b"Upgrade", b"h2c"), (b"Expect", b"nonsense"), (b"X" * 200, b"1"),
    (b"Idempotency-Key", b"\x80" * 400), (b"TossPayments-Test-Code", b"NONSENSE"),
    (b"Connection", b"x, , close"), (b"Date", b"\x01"), (b"User-Agent", b"%s%n\t" * 50),
    (b"Referer", b"javascript:1"),
)  # fmt: skip
LENGTHS = (b"-1", b"abc", b"1e3", b"+2", b"0x2", b"", b" ", b"9" * 30, b"2, 3", b"1.0", "２".encode())
TRANSFER_CODINGS = (b"Chunked", b"gzip, chunked", b"xchunked", b"chunked, chunked", b"identity", b"")
CHUNKS = (
    b"0\r\n\r\n", b"2\r\n{}\r\n0\r\n\r\n", b"2;name=value\r\n{}\r\n0\r\n\r\n",
    b"2\r\n{}\r\n0\r\nX-Trailer: 1\r\n\r\n", b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
)  # fmt: skip
BROKEN_CHUNKS = (
    b"zz\r\n{}\r\n0\r\n\r\n", b"-2\r\n{}\r\n0\r\n\r\n", b"2\r\n{}{}\r\n0\r\n\r\n", b"\r\n\r\n\r\n",
    b"fffffffffffffffff\r\n{}\r\n0\r\n\r\n", b"2\r\n{}", b"50\r\n{}\r\n",
)  # fmt: skip
