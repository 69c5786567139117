Feature: Pressing twice
  Impatient fingers, two tabs, a screen that retries: the money moves once.

  Scenario: Pay is pressed again after it was paid
    Given a paid order of "1 Popcorn"
    When the shopper presses Pay
    Then the answer shows the order as "PAID"
    And the provider has charged 6,000 won for the order
    And "1 Popcorn" left the stock

  @pitfall-17 @merchant
  Scenario: Pay is pressed ten times at once
    Given an order of "1 Popcorn"
    When the shopper presses Pay 10 times at once
    Then every press shows the order as "PAID" or "PENDING"
    And at least one press shows the order as "PAID"
    And the order is "PAID"
    And the provider has charged 6,000 won for the order
    And "1 Popcorn" left the stock

  @pitfall-12 @merchant
  Scenario: Refund is pressed ten times at once
    Given a paid order of "3 Popcorn"
    When the clerk refunds the order 10 times at once
    Then every press shows the order as "REFUNDED" or "REFUND_PENDING"
    And at least one press shows the order as "REFUNDED"
    And the order is "REFUNDED"
    And the provider has given the money back
    And everything is back in stock

  Scenario: Pay is pressed again while the first press is still at the provider
    Given a patient kiosk whose line to the provider can break
    And an order of "1 Popcorn"
    And the first press is waiting for the provider
    When the shopper presses Pay
    Then the answer shows the order as "PENDING"
    When the provider answers
    Then the first press shows the order as "PAID"
    And the provider was sent 1 "confirm"
    And the shopper is charged once, whatever the provider was asked
    And "1 Popcorn" left the stock

  Scenario: Refund is pressed again while the first press is still at the provider
    Given a patient kiosk whose line to the provider can break
    And a paid order of "1 Popcorn"
    And the first press of Refund is waiting for the provider
    When the clerk refunds the order
    Then the answer shows the order as "REFUND_PENDING"
    When the provider answers
    Then the first press shows the order as "REFUNDED"
    And the provider was sent 1 "cancel"
    And everything is back in stock
