"""Instruments are kept as JSON and come back as they were, whatever they are made of."""

from datetime import UTC, datetime

import orjson
import pytest

from payments_mock.domain.payments.instruments import CashReceiptKind, Instruments, RequestedCashReceipt
from payments_mock.domain.payments.methods import InstrumentChoice, Method, Sale, instruments_for
from payments_mock.storage.columns import read_instruments

SALE = Sale(10_000, datetime(2026, 3, 2, 1, 2, 3, 456, tzinfo=UTC), "X9000000000001")
RECEIPT = RequestedCashReceipt(CashReceiptKind.INCOME_DEDUCTION, "01012345678", "receipt", "123456789")


@pytest.mark.parametrize("method", Method)
def test_what_a_method_pays_with_comes_back_as_it_was(method: Method) -> None:
    instruments = instruments_for(InstrumentChoice(method, cash_receipt=RECEIPT), SALE)

    assert read_instruments(orjson.loads(orjson.dumps(instruments))) == instruments


def test_a_payment_that_was_kept_before_an_instrument_was_known_is_read() -> None:
    assert read_instruments({"transfer": {"bank_code": "20"}}).virtual_account is None
    assert read_instruments({}) == Instruments()
