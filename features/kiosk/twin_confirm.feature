Feature: A confirm meets its own twin

  @pitfall-2 @merchant
  Scenario: A proxy repeats the confirm, and hands on that the first one is under way
    Given the answer to the next "confirm" comes 3 seconds late
    And a proxy on the way that repeats a confirm which takes long
    And an order of "1 Popcorn"
    And the shopper has paid in the window
    When the success page confirms the payment
    Then the shop was told 409 "IDEMPOTENT_REQUEST_PROCESSING"
    And the answer shows the order as "PENDING"
    When the screen looks at the order
    Then the answer shows the order as "PAID"
    And the provider charged the order once
    And "1 Popcorn" left the stock
