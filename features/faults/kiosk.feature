Feature: The sample kiosk survives what its provider does
  Here the kiosk meets the provider itself, and the faults are armed in its sandbox.

  Background:
    Given a sandbox on the "kiosk" contract
    And a kiosk that has the sandbox's key

  @pitfall-1 @merchant
  Scenario Outline: The approval is lost by <loss>, and the shopper is charged once
    Given an order of "1 Popcorn"
    And the answer to the next "confirm" is lost by "<loss>"
    When the shopper presses Pay, and again until it is settled
    Then the order is "PAID"
    And the shopper of the kiosk is charged once

    Examples:
      | loss      |
      | reset     |
      | empty     |
      | truncate  |
      | malformed |
      | hang      |

  @pitfall-16 @merchant
  Scenario: The provider fails for a while, and then the shopper pays
    Given an order of "1 Popcorn"
    And the next 2 "confirm" calls fail with 503 "MAINTENANCE"
    When the shopper presses Pay, and again until it is settled
    Then the order is "PAID"
    And the shopper of the kiosk is charged once

  @pitfall-11 @merchant
  Scenario: The answer to a refund is lost, and the money goes back once
    Given a paid order of "1 Popcorn"
    And the answer to the next "cancel" is lost by "reset"
    When the clerk refunds the order, and again until it is settled
    Then the order is "REFUNDED"
    And the shopper of the kiosk has the money back once
