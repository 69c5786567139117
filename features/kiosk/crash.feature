Feature: The kiosk itself dies
  Power goes, a process is killed: the next start knows what to ask.

  @pitfall-13 @merchant
  Scenario: Killed after the provider approved and before the kiosk heard of it
    Given a kiosk that keeps its orders in a file
    And an order of "2 Popcorn"
    And the first press is waiting for the provider, which has approved
    When the kiosk is killed and started again
    Then the order is "PENDING"
    And nothing left the stock
    When the screen looks at the order until it is settled
    Then the answer shows the order as "PAID"
    And the provider was sent 1 "confirm"
    And the shopper is charged once, whatever the provider was asked
    And "2 Popcorn" left the stock

  Scenario: Killed before the provider was asked for money
    Given a kiosk that keeps its orders in a file
    And an order of "2 Popcorn"
    And the first press is waiting for the provider to create the payment
    When the kiosk is killed and started again
    And the screen looks at the order until it is settled
    Then the answer shows the order as "OPEN"
    And nothing is kept for the shopper
    When the shopper presses Pay
    Then the answer shows the order as "PAID"
    And the shopper is charged once, whatever the provider was asked

  Scenario: Killed after the provider refunded and before the kiosk heard of it
    Given a kiosk that keeps its orders in a file
    And a paid order of "2 Popcorn"
    And the first press of Refund is waiting for the provider
    When the kiosk is killed and started again
    And the screen looks at the order until it is settled
    Then the answer shows the order as "REFUNDED"
    And the provider was sent 1 "cancel"
    And everything is back in stock
