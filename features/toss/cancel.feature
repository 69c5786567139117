Feature: Cancelling a payment
  A merchant gives money back: all of it, or a part, or one part after another, and never more than
  is left.

  Scenario: The whole payment is canceled
    Given a shopper who paid 10,000 won
    When the merchant cancels the payment
    Then the answer shows the payment as "CANCELED"
    And the answer tells
      | totalAmount    | 10,000 |
      | balanceAmount  | 0      |
      | suppliedAmount | 0      |
      | vat            | 0      |

  @pitfall-21
  Scenario: Parts are canceled one after another
    Given a shopper who paid 10,000 won
    When the merchant cancels 3,000 won of the payment
    And the merchant cancels 2,000 won of the payment
    Then the answer shows the payment as "PARTIAL_CANCELED"
    And the answer tells
      | totalAmount    | 10,000 |
      | balanceAmount  | 5,000  |
      | suppliedAmount | 4,545  |
      | vat            | 455    |
    And the answer lists the cancels "3,000 and 2,000"

  @pitfall-21
  Scenario: Parts that use the balance up leave nothing more to cancel
    Given a shopper who paid 10,000 won
    When the merchant cancels 4,000 won of the payment
    And the merchant cancels 6,000 won of the payment
    Then the answer shows the payment as "PARTIAL_CANCELED"
    And the answer tells
      | totalAmount    | 10,000 |
      | balanceAmount  | 0      |
      | suppliedAmount | 0      |
      | vat            | 0      |
    When the merchant cancels the payment
    Then it is refused with 403 "NOT_CANCELABLE_AMOUNT"

  Scenario: A canceled payment is not canceled again
    Given a shopper who paid 10,000 won
    When the merchant cancels the payment
    And the merchant cancels the payment
    Then it is refused with 400 "ALREADY_CANCELED_PAYMENT"

  @pitfall-12
  Scenario: More than is left is not given back
    Given a shopper who paid 10,000 won
    When the merchant cancels 4,000 won of the payment
    And the merchant cancels 6,001 won of the payment
    Then it is refused with 403 "NOT_CANCELABLE_AMOUNT"
    And the payment is "PARTIAL_CANCELED"

  Scenario Outline: A cancel that can't be is refused, with <what>
    Given a shopper who paid 10,000 won
    When the merchant cancels the payment with "<what>"
    Then it is refused with <status> "<code>"
    And the payment is "DONE"

    Examples:
      | what                              | status | code                          |
      | no reason                         | 400    | INVALID_REQUEST               |
      | an empty reason                   | 400    | INVALID_REQUEST               |
      | an amount of 0                    | 400    | INVALID_REFUND_AMOUNT         |
      | an amount in words                | 400    | INVALID_REQUEST               |
      | less left to refund than there is | 400    | NOT_MATCHES_REFUNDABLE_AMOUNT |
      | dollars                           | 400    | INVALID_CURRENCY              |

  Scenario: What was not paid is not canceled
    Given a shopper who agreed to pay 10,000 won
    When the merchant cancels the payment
    Then it is refused with 403 "NOT_CANCELABLE_PAYMENT"

  Scenario Outline: No part of a <method> payment is canceled
    Given a shopper who paid 10,000 won by "<method>"
    When the merchant cancels 1,000 won of the payment
    Then it is refused with 403 "NOT_ALLOWED_PARTIAL_REFUND"

    Examples:
      | method                   |
      | MOBILE_PHONE             |
      | CULTURE_GIFT_CERTIFICATE |

  @pitfall-12
  Scenario: Partial cancels at the same moment never give back more than was paid
    Given a shopper who paid 10,000 won
    When 8 tills cancel 3,000 won of the payment at once
    Then 3 went through, and the others are refused with 403 "NOT_CANCELABLE_AMOUNT"
    And 1,000 won of the payment are left

  @pitfall-12
  Scenario: Two tills cancel one payment at the same moment
    Given a shopper who paid 10,000 won
    When 8 tills cancel the payment at once
    Then 1 went through, and the others are refused with 400 "ALREADY_CANCELED_PAYMENT"
