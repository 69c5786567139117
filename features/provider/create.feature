Feature: Creating a payment
  Before any money moves, the merchant tells the provider what a shopper is about to pay:
  a payment key and an order id of the merchant's own making, and the amount in won.
  Creating is idempotent on the payment key, so a merchant may always ask again.

  Scenario: A new payment waits for its approval
    Given a shopper about to pay 10,000 won
    When the merchant creates the payment
    Then the answer shows the payment as "INITIATED"
    And the answer carries the payment's key and order
    And the answer consists of "paymentKey, orderId and status"

  Scenario: Creating the same payment again changes nothing
    Given a payment of 10,000 won that was "created"
    When the merchant creates the payment
    Then the answer shows the payment as "INITIATED"
    And the answer carries the payment's key and order
    And the answer consists of "paymentKey, orderId and status"

  Scenario Outline: Creating a known key with another <value> returns the stored payment as it is
    Given a payment of 10,000 won that was "created"
    When the merchant creates the payment with "another <value>"
    Then the answer shows the payment as "INITIATED"
    And the answer carries the payment's key and order
    And the answer consists of "paymentKey, orderId and status"
    And the provider still holds the payment with its order and amount

    Examples:
      | value  |
      | amount |
      | order  |

  Scenario Outline: Creating a known key tells the payment's present status
    Given a payment of 10,000 won that was "<state>"
    When the merchant creates the payment
    Then the answer shows the payment as "<status>"
    And the payment is "<status>"

    Examples:
      | state    | status    |
      | created  | INITIATED |
      | approved | APPROVED  |
      | canceled | CANCELED  |

  Scenario: A shopper tries again, so an order has two payments
    Given a payment of 10,000 won that was "created"
    And a second payment of 10,000 won for the same order that was "created"
    Then the payment is "INITIATED"
    And the second payment is "INITIATED"

  Scenario: A paid order can still get a second payment, which then waits
    Given a payment of 10,000 won that was "approved"
    And a second payment of 10,000 won for the same order that was "created"
    Then the payment is "APPROVED"
    And the second payment is "INITIATED"

  Scenario: Fields the contract does not know are ignored
    Given a shopper about to pay 10,000 won
    When the merchant creates the payment, adding fields of its own
    Then the answer shows the payment as "INITIATED"
    And the answer consists of "paymentKey, orderId and status"
