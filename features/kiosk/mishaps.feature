Feature: The sample shop survives what is nobody's fault
  Time runs out, the shop's own database fails, a refund comes too late, the books of the provider are behind.

  @pitfall-3 @merchant
  Scenario: Two orders never share an idempotency key
    Given an order of "1 Popcorn"
    And the shopper has paid in the window
    And the success page confirms the payment
    And an order of "2 Cola"
    And the shopper has paid in the window
    When the success page confirms the payment
    Then the answer shows the order as "PAID"
    And the provider has charged 5,000 won for the order
    And the confirms carry different idempotency keys

  @pitfall-10 @merchant
  Scenario: The shopper's ten minutes run out before the confirm, and the shopper pays anew
    Given an order of seat "C4"
    And the shopper has paid in the window
    When "10 minutes" pass at the provider
    And the success page confirms the payment
    Then it is refused with 402 "PAYMENT_REFUSED"
    And the order is "OPEN"
    And seat "C4" is free
    When the shopper pays in the window
    And the success page confirms the payment
    Then the answer shows the order as "PAID"
    And seat "C4" is taken

  @pitfall-13 @merchant
  Scenario: Approved, then the shop's own database fails, and no cancel goes through either
    Given every cancel at the provider fails
    And an order of "1 Popcorn"
    And the shopper has paid in the window
    And the shop's database can't take down payments
    When the success page confirms the payment
    Then it is refused with 500 "INTERNAL_ERROR"
    And the order is "PENDING"
    When the shop's database works again
    And "2 minutes" pass at the shop
    And the screen looks at the order
    Then the answer shows the order as "PAID"
    And the provider has charged 6,000 won for the order
    And the provider received 1 "confirm" of the order
    And the provider received 0 "cancel" of the order
    And "1 Popcorn" left the stock

  @pitfall-13 @merchant
  Scenario: Approved, and then the refund fails for a while
    Given every cancel at the provider fails
    And an order of "1 Popcorn"
    And the shopper has paid in the window
    And the success page confirms the payment
    When the clerk refunds the order
    Then the answer shows the order as "REFUND_PENDING"
    And "1 Popcorn" left the stock
    When cancels at the provider work again
    And the clerk refunds the order
    Then the answer shows the order as "REFUNDED"
    And nothing left the stock

  @pitfall-14 @merchant
  Scenario: A refund after the provider has paid out is refused, and the order stays paid
    Given an order of "1 Popcorn"
    And the shopper has paid in the window
    And the success page confirms the payment
    And the provider has paid out to the shop
    When the clerk refunds the order
    Then it is refused with 409 "REFUND_REFUSED"
    And the order is "PAID"
    And "1 Popcorn" left the stock

  @pitfall-15 @merchant
  Scenario: The provider's list of transactions is behind, and the shop finds out what became of a payment
    Given the provider's lists are 10 minutes late
    And the answer to the next "confirm" is lost
    And an order of "1 Popcorn"
    And the shopper has paid in the window
    When the success page confirms the payment
    Then the answer shows the order as "PENDING"
    And the provider lists no transaction of the order
    When the screen looks at the order
    Then the answer shows the order as "PAID"
    When "10 minutes" pass at the provider
    Then the provider lists 1 transaction of the order
