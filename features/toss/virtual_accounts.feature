Feature: Virtual accounts
  A shopper without a card is given an account to pay into. The merchant has it issued by a call, or
  the shopper chooses it in the payment window; either way the payment then waits for its deposit.

  Scenario: The merchant has an account issued
    When a virtual account is issued for 10,000 won
    Then the answer shows the payment as "WAITING_FOR_DEPOSIT"
    And the answer shows a payment of type "NORMAL" by "가상계좌"
    And the answer has a secret for the deposit's notification
    And the payment is "WAITING_FOR_DEPOSIT"

  Scenario: The shopper chooses an account in the payment window
    Given a shopper who agreed to pay 10,000 won by "가상계좌"
    When the merchant confirms the payment
    Then the answer shows the payment as "WAITING_FOR_DEPOSIT"
    And the answer has a secret for the deposit's notification

  Scenario: Every account has a secret of its own
    When the merchant has virtual accounts issued for two orders
    Then their secrets differ

  Scenario: A customer keeps the account of an accountKey
    When the merchant has virtual accounts issued for two orders of the accountKey "customer-1"
    Then both are the same account of the type "고정"

  Scenario Outline: How long an account waits is said once, and within bounds, not with <what>
    When the merchant asks for a virtual account with "<what>"
    Then it is refused with 400 "<code>"
    And there is no payment of the order

    Examples:
      | what                         | code                                         |
      | both 24 hours and a due date | INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE |
      | 2,161 hours                  | EXCEED_MAX_VALID_HOURS                       |
      | a due date far away          | EXCEED_MAX_DUE_DATE                          |
      | a due date in the past       | INVALID_DATE                                 |
      | a due date in words          | INVALID_DATE                                 |

  Scenario Outline: Accounts that no bank opens are refused, with <what>
    When the merchant asks for a virtual account with "<what>"
    Then it is refused with 400 "<code>"
    And there is no payment of the order

    Examples:
      | what                        | code                         |
      | a bank that does not exist  | INVALID_BANK                 |
      | a bank that opens none      | INVALID_BANK                 |
      | an account key of 14 digits | INVALID_VIRTUAL_ACCOUNT_TYPE |
      | an account key, and escrow  | INVALID_VIRTUAL_ACCOUNT_TYPE |
      | an amount of 199            | BELOW_MINIMUM_AMOUNT         |
      | an empty customer's name    | INVALID_REQUIRED_PARAM       |

  Scenario: An order has one account
    Given a virtual account is issued for 10,000 won
    When a virtual account is issued for the same order
    Then it is refused with 400 "DUPLICATED_ORDER_ID"

  Scenario: What nobody paid is canceled without a refund
    Given a virtual account is issued for 10,000 won
    When the merchant cancels the payment
    Then the answer shows the payment as "CANCELED"
    And the answer tells
      | balanceAmount | 0 |
    And the answer lists the cancels "10,000"
    And the answer shows the refund as "NONE"

  Scenario: No part of what nobody paid is canceled
    Given a virtual account is issued for 10,000 won
    When the merchant cancels 1 won of the payment
    Then it is refused with 403 "NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT"

  Scenario: A deposit goes back to an account that the merchant names
    Given a virtual account that 10,000 won were deposited to
    When the merchant refunds the payment to an account of the shopper
    Then the answer shows the payment as "CANCELED"
    And the answer shows the refund as "PENDING"

  Scenario: A deposit goes back in parts
    Given a virtual account that 10,000 won were deposited to
    When the merchant refunds 3,000 won of the payment to an account of the shopper
    And the merchant refunds 3,000 won of the payment to an account of the shopper
    Then the answer shows the payment as "PARTIAL_CANCELED"
    And 4,000 won of the payment are left

  Scenario: Without an account a deposit has nowhere to go
    Given a virtual account that 10,000 won were deposited to
    When the merchant cancels the payment
    Then it is refused with 400 "INVALID_REFUND_ACCOUNT_INFO"
    And the payment is "DONE"

  Scenario Outline: An account that takes no refund is refused, with <what>
    Given a virtual account that 10,000 won were deposited to
    When the merchant refunds the payment to an account with "<what>"
    Then it is refused with 400 "<code>"
    And the payment is "DONE"

    Examples:
      | what                          | code                          |
      | a bank that does not exist    | INVALID_BANK                  |
      | a number that is too short    | INVALID_REFUND_ACCOUNT_NUMBER |
      | a number that takes no refund | FORBIDDEN_BANK_REFUND_REQUEST |
      | somebody else's name          | INVALID_REFUND_ACCOUNT_INFO   |
