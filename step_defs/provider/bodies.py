"""Bodies that no client library would send, under the names that the features give them."""

BODIES = {
    "an empty object": b"{}",
    "broken JSON": b'{"paymentKey": "pay_123", "orderId": ',
    "no body": b"",
    "white space": b" \n ",
    "two objects": b"{} {}",
    "a trailing comma": b'{"paymentKey": "pay_123",}',
    "the number NaN": b'{"paymentKey": "pay_123", "orderId": "order_123", "amount": NaN}',
    "bytes that are no UTF-8": b'{"paymentKey": "pay_\xff\xfe", "orderId": "order_123", "amount": 10000}',
    "5,000 arrays in one other": b"[" * 5000 + b"]" * 5000,
    "a list": b'[{"paymentKey": "pay_123"}]',
    "a text": b'"pay_123"',
    "a number": b"10000",
    "null": b"null",
    "true": b"true",
}
