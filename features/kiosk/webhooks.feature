Feature: The sample shop hears of its payments by webhooks
  Anybody can send a webhook; real ones come before the answer, twice, or contradict each other. The shop takes
  them for a hint to look the payment up, and for nothing else.

  Background:
    Given the provider tells the shop of its payments

  @pitfall-5 @merchant
  Scenario: The webhook is there before the answer to the confirm
    Given webhooks that come before the answer
    And an order of "1 Popcorn"
    And the shopper has paid in the window
    When the success page confirms the payment
    Then the answer shows the order as "PAID"
    When the provider has told the shop
    Then the order is "PAID"
    And "1 Popcorn" left the stock

  @pitfall-5 @merchant
  Scenario: The provider says DONE, and right behind it ABORTED
    Given webhooks that contradict themselves with "ABORTED"
    And an order of "1 Popcorn"
    And the shopper has paid in the window
    When the success page confirms the payment
    And the provider has told the shop
    Then the order is "PAID"
    And the shop was told "DONE and ABORTED"
    And "1 Popcorn" left the stock

  @pitfall-1 @merchant
  Scenario: The answer to the confirm is lost, and a webhook makes up for it
    Given the answer to the next "confirm" is lost
    And an order of "1 Popcorn"
    And the shopper has paid in the window
    When the success page confirms the payment
    Then the answer shows the order as "PENDING"
    When the provider has told the shop
    Then the order is "PAID"
    And the provider received 1 "confirm" of the order
    And "1 Popcorn" left the stock

  @pitfall-6 @merchant
  Scenario: The same webhook three times, and once more by hand
    Given webhooks that come 3 times
    And an order of "1 Popcorn"
    And the shopper has paid in the window
    When the success page confirms the payment
    And the provider has told the shop
    And the provider sends every webhook again
    Then the order is "PAID"
    And "1 Popcorn" left the stock
    And the sellers are owed 6,000 won in all

  @pitfall-6 @merchant
  Scenario: A deposit is told by two kinds of events, and the goods are sold once
    Given an order of "2 Popcorn"
    And the shopper has chosen a virtual account in the window
    When the success page confirms the payment
    Then the answer shows the order as "PENDING"
    When the shopper deposits
    And the provider has told the shop
    Then the order is "PAID"
    And "2 Popcorn" left the stock
    And the sellers are owed 12,000 won in all

  @pitfall-6 @merchant
  Scenario: A webhook that the shop could not look up comes again
    Given the answer to the next "confirm" is lost
    And the next look-up of the shop fails
    And an order of "1 Popcorn"
    And the shopper has paid in the window
    When the success page confirms the payment
    And the provider has told the shop
    Then the order is "PAID"
    And the shop had the webhook come again

  @pitfall-7 @merchant
  Scenario Outline: A forged webhook pays for nothing: <what>
    Given an order of "1 Popcorn"
    And <so far>
    When somebody forges "<what>"
    Then the order is "<status>"
    And nothing left the stock

    Examples:
      | so far                                         | what                                                | status  |
      | the shopper has paid in the window             | the event DONE of the order                         | OPEN    |
      | the shopper has paid in the window             | the event DONE of the order under another payment   | OPEN    |
      | the shopper waits to deposit                   | the event DONE of the order                         | PENDING |
      | the shopper waits to deposit                   | a deposit callback of the order                     | PENDING |

  @pitfall-7 @merchant
  Scenario Outline: A forged webhook takes no sale back: <what>
    Given an order of "1 Popcorn"
    And the shopper has paid in the window
    And the success page confirms the payment
    When somebody forges "<what>"
    Then the order is "PAID"

    Examples:
      | what                            |
      | the event CANCELED of the order |
      | the event ABORTED of the order  |
      | a deposit callback of the order |

  @pitfall-9 @merchant
  Scenario: The bank takes a deposit back, and the shopper deposits again
    Given an order of "1 Popcorn"
    And the shopper waits to deposit
    And the shopper has deposited
    When the bank takes the deposit back
    And the provider has told the shop
    Then the order is "PENDING"
    And nothing left the stock
    And the sellers are owed 0 won in all
    When the shopper deposits
    And the provider has told the shop
    Then the order is "PAID"
    And "1 Popcorn" left the stock
    And the sellers are owed 6,000 won in all

  @pitfall-9 @merchant
  Scenario: The seat of a deposit that was taken back is nobody else's
    Given an order of seat "C4"
    And the shopper waits to deposit
    And the shopper has deposited
    When the bank takes the deposit back
    And the provider has told the shop
    Then seat "C4" is taken

  @pitfall-9 @merchant
  Scenario: Nobody deposits in time, and the goods are for sale again
    Given an order of "1 Popcorn"
    And the shopper waits to deposit
    When "30 days" pass at the provider
    And the screen looks at the order
    Then the answer shows the order as "OPEN"
    And nothing is kept for the shopper

  @pitfall-20 @merchant
  Scenario: The payment is canceled in the provider's own back office
    Given an order of "1 Popcorn"
    And the shopper has paid in the window
    And the success page confirms the payment
    When somebody cancels the payment at the provider
    And the provider has told the shop
    Then the order is "REFUNDED"
    And nothing left the stock
