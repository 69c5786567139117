Feature: The provider is down
  When it is certain that nothing was charged, the kiosk says so and lets the shopper try again.

  Background:
    Given a kiosk whose line to the provider can break

  Scenario: Nobody can pay while the provider is down
    Given an order of "1 Popcorn"
    And the provider is down
    When the shopper presses Pay
    Then it is refused with 503 "PROVIDER_UNAVAILABLE"
    And the order is "OPEN"
    And nothing left the stock
    And nothing is kept for the shopper

  Scenario: The same order is paid once the provider is back
    Given an order of "1 Popcorn"
    And the provider is down
    And the shopper presses Pay
    When the provider is back
    And the shopper presses Pay
    Then the answer shows the order as "PAID"
    And the shopper is charged once, whatever the provider was asked
    And "1 Popcorn" left the stock

  Scenario Outline: Before the shopper could be charged, the provider <trouble>
    Given an order of "1 Popcorn"
    And the provider, asked to create the payment, "<trouble>"
    When the shopper presses Pay
    Then it is refused with 503 "PROVIDER_UNAVAILABLE"
    And the order is "OPEN"
    And the provider was sent 0 "confirm"
    And nothing is kept for the shopper
    When the shopper presses Pay
    Then the answer shows the order as "PAID"
    And the shopper is charged once, whatever the provider was asked

    Examples:
      | trouble                                |
      | cuts the connection                    |
      | does it and cuts the connection        |
      | answers 500                            |
      | answers 503 in HTML                    |
      | answers 401                            |
      | answers something that is no JSON      |
      | says nothing                           |

  Scenario: Menu and orders are there while the provider is down
    Given an order of "1 Popcorn"
    And the provider is down
    When the screen looks at the order
    Then the answer shows the order as "OPEN"

  Scenario: A refund while the provider is down changes nothing
    Given a paid order of "1 Popcorn"
    And the provider is down
    When the clerk refunds the order
    Then it is refused with 503 "PROVIDER_UNAVAILABLE"
    And the order is "PAID"
    And "1 Popcorn" left the stock
    When the provider is back
    And the clerk refunds the order
    Then the answer shows the order as "REFUNDED"
    And everything is back in stock
