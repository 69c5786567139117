Feature: The lists of a real provider may be behind
  Transactions and settlements can miss what happened a moment ago; a look-up never does. Here nothing is
  missing unless a test wants it.

  @pitfall-15
  Scenario: A payment that is seconds old is missing from the transactions, and not from a look-up
    Given a sandbox on the "toss" contract
    And lists that are 10 minutes late
    When a shopper pays 10,000 won
    Then the merchant lists no transaction
    And the merchant finds the payment as "DONE"
    When "10 minutes" pass at the provider
    Then the merchant lists 1 transaction

  @pitfall-15
  Scenario: A cancel follows as late as its payment
    Given a sandbox on the "toss" contract
    And lists that are 10 minutes late
    When a shopper pays 10,000 won
    And "10 minutes" pass at the provider
    And the merchant cancels the payment
    Then the merchant lists 1 transaction
    When "10 minutes" pass at the provider
    Then the merchant lists 2 transactions

  Scenario: Nothing is late unless a test wants it
    Given a sandbox on the "toss" contract
    When a shopper pays 10,000 won
    Then the merchant lists 1 transaction
