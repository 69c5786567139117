"""Each way to pay has one definition, which says all that is particular about it."""

from dataclasses import fields
from datetime import UTC, datetime

import pytest

from payments_mock.domain.payments.instruments import Instruments
from payments_mock.domain.payments.methods import DEFINITIONS, InstrumentChoice, Method, Sale, instruments_for

SALE = Sale(10_000, datetime(2026, 3, 2, tzinfo=UTC), "X9000000000001")


def test_every_method_is_defined_and_offered_once() -> None:
    assert set(DEFINITIONS) == set(Method)


def test_no_two_methods_share_a_name() -> None:
    names = [(one.korean_name, one.english_name) for one in DEFINITIONS.values()]

    assert len({korean for korean, _ in names}) == len({english for _, english in names}) == len(Method)


@pytest.mark.parametrize("method", Method)
def test_a_choice_of_the_method_pays_with_the_instrument_of_its_definition(method: Method) -> None:
    instruments = instruments_for(InstrumentChoice(method), SALE)

    assert getattr(instruments, method.definition.instrument) is not None


@pytest.mark.parametrize("method", Method)
def test_the_instrument_of_a_definition_is_one_that_a_payment_can_hold(method: Method) -> None:
    assert method.definition.instrument in {field.name for field in fields(Instruments)}
