Feature: Reserving a seat
  A seat is held from the order on, confirmed by the payment, and free again when the payment fails, the hold
  lapses or the money goes back. What is unknown keeps the seat: nobody else gets a seat that may be paid for.

  Scenario: An order holds its seat
    When a shopper orders seat "C4"
    Then the reservation is "HELD"
    And seat "C4" is taken
    And the order is called "C4-관람권"
    And the order costs 14,000 won

  Scenario: The payment confirms the seat
    Given an order of seat "C4"
    And the shopper has paid in the window
    When the success page confirms the payment
    Then the answer shows the order as "PAID"
    And the reservation is "CONFIRMED"
    And the payment belongs to the reservation

  Scenario: A seat is sold once
    Given an order of seat "C4"
    When another shopper wants seat "C4"
    Then it is refused with 409 "SEAT_TAKEN"

  Scenario Outline: The seat is free again: <outcome>
    Given an order of seat "C4"
    When <outcome>
    Then the reservation is "RELEASED"
    And seat "C4" is free
    And the order is "OPEN"

    Examples:
      | outcome                                    |
      | the shopper fails in the window            |
      | the shopper closes the window for good     |
      | the card is declined at the confirm        |
      | ten minutes pass without a payment         |

  Scenario: A refund frees the seat
    Given an order of seat "C4"
    And the shopper has paid in the window
    And the success page confirms the payment
    When the clerk refunds the order
    Then the reservation is "CANCELED"
    And seat "C4" is free

  Scenario: A refund that the provider refuses leaves the seat to its owner
    Given an order of seat "C4"
    And the shopper has paid in the window
    And the success page confirms the payment
    And the provider will refuse the next refund
    When the clerk refunds the order
    Then it is refused with 409 "REFUND_REFUSED"
    And the order is "PAID"
    And the reservation is "CONFIRMED"
    And seat "C4" is taken

  Scenario: A refund whose outcome is unknown leaves the seat to its owner until it is known
    Given an order of seat "C4"
    And the shopper has paid in the window
    And the success page confirms the payment
    And the provider refunds and "cuts the connection"
    When the clerk refunds the order
    Then the reservation is "CONFIRMED"
    And seat "C4" is taken
    When the screen looks at the order
    Then the reservation is "CANCELED"
    And seat "C4" is free

  Scenario: A payment whose outcome is unknown keeps the seat, however long that takes
    Given an order of seat "C4"
    And the shopper has paid in the window
    And the provider charges the shopper and "cuts the connection"
    When the success page confirms the payment
    Then the reservation is "PAYING"
    When "60 minutes" pass at the shop
    Then seat "C4" is taken
    When the screen looks at the order
    Then the reservation is "CONFIRMED"

  Scenario: A provider that cannot be reached leaves the seat on hold
    Given an order of seat "C4"
    And the shopper has paid in the window
    And the provider is down
    When the success page confirms the payment
    Then it is refused with 503 "PROVIDER_UNAVAILABLE"
    And the reservation is "HELD"
    And seat "C4" is taken

  Scenario: A shopper who comes late gets the seat if nobody else took it
    Given an order of seat "C4"
    And the shopper has paid in the window
    When "11 minutes" pass at the shop
    And the success page confirms the payment
    Then the answer shows the order as "PAID"
    And the reservation is "CONFIRMED"

  @pitfall-10 @merchant
  Scenario: A shopper who comes late is not charged for a seat that somebody else took
    Given an order of seat "C4"
    And the shopper has paid in the window
    When "11 minutes" pass at the shop
    And another shopper takes seat "C4"
    And the success page confirms the payment
    Then it is refused with 409 "SEAT_TAKEN"
    And the provider was asked nothing

  Scenario: A shopper who tries again has the seat held anew
    Given an order of seat "C4"
    When the shopper fails in the window
    And the shopper tries again
    Then the reservation is "HELD"
    And seat "C4" is taken
