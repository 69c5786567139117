Feature: Merchants do not meet
  Each merchant sees its own payments only, whatever keys and orders the others use.

  Scenario: Two merchants use the same payment key and order
    Given a payment of 10,000 won that was "approved"
    When another merchant creates a payment with the same key and order, of 7,000 won
    Then the answer shows the payment as "INITIATED"
    And the payment is "APPROVED"
    And the provider still holds the payment with its order and amount

  Scenario: Two merchants are both paid for orders of the same name
    Given a payment of 10,000 won that was "approved"
    When another merchant creates a payment with the same key and order, of 7,000 won
    And the other merchant confirms its payment
    Then the answer shows the payment as "APPROVED"
    And the answer shows a total of 7,000 won
    And the payment is "APPROVED"

  Scenario: One merchant's refund leaves the other's payment alone
    Given a payment of 10,000 won that was "approved"
    When another merchant creates a payment with the same key and order, of 7,000 won
    And the other merchant confirms its payment
    And the other merchant cancels its payment
    Then the answer shows the payment as "CANCELED"
    And the payment is "APPROVED"

  Scenario Outline: A merchant cannot <operation> of another
    Given a payment of 10,000 won that was "approved"
    When another merchant tries to "<operation>"
    Then it is refused with 404 "NOT_FOUND"
    And the payment is "APPROVED"

    Examples:
      | operation           |
      | confirm the payment |
      | cancel the payment  |
      | look the payment up |
      | look the order up   |

  Scenario: A receipt's token opens its own merchant's receipt only
    Given a payment of 10,000 won that was "approved"
    When another merchant creates a payment with the same key and order, of 7,000 won
    And the other merchant confirms its payment
    Then each merchant's receipt shows its own total
