Feature: Ways to pay
  Whatever the shopper chose stands in the payment: the method by its name, and the part that tells
  more about it. The parts of other methods are null.

  Scenario Outline: A payment by <method>
    Given a shopper who agreed to pay 10,000 won by "<method>"
    When the merchant confirms the payment
    Then the answer shows the payment as "<status>"
    And the answer tells
      | method              | <method>  |
      | isPartialCancelable | <partial> |
    And of the ways to pay the answer tells of "<parts>"

    Examples:
      | method         | status              | partial | parts            |
      | 카드           | DONE                | yes     | card             |
      | 가상계좌       | WAITING_FOR_DEPOSIT | yes     | virtualAccount   |
      | 간편결제       | DONE                | yes     | card and easyPay |
      | 휴대폰         | DONE                | no      | mobilePhone      |
      | 계좌이체       | DONE                | yes     | transfer         |
      | 문화상품권     | DONE                | no      | giftCertificate  |
      | 도서문화상품권 | DONE                | no      | giftCertificate  |
      | 게임문화상품권 | DONE                | no      | giftCertificate  |

  Scenario Outline: What a method does not take is refused: <amount> won by <choice>
    Given a shopper who agreed to pay <amount> won by "<choice>"
    When the merchant confirms the payment
    Then it is refused with 400 "<code>"

    Examples:
      | amount      | choice                        | code                                            |
      | 99          | CARD                          | BELOW_MINIMUM_AMOUNT                            |
      | 199         | TRANSFER                      | BELOW_MINIMUM_AMOUNT                            |
      | 1,000,001   | MOBILE_PHONE                  | EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT               |
      | 100,000,001 | TRANSFER                      | EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT             |
      | 49,999      | a card in 2 instalments       | NOT_ALLOWED_INSTALLMENT_BELOW_AMOUNT            |
      | 50,000      | a card in 13 instalments      | EXCEED_MAX_CARD_INSTALLMENT_PLAN                |
      | 50,000      | a check card in 2 instalments | NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT |

  Scenario: The untaxed part of a sale is not taxed
    Given a shopper who paid 11,000 won, 5,500 of them untaxed
    When the merchant looks the payment up
    Then the answer tells
      | suppliedAmount | 5,000 |
      | vat            | 500   |
      | taxFreeAmount  | 5,500 |

  Scenario: What a merchant noted about a payment comes back with it
    Given a shopper who paid 10,000 won, noted as "table: 7"
    When the merchant looks the payment up
    Then the answer has the note "table: 7"
