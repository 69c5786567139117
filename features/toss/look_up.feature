Feature: Looking payments up
  A merchant finds its payments by their keys and by its own orders, whatever became of them.

  Scenario: A payment is found by its key
    Given a shopper who paid 10,000 won
    When the merchant looks the payment up
    Then the answer shows the payment as "DONE"

  Scenario: A payment is found by its order
    Given a shopper who paid 10,000 won
    When the merchant looks the order up
    Then the answer shows the payment as "DONE"

  Scenario: A payment is found before it is confirmed
    Given a shopper who agreed to pay 10,000 won
    When the merchant looks the payment up
    Then the answer shows the payment as "IN_PROGRESS"
    And the answer tells
      | approvedAt         | nothing |
      | lastTransactionKey | nothing |
      | receipt            | nothing |

  Scenario: A payment that nobody has is not found
    When the merchant looks the payment up
    Then it is refused with 404 "NOT_FOUND_PAYMENT"

  Scenario: An order that nobody has is not found
    When the merchant looks the order up
    Then it is refused with 404 "NOT_FOUND_PAYMENT"

  Scenario: Another merchant's payment is not found
    Given a shopper who paid 10,000 won
    And the merchant uses the keys of the documentation
    When the merchant looks the payment up
    Then it is refused with 404 "NOT_FOUND_PAYMENT"
