Feature: The order book
  Orders can be listed and shown, with the payment as the provider tells it, and canceled one by one.

  Scenario: All orders are listed, the newest first
    Given "Kim" has paid for "1 Popcorn"
    And "Lee" has ordered "1 Cola"
    When the clerk opens the order book
    Then it lists the orders "OPEN of Lee: cola-콜라" and "PAID of Kim: popcorn-팝콘"

  Scenario: Paid orders alone can be listed
    Given "Kim" has paid for "1 Popcorn"
    And "Lee" has ordered "1 Cola"
    When the clerk opens the order book for "PAID" orders
    Then it lists the order "PAID of Kim: popcorn-팝콘"

  Scenario: One order tells its goods and its payment
    Given "Kim" has paid for "2 Popcorn"
    When the screen looks at the order
    Then the answer shows the order as "PAID"
    And it lists 2 "popcorn" for 12,000 won
    And its payment key is the one that the window returned

  Scenario: The payment of an order as the provider tells it
    Given "Kim" has paid for "1 Popcorn"
    When the clerk asks for the provider's payment
    Then the whole Payment object is shown, as the provider has it

  Scenario: An order that nobody has tried to pay has no payment
    Given "Kim" has ordered "1 Popcorn"
    When the clerk asks for the provider's payment
    Then it is refused with 404 "PAYMENT_NOT_FOUND"

  Scenario: The provider is down when its payment is asked for
    Given "Kim" has paid for "1 Popcorn"
    And the provider is down
    When the clerk asks for the provider's payment
    Then it is refused with 503 "PROVIDER_UNAVAILABLE"

  Scenario: One order is canceled, the others are not
    Given "Lee" has paid for "1 Cola"
    And "Kim" has paid for "1 Popcorn"
    When the clerk refunds the order
    Then the answer shows the order as "REFUNDED"
    And the payment is "CANCELED"
    And the order of "Lee" is "PAID"
    When the clerk asks for the provider's payment
    Then the whole Payment object is shown, as the provider has it

  Scenario: An order is canceled once
    Given "Kim" has paid for "1 Popcorn"
    And the clerk refunds the order
    When the clerk refunds the order
    Then the answer shows the order as "REFUNDED"
    And the provider was sent 1 "cancel"

  Scenario: An order that is not paid cannot be canceled
    Given "Kim" has ordered "1 Popcorn"
    When the clerk refunds the order
    Then it is refused with 409 "ORDER_NOT_REFUNDABLE"
