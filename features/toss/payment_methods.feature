Feature: Ways to pay
  Whatever the shopper chose stands in the payment: the method by its name, and the part that tells
  more about it. The parts of other methods are null.

  Scenario Outline: A payment by <method>
    Given a shopper who agreed to pay 10,000 won by <method>
    When the merchant confirms the order
    Then the answer shows the payment as <status>
    And the answer has {"method": "<method>", "isPartialCancelable": <partial>}
    And of the ways to pay the answer tells of <parts>

    Examples:
      | method         | status              | partial | parts            |
      | 카드           | DONE                | true    | card             |
      | 가상계좌       | WAITING_FOR_DEPOSIT | true    | virtualAccount   |
      | 간편결제       | DONE                | true    | card and easyPay |
      | 휴대폰         | DONE                | false   | mobilePhone      |
      | 계좌이체       | DONE                | true    | transfer         |
      | 문화상품권     | DONE                | false   | giftCertificate  |
      | 도서문화상품권 | DONE                | false   | giftCertificate  |
      | 게임문화상품권 | DONE                | false   | giftCertificate  |

  Scenario Outline: What a method does not take is refused: <amount> won with <choice>
    Given a shopper who agreed to pay <amount> won with <choice>
    When the merchant confirms the order
    Then it is refused with 400 <code>

    Examples:
      | amount      | choice                                                | code                                            |
      | 99          | {"method": "CARD"}                                    | BELOW_MINIMUM_AMOUNT                            |
      | 199         | {"method": "TRANSFER"}                                | BELOW_MINIMUM_AMOUNT                            |
      | 1,000,001   | {"method": "MOBILE_PHONE"}                            | EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT               |
      | 100,000,001 | {"method": "TRANSFER"}                                | EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT             |
      | 49,999      | {"card": {"installmentPlanMonths": 2}}                | NOT_ALLOWED_INSTALLMENT_BELOW_AMOUNT            |
      | 50,000      | {"card": {"installmentPlanMonths": 13}}               | EXCEED_MAX_CARD_INSTALLMENT_PLAN                |
      | 50,000      | {"card": {"installmentPlanMonths": 2, "type": "CHECK"}} | NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT |

  Scenario: The untaxed part of a sale is not taxed
    Given a shopper who paid 11,000 won with {"taxFreeAmount": 5500}
    When the merchant looks the payment up
    Then the answer has {"suppliedAmount": 5000, "vat": 500, "taxFreeAmount": 5500}

  Scenario: What a merchant noted about a payment comes back with it
    Given a shopper who paid 10,000 won with {"metadata": {"table": "7"}}
    When the merchant looks the payment up
    Then the answer has {"metadata": {"table": "7"}}
