Feature: A shopper without a browser
  A payment key is born in the payment window. Tests that have no browser ask for one: the shopper
  agrees, fails, or closes the window, and the answer tells where the browser would have been sent.

  Scenario: A shopper who agrees is sent to the success page
    When a shopper at https://shop.example.com agrees to pay 10,000 won
    Then the shopper is sent to /success with orderId, amount, paymentKey and paymentType
    And the merchant finds the payment of the order as IN_PROGRESS

  Scenario: A shopper who fails is sent to the fail page
    When a shopper at https://shop.example.com fails to pay 10,000 won with REJECT_CARD_COMPANY
    Then the shopper is sent to /fail with code, message and orderId
    And the merchant finds the payment of the order as ABORTED

  Scenario: A shopper who closes the window is sent to the fail page without an order
    When a shopper at https://shop.example.com closes the window of 10,000 won
    Then the shopper is sent to /fail with code and message
    And the merchant finds the payment of the order as READY

  Scenario Outline: A window that can't be opened is refused: <fields>
    When a shopper opens a window with <fields>
    Then it is refused with 400 <code>
    And the merchant finds no payment of the order

    Examples:
      | fields                            | code                         |
      | {"clientKey": "test_ck_nobody"}   | INVALID_CLIENT_KEY           |
      | {"clientKey": "test_sk_toss_dummy"} | INVALID_CLIENT_KEY         |
      | {"method": "BARTER"}              | NOT_SUPPORTED_METHOD         |
      | {"successUrl": "success"}         | INCORRECT_SUCCESS_URL_FORMAT |
      | {"failUrl": "fail"}               | INCORRECT_FAIL_URL_FORMAT    |
      | {"orderId": "short"}              | INVALID_ORDER_ID             |
      | {"amount": 0}                     | BELOW_ZERO_AMOUNT            |
      | {"currency": "USD"}               | INVALID_CURRENCY             |

  Scenario: An order that is paid for opens no window
    Given a shopper who paid 10,000 won
    When a shopper opens a window with {}
    Then it is refused with 400 DUPLICATED_ORDER_ID
