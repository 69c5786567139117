Feature: Cash receipts
  Money that no card moved is told to the tax service by a cash receipt: issued by a call of its own,
  or along with a transfer or a virtual account.

  Scenario: The merchant issues a cash receipt
    When the merchant issues a cash receipt over 10,000 won
    Then the answer is a "CONFIRM" over 10,000 won
    And the merchant finds 1 cash receipt of the order

  Scenario: A cash receipt is canceled
    Given a cash receipt over 10,000 won
    When the merchant cancels the cash receipt
    Then the answer is a "CANCEL" over 10,000 won
    And its key is that of the cash receipt behind "c_"
    And the merchant finds 2 cash receipts of the order

  Scenario: A cash receipt is canceled in parts, and no more than that
    Given a cash receipt over 10,000 won
    When the merchant cancels 4,000 won of the cash receipt
    And the merchant cancels 6,001 won of the cash receipt
    Then it is refused with 403 "NOT_CANCELABLE_AMOUNT"

  Scenario: A cash receipt is canceled once
    Given a cash receipt over 10,000 won
    When the merchant cancels the cash receipt
    And the merchant cancels the cash receipt
    Then it is refused with 400 "ALREADY_CANCELED_PAYMENT"

  Scenario: An order has one cash receipt
    Given a cash receipt over 10,000 won
    When the merchant issues a cash receipt over 10,000 won
    Then it is refused with 400 "DUPLICATED_CASH_RECEIPT"

  Scenario: An order whose cash receipt was canceled gets another one
    Given a cash receipt over 10,000 won
    When the merchant cancels the cash receipt
    And the merchant issues a cash receipt over 10,000 won
    Then the answer is a "CONFIRM" over 10,000 won

  Scenario: A cash receipt that was never issued is not canceled
    When the merchant cancels a cash receipt that was never issued
    Then it is refused with 404 "NOT_FOUND"

  Scenario Outline: A number that can't tell whose it is: <number>
    When the merchant issues a cash receipt for the number "<number>"
    Then it is refused with 400 "INVALID_CASH_RECEIPT_INFO"

    Examples:
      | number        |
      | 010-1234-5678 |
      | 123456789     |
      | phone         |

  Scenario: No list is longer than 10,000 cash receipts
    When the merchant lists 10001 cash receipts of today
    Then it is refused with 400 "EXCEED_MAX_QUERY_LIMIT"

  Scenario: The cash receipt of a transfer comes with the approval
    Given a shopper who agreed to pay 10,000 won by "a transfer with a cash receipt"
    When the merchant confirms the payment
    Then the answer shows a payment with a cash receipt over 10,000 won

  Scenario: The cash receipt of a virtual account comes with the deposit
    Given a virtual account with a cash receipt is issued for 10,000 won
    Then the payment has no cash receipt yet
    When the shopper deposits
    Then the answer shows a payment with a cash receipt over 10,000 won

  Scenario: A cancel takes its part of the cash receipt along
    Given a virtual account with a cash receipt that 10,000 won were deposited to
    When the merchant refunds 3,000 won of the payment to an account of the shopper
    Then the last cash receipt of the payment is a "CANCEL" over 3,000 won
    And the cancel names that cash receipt
