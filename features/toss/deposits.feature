Feature: Deposits
  The shopper's bank pays into a virtual account: once, and exactly what was asked for. Now and then a
  bank reports a deposit in error, and takes it back.

  Scenario: A deposit approves the payment
    Given a virtual account is issued for 10,000 won
    When the shopper deposits
    Then the answer shows the payment as "DONE"
    And the answer tells when the payment was approved
    And the payment is "DONE"

  Scenario: A deposit approves a payment that began in the window
    Given a shopper who agreed to pay 10,000 won by "가상계좌"
    When the merchant confirms the payment
    And the shopper deposits
    Then the answer shows the payment as "DONE"

  Scenario: Somebody else deposits
    Given a virtual account is issued for 10,000 won
    When "홍길동" deposits
    Then the answer names "홍길동" as the depositor

  @pitfall-9
  Scenario Outline: The bank takes no other amount: <amount> won of 10,000
    Given a virtual account is issued for 10,000 won
    When the shopper deposits <amount> won
    Then it is refused with 422 "DEPOSIT_AMOUNT_MISMATCH"
    And the payment is "WAITING_FOR_DEPOSIT"

    Examples:
      | amount |
      | 9,999  |
      | 10,001 |

  Scenario: A second deposit is refused
    Given a virtual account that 10,000 won were deposited to
    When the shopper deposits
    Then it is refused with 400 "ALREADY_COMPLETED_PAYMENT"

  Scenario: The account of a canceled payment is closed
    Given a virtual account is issued for 10,000 won
    When the merchant cancels the payment
    And the shopper deposits
    Then it is refused with 400 "ALREADY_CLOSE_ACCOUNT"
    And the payment is "CANCELED"

  Scenario: Before the confirm there is no account to pay into
    Given a shopper who agreed to pay 10,000 won by "가상계좌"
    When the shopper deposits
    Then it is refused with 409 "NO_DEPOSIT_AWAITED"

  @pitfall-9
  Scenario: A deposit that the bank takes back
    Given a virtual account that 10,000 won were deposited to
    When the bank takes the deposit back
    Then the answer shows the payment as "WAITING_FOR_DEPOSIT"
    And the answer tells of no approval
    And the payment is "WAITING_FOR_DEPOSIT"

  @pitfall-9
  Scenario: After that the shopper deposits again
    Given a virtual account that 10,000 won were deposited to
    When the bank takes the deposit back
    And the shopper deposits
    Then the answer shows the payment as "DONE"

  Scenario: What was not deposited is not taken back
    Given a virtual account is issued for 10,000 won
    When the bank takes the deposit back
    Then it is refused with 409 "NOTHING_DEPOSITED"

  Scenario: What is on its way back to the shopper is not taken back
    Given a virtual account that 10,000 won were deposited to
    When the merchant refunds the payment to an account of the shopper
    And the bank takes the deposit back
    Then it is refused with 400 "ALREADY_REFUNDING_PAYMENT"

  Scenario: Of deposits at the same moment one is taken
    Given a virtual account is issued for 10,000 won
    When the shopper deposits 8 times at once
    Then 1 went through, and the others are refused with 400 "ALREADY_COMPLETED_PAYMENT"
    And the payment is "DONE"

  Scenario: A deposit and a cancel at the same moment end as one of the two
    Given a virtual account is issued for 10,000 won
    When the shopper deposits while the merchant cancels
    Then the payment is what the one that went through made of it
