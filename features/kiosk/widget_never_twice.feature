Feature: Nobody is charged twice through the window
  What the provider did is unknown when its answer is lost. The order stays pending then, and a look-up
  decides, never a guess and never another payment.

  @pitfall-1 @pitfall-22 @merchant
  Scenario Outline: The provider charges the shopper and <trouble>
    Given an order of "1 Popcorn"
    And the shopper has paid in the window
    And the provider charges the shopper and "<trouble>"
    When the success page confirms the payment
    Then the answer shows the order as "PENDING"
    When the success page confirms the payment
    Then the answer shows the order as "PAID"
    And the provider was sent 1 "confirm"
    And the payment is "DONE"

    Examples:
      | trouble                           |
      | takes too long to say so          |
      | cuts the connection               |
      | answers 500                       |
      | answers 429                       |
      | answers 409 of a twin request     |
      | answers 401                       |
      | answers something that is no JSON |
      | answers only half                 |
      | answers with another payment      |
      | answers with another amount       |
      | answers without a status          |
      | redirects elsewhere               |

  Scenario: A page that only looks finds out as well
    Given an order of "1 Popcorn"
    And the shopper has paid in the window
    And the provider charges the shopper and "cuts the connection"
    And the success page confirms the payment
    When the screen looks at the order
    Then the answer shows the order as "PAID"
    And the provider was sent 1 "confirm"

  Scenario: A confirm that never arrived is sent again, for the same payment
    Given an order of "1 Popcorn"
    And the shopper has paid in the window
    And the next "confirm" is lost on its way
    When the success page confirms the payment
    Then the answer shows the order as "PENDING"
    When the screen looks at the order
    Then the answer shows the order as "PENDING"
    When the success page confirms the payment
    Then the answer shows the order as "PAID"
    And both confirms carry the same idempotency key

  @pitfall-17 @merchant
  Scenario: The success page is loaded many times at once
    Given an order of "1 Popcorn"
    And the shopper has paid in the window
    When 8 success pages confirm the payment at once
    Then every page shows the order as "PAID" or "PENDING"
    And the order is "PAID"
    And the provider was sent 1 "confirm"

  Scenario: A nervous proxy sends the confirm twice
    Given an order of "1 Popcorn"
    And the shopper has paid in the window
    And a proxy on the way sends the confirm twice
    When the success page confirms the payment
    Then the answer shows the order as "PAID"
    And the payment is "DONE"

  @pitfall-4 @merchant
  Scenario: A payment that somebody else confirmed is looked up
    Given an order of "1 Popcorn"
    And the shopper has paid in the window
    And another machine of the shop has confirmed the payment
    When the success page confirms the payment
    Then the answer shows the order as "PAID"
    And the provider was sent 1 "confirm"
    And the provider was sent 1 "look-up"

  Scenario: Two windows for one order charge once
    Given an order of "1 Popcorn"
    And the shopper has paid in two windows
    And the success page of the first window has confirmed the payment
    When the success page confirms the payment
    Then it is refused with 409 "ORDER_NOT_PAYABLE"
    And only the first window's payment was charged

  Scenario: As long as the first window may have charged, the second does not
    Given an order of "1 Popcorn"
    And the shopper has paid in two windows
    And the provider charges the shopper and "cuts the connection"
    And the success page of the first window has confirmed the payment
    When the success page confirms the payment
    Then it is refused with 409 "ORDER_NOT_PAYABLE"
    And only the first window's payment was charged
    And the order is "PAID"

  Scenario: The provider is down when the payment is to be confirmed
    Given an order of "1 Popcorn"
    And the shopper has paid in the window
    And the provider is down
    When the success page confirms the payment
    Then it is refused with 503 "PROVIDER_UNAVAILABLE"
    And the order is "OPEN"
    When the provider is back
    And the success page confirms the payment
    Then the answer shows the order as "PAID"

  Scenario Outline: The provider refunds and <trouble>
    Given "Kim" has paid for "1 Popcorn"
    And the provider refunds and "<trouble>"
    When the clerk refunds the order
    Then the answer shows the order as "REFUND_PENDING"
    When the clerk refunds the order
    Then the answer shows the order as "REFUNDED"
    And the provider was sent 1 "cancel"

    Examples:
      | trouble             |
      | cuts the connection |
      | answers 500         |
