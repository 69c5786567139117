Feature: Creating a payment
  Before any money moves, the merchant tells the provider what a shopper is about to pay:
  a payment key and an order id of the merchant's own making, and the amount in won.
  Creating is idempotent on the payment key, so a merchant may always ask again.

  Scenario: A new payment waits for its approval
    Given a shopper about to pay 10,000 won
    When the merchant creates the payment
    Then the answer shows the payment as INITIATED
    And the answer carries the payment's key and order
    And the answer consists of paymentKey, orderId and status

  Scenario: Creating the same payment again changes nothing
    Given a created payment of 10,000 won
    When the merchant creates the payment again
    Then the answer shows the payment as INITIATED
    And the answer carries the payment's key and order

  Scenario Outline: Creating a known key with another <value> returns the stored payment as it is
    Given a created payment of 10,000 won
    When the merchant creates the payment again with another <value>
    Then the answer shows the payment as INITIATED
    And the answer carries the payment's key and order
    And the provider still holds the payment with its order and amount

    Examples:
      | value  |
      | amount |
      | order  |

  Scenario Outline: Creating a known key tells the payment's present status
    Given <article> <state> payment of 10,000 won
    When the merchant creates the payment again
    Then the answer shows the payment as <status>
    And the provider holds the payment as <status>

    Examples:
      | article | state    | status    |
      | a       | created  | INITIATED |
      | an      | approved | APPROVED  |
      | a       | canceled | CANCELED  |

  Scenario: A shopper tries again, so an order has two payments
    Given a created payment of 10,000 won
    And a second created payment of 10,000 won for the same order
    Then the provider holds the payment as INITIATED
    And the provider holds the second payment as INITIATED

  Scenario: A paid order can still get a second payment, which then waits
    Given an approved payment of 10,000 won
    And a second created payment of 10,000 won for the same order
    Then the provider holds the payment as APPROVED
    And the provider holds the second payment as INITIATED

  Scenario: Fields the contract does not know are ignored
    Given a shopper about to pay 10,000 won
    When the merchant creates the payment, adding fields of its own
    Then the answer shows the payment as INITIATED
    And the answer consists of paymentKey, orderId and status
