Feature: Paying in the provider's window
  The shop makes an order, the shopper's browser opens the provider's window, and the page that the shopper
  comes back to has the shop confirm the payment. Order and amount are compared with the stored order before
  the provider is asked for anything.

  Scenario: A shopper buys snacks
    Given an order of "1 Popcorn and 1 Cola"
    Then the order has a UUID
    And the order is called "popcorn-팝콘 외 1건"
    And the order costs 8,500 won
    When the shopper pays in the window
    Then the order is "OPEN"
    When the success page confirms the payment
    Then the answer shows the order as "PAID"
    And the answer names the payment, its method and its receipt
    And the payment is "DONE"
    And the provider knows the order by its name and amount

  Scenario: The older path confirms as well
    Given an order of "1 Popcorn"
    And the shopper has paid in the window
    When the success page confirms the payment at the older path
    Then the answer shows the order as "PAID"

  Scenario: The success page is loaded again
    Given an order of "1 Popcorn"
    And the shopper has paid in the window
    And the success page confirms the payment
    When the success page confirms the payment
    Then the answer shows the order as "PAID"
    And the provider was sent 1 "confirm"

  @pitfall-18 @merchant
  Scenario: A shopper who changed the amount on the way is not charged
    Given an order of "1 Popcorn"
    And the shopper has paid in the window
    When the success page confirms the payment, but its "amount" is "the number 100"
    Then it is refused with 409 "AMOUNT_MISMATCH"
    And the provider was asked nothing
    And the order is "OPEN"
    And the payment is "IN_PROGRESS"

  Scenario: An order that the shop never made is not confirmed
    Given an order of "1 Popcorn"
    And the shopper has paid in the window
    When the success page confirms the payment, but its "orderId" is "the text 00000000-0000-4000-8000-000000000000"
    Then it is refused with 404 "NOT_FOUND"
    And the provider was asked nothing

  Scenario Outline: A confirm that makes no sense is refused: its <field> is <value>
    Given an order of "1 Popcorn"
    And the shopper has paid in the window
    When the success page confirms the payment, but its "<field>" is "<value>"
    Then it is refused with 400 "INVALID_REQUEST", naming "<field>"
    And the provider was asked nothing

    Examples:
      | field      | value             |
      | amount     | the number 0      |
      | amount     | the number -6000  |
      | amount     | the number 6000.0 |
      | amount     | the text 6,000    |
      | amount     | true              |
      | amount     | nothing           |
      | orderId    | the text order-1  |
      | orderId    | the number 7      |
      | paymentKey | an empty text     |
      | paymentKey | the text ../x     |
      | paymentKey | nothing           |

  Scenario: The amount may come as the text of the redirect, or as a number
    Given an order of "1 Popcorn"
    And the shopper has paid in the window
    When the success page confirms the payment, but its "amount" is "the number 6000"
    Then the answer shows the order as "PAID"

  Scenario: The price comes from the menu, never from the page
    When a page orders "1 Popcorn" and names the amount 1
    Then it is refused with 400 "INVALID_REQUEST", naming "amount"

  Scenario: The card company refuses the shopper in the window
    Given an order of "1 Popcorn"
    When the shopper fails in the window with "REJECT_CARD_COMPANY"
    And the fail page tells the shop
    Then the order is "OPEN"
    And the order shows the failure "REJECT_CARD_COMPANY"
    And the payment is "ABORTED"

  Scenario: A shopper closes the window, and pays after all
    Given an order of "1 Popcorn"
    When the shopper closes the window
    And the fail page tells the shop
    Then the order is "OPEN"
    When the shopper pays in the window
    And the success page confirms the payment
    Then the answer shows the order as "PAID"

  @pitfall-23 @merchant
  Scenario: The card is declined when the payment is confirmed
    Given an order of "1 Popcorn"
    And the shopper authenticates a card that is then declined with "REJECT_CARD_PAYMENT"
    When the success page confirms the payment
    Then it is refused with 402 "PAYMENT_REFUSED"
    And the order is "OPEN"
    And the payment is "ABORTED"
    When the success page confirms the payment
    Then it is refused with 402 "PAYMENT_REFUSED"
    And the provider was sent 1 "confirm"
    When the shopper pays in the window
    And the success page confirms the payment
    Then the answer shows the order as "PAID"

  Scenario: A failure that a browser reports never undoes a payment
    Given "Kim" has paid for "1 Popcorn"
    When a browser reports the failure "PAY_PROCESS_ABORTED" of the order
    Then the order is "PAID"

  @pitfall-18 @merchant
  Scenario: The payment of one order does not pay another
    Given "Lee" has paid for "1 Popcorn"
    And "Kim" has ordered "1 Popcorn"
    When the success page confirms the payment with Lee's payment for Kim's order
    Then it is refused with 409 "PAYMENT_KEY_TAKEN"
    And the order is "OPEN"

  @pitfall-18 @merchant
  Scenario: A payment that was authenticated for another order is refused by the provider
    Given "Lee" has ordered "1 Popcorn"
    And the shopper has paid in the window
    And "Kim" has ordered "1 Popcorn"
    When the success page confirms the payment with Lee's payment for Kim's order
    Then it is refused with 402 "PAYMENT_REFUSED"
    And the order is "OPEN"
    When the success page confirms the payment
    Then the order of "Lee" is "PAID"

  Scenario: Without the window nothing can be charged
    Given an order of "1 Popcorn"
    When a screen presses Pay without the window
    Then it is refused with 409 "PAYMENT_WINDOW_REQUIRED"
    And the provider was asked nothing
