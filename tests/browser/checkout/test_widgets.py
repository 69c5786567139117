"""The widgets inside the shop's page, and what their scripts tell the page about them."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.checkout.conftest import Enter
from tests.browser.checkout.shopper import Shopper

pytestmark = pytest.mark.a_few(2)


def ready(enter: Enter, flavor: str, language: str = "ko-KR", **wishes: str) -> Shopper:
    shopper = enter(flavor, language, **wishes)
    expect(shopper.page.locator("body")).to_have_attribute("data-ready", "yes")
    return shopper


def test_v2_tells_what_is_selected_and_agreed_to(enter: Enter) -> None:
    shopper = ready(enter, "v2-widget")
    page = shopper.page
    assert page.evaluate("methods.getSelectedPaymentMethod()") == {"code": "CARD"}
    page.evaluate(
        """() => {
            methods.on('paymentMethodSelect', (method) => { window.selected = method; });
            agreement.on('agreementStatusChange', (status) => { window.agreed = status; });
        }"""
    )

    shopper.methods.get_by_test_id("easyPay-TOSSPAY").check()
    page.wait_for_function("() => window.selected")
    assert page.evaluate("selected") == {"code": "TOSSPAY"}
    assert page.evaluate("methods.getSelectedPaymentMethod()") == {"code": "TOSSPAY"}

    shopper.agreement.get_by_test_id("agree-all").uncheck()
    page.wait_for_function("() => window.agreed && !window.agreed.agreedRequiredTerms")
    shopper.agree()
    page.wait_for_function("() => window.agreed.agreedRequiredTerms")
    assert page.evaluate("agreed.agreements[0]") == {
        "term": {"id": "payment-terms", "required": True},
        "agreed": True,
    }


def test_terms_begin_ticked_in_one_line_that_folds_out(enter: Enter) -> None:
    terms = ready(enter, "v2-widget").agreement
    expect(terms.locator("input:visible")).to_have_count(1)
    expect(terms.get_by_test_id("agree-all")).to_be_checked()

    terms.get_by_test_id("terms-more").click()
    terms.get_by_test_id("privacy-terms").uncheck()

    expect(terms.get_by_test_id("payment-terms")).to_be_checked()
    expect(terms.get_by_test_id("agree-all")).not_to_be_checked()


def test_a_variant_of_the_terms_begins_unticked(enter: Enter) -> None:
    shopper = ready(enter, "v2-widget", terms="AGREEMENT-UNCHECKED")

    expect(shopper.agreement.get_by_test_id("agree-all")).not_to_be_checked()


def test_no_card_company_is_chosen_at_first(enter: Enter) -> None:
    methods = ready(enter, "v2-widget").methods

    expect(methods.get_by_test_id("issuer-41")).to_be_visible()
    expect(methods.locator("[name=issuer]:checked")).to_have_count(0)


def test_what_was_selected_in_the_widget_is_paid_with(enter: Enter) -> None:
    shopper = ready(enter, "v2-widget")
    shopper.choose_card("61")
    shopper.methods.get_by_test_id("installments").select_option("5")

    shopper.pay()

    card = shopper.confirm(shopper.arrival("/success")).json()["card"]
    assert (card["issuerCode"], card["installmentPlanMonths"]) == ("61", 5)


def test_the_last_amount_is_paid_once_the_terms_and_the_card_are_chosen(enter: Enter) -> None:
    shopper = ready(enter, "v2-widget", terms="AGREEMENT-UNCHECKED")
    page = shopper.page
    page.locator("#pay").click()
    assert shopper.result()["rejected"] == "NEED_AGREEMENT_WITH_REQUIRED_TERMS"

    shopper.agree()
    page.locator("#pay").click()
    assert shopper.result()["rejected"] == "NEED_CARD_PAYMENT_DETAIL"

    shopper.choose_card("61")
    page.evaluate("widgets.setAmount({ value: 40000, currency: 'KRW' })")
    expect(shopper.methods.get_by_test_id("installments")).to_be_disabled()
    shopper.pay()
    assert shopper.arrival("/success")["amount"] == "40000"


def test_v1_takes_a_changed_amount_and_a_late_listener(enter: Enter) -> None:
    shopper = ready(enter, "v1-widget")
    heard = shopper.page.evaluate(
        """() => new Promise((resolve) => {
            let isLater = false;
            methods.on('ready', () => resolve(isLater));
            isLater = true;
        })"""
    )
    assert heard is True

    shopper.page.evaluate("methods.updateAmount(52000, methods.UPDATE_REASON.COUPON)")
    shopper.pay()

    assert shopper.arrival("/success")["amount"] == "52000"


def test_v1_tells_what_is_selected_and_the_terms_in_full(enter: Enter) -> None:
    shopper = ready(enter, "v1-widget")
    page = shopper.page
    assert page.evaluate("methods.getSelectedPaymentMethod()") == {"type": "NORMAL", "method": "카드"}

    shopper.methods.get_by_test_id("easyPay-KAKAOPAY").check()
    page.wait_for_function("() => methods.getSelectedPaymentMethod().easyPay?.provider === '카카오페이'")

    shopper.agree()
    page.wait_for_function("() => agreement.getAgreementStatus().agreedRequiredTerms")
    term = page.evaluate("agreement.getAgreementStatus().terms[0]")
    assert set(term) == {"id", "agreed", "required", "title", "content"}


def test_a_destroyed_widget_can_be_rendered_again(enter: Enter) -> None:
    shopper = ready(enter, "v2-widget")
    page = shopper.page
    again = """widgets.renderPaymentMethods({ selector: '#methods' }).then(
        (rendered) => { window.methods = rendered; return 'rendered'; }, (error) => error.code)"""

    assert page.evaluate(again) == "PAYMENT_METHODS_WIDGET_ALREADY_RENDERED"
    page.evaluate("methods.destroy()")
    expect(page.locator("#methods iframe")).to_have_count(0)
    assert page.evaluate(again) == "rendered"

    shopper.pay()
    assert shopper.arrival("/success")["orderId"] == shopper.order


def test_a_rendered_window_asks_the_shop_for_the_payment(enter: Enter) -> None:
    shopper = ready(enter, "v2-widget", mode="promise")
    page = shopper.page
    page.evaluate(
        """async (order) => {
            const rendered = await widgets.renderPaymentWindow({ variantKey: { agreement: 'AGREEMENT' } });
            rendered.on('paymentRequest', async ({ paymentMethod }) => {
                window.picked = paymentMethod;
                show({ resolved: await widgets.requestPayment({ orderId: order, orderName: '팝콘' }) });
            });
        }""",
        shopper.order,
    )
    window = shopper.window
    window.get_by_test_id("method-TRANSFER").check()
    window.get_by_test_id("agree").check()
    window.get_by_test_id("next").click()
    window.get_by_test_id("pay").click()

    assert shopper.result()["resolved"]["orderId"] == shopper.order
    assert page.evaluate("picked") == {"code": "TRANSFER"}
    assert shopper.look_up()["method"] == "계좌이체"


def test_a_rendered_window_tells_that_it_was_closed(enter: Enter) -> None:
    shopper = ready(enter, "v2-widget")
    page = shopper.page
    page.evaluate(
        """widgets.renderPaymentWindow().then((rendered) => rendered.on('cancel', async () => {
            window.gone = document.querySelectorAll('#___tosspayments_iframe___').length;
        }))"""
    )

    shopper.window.get_by_test_id("close").click()

    page.wait_for_function("() => window.gone === 0")


def test_a_rendered_window_that_the_shop_destroys_tells_of_no_cancel(enter: Enter) -> None:
    page = ready(enter, "v2-widget").page

    left, was_told = page.evaluate(
        """async () => {
            const rendered = await widgets.renderPaymentWindow();
            let wasTold = false;
            rendered.on('cancel', async () => { wasTold = true; });
            await rendered.destroy();
            await rendered.destroy();
            const left = document.querySelectorAll('#___tosspayments_iframe___').length;
            await (await widgets.renderPaymentWindow()).destroy();
            return [left, wasTold];
        }"""
    )

    assert (left, was_told) == (0, False)


@pytest.mark.parametrize("flavor", ["v1-widget", "v2-widget"])
def test_widgets_are_korean_whatever_the_browser_speaks(enter: Enter, flavor: str) -> None:
    shopper = ready(enter, flavor, language="en-US")

    expect(shopper.methods.locator("html")).to_have_attribute("lang", "ko")
    expect(shopper.agreement.locator("html")).to_have_attribute("lang", "ko")


def test_the_window_without_widgets_offers_every_method(enter: Enter) -> None:
    shopper = ready(enter, "v2-widget", mode="promise")
    request = {"orderId": shopper.order, "orderName": "팝콘", "amount": {"value": 15000, "currency": "KRW"}}
    shopper.page.evaluate(
        f"void widgets.requestPaymentWindow({json.dumps(request)}).then((resolved) => show({{ resolved }}))"
    )

    window = shopper.window
    window.get_by_test_id("method-MOBILE_PHONE").check()
    window.get_by_test_id("agree").check()
    window.get_by_test_id("pay").click()

    assert shopper.result()["resolved"]["paymentType"] == "NORMAL"
    assert shopper.look_up()["method"] == "휴대폰"


def test_the_key_of_nobody_is_refused_by_name(enter: Enter) -> None:
    shopper = ready(enter, "v2-widget")

    refused = shopper.page.evaluate(
        """async () => {
            const other = TossPayments('test_gck_nobody').widgets({ customerKey: TossPayments.ANONYMOUS });
            await other.setAmount({ value: 1000, currency: 'KRW' });
            return other.renderPaymentMethods({ selector: '#result' }).catch((error) => error.code);
        }"""
    )

    assert refused == "INVALID_CLIENT_KEY"
    assert shopper.page.locator("#result iframe").count() == 0
