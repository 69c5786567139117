Feature: Cancelling a payment
  A merchant gives money back: all of it, or a part, or one part after another, and never more than
  is left.

  Scenario: The whole payment is canceled
    Given a shopper who paid 10,000 won
    When the merchant cancels the order
    Then the answer shows the payment as CANCELED
    And the answer has {"totalAmount": 10000, "balanceAmount": 0, "suppliedAmount": 0, "vat": 0}

  Scenario: Parts are canceled one after another
    Given a shopper who paid 10,000 won
    When the merchant cancels 3,000 won of the order
    And the merchant cancels 2,000 won of the order
    Then the answer shows the payment as PARTIAL_CANCELED
    And the answer has {"totalAmount": 10000, "balanceAmount": 5000, "suppliedAmount": 4545, "vat": 455}
    And the answer lists the cancels 3,000 and 2,000

  Scenario: Parts that use the balance up end the payment
    Given a shopper who paid 10,000 won
    When the merchant cancels 4,000 won of the order
    And the merchant cancels 6,000 won of the order
    Then the answer shows the payment as CANCELED

  Scenario: A canceled payment is not canceled again
    Given a shopper who paid 10,000 won
    When the merchant cancels the order
    And the merchant cancels the order
    Then it is refused with 400 ALREADY_CANCELED_PAYMENT

  @pitfall-12
  Scenario: More than is left is not given back
    Given a shopper who paid 10,000 won
    When the merchant cancels 4,000 won of the order
    And the merchant cancels 6,001 won of the order
    Then it is refused with 403 NOT_CANCELABLE_AMOUNT
    And the merchant finds the payment of the order as PARTIAL_CANCELED

  Scenario Outline: A cancel that can't be is refused: <fields>
    Given a shopper who paid 10,000 won
    When the merchant cancels the order with <fields>
    Then it is refused with <status> <code>
    And the merchant finds the payment of the order as DONE

    Examples:
      | fields                      | status | code                         |
      | {"cancelReason": null}      | 400    | INVALID_REQUEST              |
      | {"cancelReason": ""}        | 400    | INVALID_REQUEST              |
      | {"cancelAmount": 0}         | 400    | INVALID_REFUND_AMOUNT        |
      | {"cancelAmount": "some"}    | 400    | INVALID_REQUEST              |
      | {"refundableAmount": 9999}  | 400    | NOT_MATCHES_REFUNDABLE_AMOUNT |
      | {"currency": "USD"}         | 400    | INVALID_CURRENCY             |

  Scenario: What was not paid is not canceled
    Given a shopper who agreed to pay 10,000 won
    When the merchant cancels the order
    Then it is refused with 403 NOT_CANCELABLE_PAYMENT

  Scenario Outline: No part of a <method> payment is canceled
    Given a shopper who paid 10,000 won with {"method": "<method>"}
    When the merchant cancels 1,000 won of the order
    Then it is refused with 403 NOT_ALLOWED_PARTIAL_REFUND

    Examples:
      | method                   |
      | MOBILE_PHONE             |
      | CULTURE_GIFT_CERTIFICATE |

  @pitfall-12
  Scenario: Partial cancels at the same moment never give back more than was paid
    Given a shopper who paid 10,000 won
    When 8 tills cancel 3,000 won of the order at once
    Then 3 of them cancel it and the others are refused with 403 NOT_CANCELABLE_AMOUNT
    And 1,000 won are left of the payment

  @pitfall-12
  Scenario: Two tills cancel one payment at the same moment
    Given a shopper who paid 10,000 won
    When 8 tills cancel the order at once
    Then one of them cancels it and the others are refused with 400 ALREADY_CANCELED_PAYMENT
