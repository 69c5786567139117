Feature: Canceling a payment
  A refund takes an approved payment back, in full. Parts of a payment cannot be refunded.

  Scenario: An approved payment is refunded
    Given a payment of 10,000 won that was "approved"
    When the merchant cancels the payment
    Then the answer shows the payment as "CANCELED"
    And the answer shows that the payment was canceled just now
    And the answer consists of "status and canceledAt"
    And the payment is "CANCELED"

  Scenario: The merchant may name the full amount
    Given a payment of 10,000 won that was "approved"
    When the merchant cancels 10,000 won of the payment
    Then the answer shows the payment as "CANCELED"

  Scenario Outline: Any other amount is refused: <amount> won of 10,000
    Given a payment of 10,000 won that was "approved"
    When the merchant cancels <amount> won of the payment
    Then it is refused with 409 "PARTIAL_MISMATCH"
    And the payment is "APPROVED"

    Examples:
      | amount |
      | 1      |
      | 9,999  |
      | 10,001 |

  Scenario: A refused partial refund leaves the way open for the full one
    Given a payment of 10,000 won that was "approved"
    When the merchant cancels 4,000 won of the payment
    And the merchant cancels the payment
    Then the answer shows the payment as "CANCELED"

  Scenario: There is nothing to refund before the approval
    Given a payment of 10,000 won that was "created"
    When the merchant cancels the payment
    Then it is refused with 422 "NOT_APPROVED"
    And the payment is "INITIATED"

  Scenario: A payment whose refund came too early can still be approved
    Given a payment of 10,000 won that was "created"
    When the merchant cancels the payment
    And the merchant confirms the payment
    Then the answer shows the payment as "APPROVED"

  Scenario: A payment is refunded once
    Given a payment of 10,000 won that was "canceled"
    When the merchant cancels the payment
    Then it is refused with 422 "ALREADY_CANCELED"
    And the provider still holds the first cancellation

  Scenario: A payment that was never created cannot be refunded
    Given a shopper about to pay 10,000 won
    When the merchant cancels the payment
    Then it is refused with 404 "NOT_FOUND"

  Scenario: One payment's refund leaves the order's other payment alone
    Given a payment of 10,000 won that was "canceled"
    And a second payment of 8,000 won for the same order that was "approved"
    When the merchant cancels the second payment
    Then the answer shows the second payment as "CANCELED"
    And the provider still holds the first cancellation

  Scenario Outline: The reason is kept as given: <reason>
    Given a payment of 10,000 won that was "approved"
    When the merchant cancels the payment because of "<reason>"
    Then the answer shows the payment as "CANCELED"
    And the provider keeps the reason "<reason>"

    Examples:
      | reason                   |
      | USER_REQUEST             |
      | 고객 변심                |
      | wrong size & "wrong" hue |
      | 🍔 went cold             |

  Scenario: Fields the contract does not know are ignored
    Given a payment of 10,000 won that was "approved"
    When the merchant cancels the payment, adding fields of its own
    Then the answer shows the payment as "CANCELED"
