Feature: A shopper without a browser
  A payment key is born in the payment window. Tests that have no browser ask for one: the shopper
  agrees, fails, or closes the window, and the answer tells where the browser would have been sent.

  Scenario: A shopper who agrees is sent to the success page
    When a shopper at "https://shop.example.com" agrees to pay 10,000 won
    Then the browser goes to the success page with "orderId, amount, paymentKey and paymentType"
    And the payment is "IN_PROGRESS"

  Scenario: A shopper who fails is sent to the fail page
    When a shopper at "https://shop.example.com" fails to pay 10,000 won with "REJECT_CARD_COMPANY"
    Then the browser goes to the fail page with "code, message and orderId"
    And the payment is "ABORTED"

  Scenario: A shopper who closes the window is sent to the fail page without an order
    When a shopper at "https://shop.example.com" closes the window of 10,000 won
    Then the browser goes to the fail page with "code and message"
    And the payment is "READY"

  Scenario Outline: A window that can't be opened is refused, with <what>
    When a shopper opens a window with "<what>"
    Then it is refused with 400 "<code>"
    And there is no payment of the order

    Examples:
      | what                                      | code                         |
      | a client key that nobody has              | INVALID_CLIENT_KEY           |
      | the secret key in place of the client key | INVALID_CLIENT_KEY           |
      | a method that does not exist              | NOT_SUPPORTED_METHOD         |
      | a success page that is no address         | INCORRECT_SUCCESS_URL_FORMAT |
      | a fail page that is no address            | INCORRECT_FAIL_URL_FORMAT    |
      | an order id that is too short             | INVALID_ORDER_ID             |
      | an amount of 0                            | BELOW_ZERO_AMOUNT            |
      | dollars                                   | INVALID_CURRENCY             |

  Scenario: An order that is paid for opens no window
    Given a shopper who paid 10,000 won
    When a shopper opens another window for the order
    Then it is refused with 400 "DUPLICATED_ORDER_ID"
