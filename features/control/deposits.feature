Feature: A bank that pays late, short or twice, or takes its money back

  @pitfall-9
  Scenario: A deposit that comes after the due date finds the account closed
    Given a sandbox on the "toss" contract
    And a shopper who was given a virtual account
    When "30 days" pass at the provider
    And the shopper deposits
    Then it is refused with 400 "ALREADY_CLOSE_ACCOUNT"
    And the payment is "AWAITING_DEPOSIT"

  @pitfall-9
  Scenario: A deposit that is short is refused by the bank, and the exact one is taken
    Given a sandbox on the "toss" contract
    And a shopper who was given a virtual account
    When the shopper deposits 9,999 won
    Then it is refused with 422 "DEPOSIT_AMOUNT_MISMATCH"
    When the shopper deposits 10,000 won
    Then the payment is "APPROVED"

  @pitfall-9
  Scenario Outline: A deposit is taken back after the goods left, in version <version>
    Given a sandbox on the "toss" contract of version "<version>"
    And a merchant who listens for webhooks for "DEPOSIT_CALLBACK"
    And a shopper who was given a virtual account
    When the shopper deposits
    And the bank takes the deposit back
    Then the payment is "AWAITING_DEPOSIT"
    And the merchant is told "WAITING_FOR_DEPOSIT, DONE and WAITING_FOR_DEPOSIT"
    And the merchant finds the payment in version "<version>" as "WAITING_FOR_DEPOSIT"

    Examples:
      | version    |
      | 2022-11-16 |
      | 2024-06-01 |
