Feature: Paying in the window
  The shop's page asks for a window by its client key, and the shopper decides in it. What the shopper
  decided is in the payment, and the browser goes back to the shop.

  Background:
    Given the shop's page asked for a window of 68,000 won

  Scenario: The shopper pays, and the merchant confirms
    When the shopper pays by card "61" in 6 instalments
    Then the browser goes to the success page with "paymentType, orderId, paymentKey and amount"
    And what the shop put into the address of its success page is still there
    When the merchant confirms with the texts of the address
    Then the payment is "DONE"
    And it shows a card of "61" in 6 instalments

  Scenario Outline: The payment shows how the shopper paid
    When the shopper pays by "<choice>"
    And the merchant confirms with the texts of the address
    Then the payment shows "<field>" as "<value>"

    Examples:
      | choice            | field                   | value      |
      | KAKAOPAY          | easyPay.provider        | 카카오페이 |
      | a transfer by 90  | transfer.bankCode       | 90         |
      | an account at 20  | virtualAccount.bankCode | 20         |
      | gift certificates | method                  | 문화상품권 |

  Scenario Outline: A wallet pays with its own money, or by a card in it
    When the shopper pays by "<choice>"
    And the merchant confirms with the texts of the address
    Then the wallet itself paid <amount> won

    Examples:
      | choice                | amount |
      | KAKAOPAY              | 0      |
      | the money in KAKAOPAY | 68,000 |

  Scenario: Money in a wallet has no card behind it
    When the shopper pays by "the money in KAKAOPAY"
    And the merchant confirms with the texts of the address
    Then the payment shows no "card"

  Scenario: The shopper closes the window
    When the shopper closes the window
    Then the browser goes to the fail page with "PAY_PROCESS_CANCELED"
    And the address names no order
    And the payment is "READY"

  Scenario Outline: The payment fails in the window
    When the payment fails in the window with "<code>"
    Then the browser goes to the fail page with "<code>"
    And the payment is "ABORTED"

    Examples:
      | code                 |
      | PAY_PROCESS_ABORTED  |
      | REJECT_CARD_COMPANY  |
      | INVALID_STOPPED_CARD |

  Scenario: The shopper takes too long
    When the time of the window runs out
    Then the browser goes to the fail page with "PAY_PROCESS_ABORTED"
    And the payment is "EXPIRED"

  Scenario: The issuer refuses at the confirm
    When the shopper pays, and the issuer is going to refuse with "REJECT_CARD_PAYMENT"
    Then the browser goes to the success page with "paymentType, orderId, paymentKey and amount"
    And the confirm with the texts of the address is refused with 403 "REJECT_CARD_PAYMENT"
    And the payment is "ABORTED"

  Scenario: Pay is pressed twice
    When the shopper presses Pay twice at once
    Then both presses lead to the same address
    And the payment is "IN_PROGRESS"

  Scenario: A stranger without the token decides nothing
    When a stranger who knows the payment key decides to pay
    Then it is refused with 404 "NOT_FOUND_PAYMENT"
    And the payment is "READY"

  Scenario: The checkout address of the payment leads to its window
    Then the checkout address of the payment shows the window

  Scenario: The shop's server begins the payment, and sends the shopper to its checkout address
    Given the shop's server began a payment of 68,000 won
    Then the payment is "READY"
    When the shopper pays by card "61" in 6 instalments
    Then the browser goes to the success page with "paymentType, orderId, paymentKey and amount"
    When the merchant confirms with the texts of the address
    Then the payment is "DONE"
