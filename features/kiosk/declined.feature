Feature: A payment is declined
  A definite no charges nobody; the goods are free again, and the shopper may try once more.

  Background:
    Given a kiosk whose line to the provider can break

  Scenario: The card company says no
    Given an order of "2 Popcorn"
    And the card company will decline the next payment
    When the shopper presses Pay
    Then it is refused with 402 "PAYMENT_REFUSED"
    And the order is "OPEN"
    And the order shows the failure "REJECT_CARD_COMPANY"
    And nothing left the stock
    And nothing is kept for the shopper
    And the provider has charged nothing for the order

  @pitfall-23 @merchant
  Scenario: The shopper tries another card
    Given an order of "2 Popcorn"
    And the card company will decline the next payment
    And the shopper presses Pay
    When the shopper presses Pay
    Then the answer shows the order as "PAID"
    And the two payments have different payment keys
    And the shopper is charged once, whatever the provider was asked
    And "2 Popcorn" left the stock

  Scenario: The provider refuses a refund
    Given a paid order of "1 Popcorn"
    And the provider will refuse the next refund
    When the clerk refunds the order
    Then it is refused with 409 "REFUND_REFUSED"
    And the order is "PAID"
    And "1 Popcorn" left the stock
