Feature: When webhooks arrive
  What breaks merchants is the order: the webhook that is there before the answer, two that contradict each
  other, one that comes twice, late or never. A test decides which.

  @pitfall-5
  Scenario: The webhook is there before the answer
    Given a merchant who listens for webhooks
    And webhooks that come before the answer
    When a shopper pays 10,000 won
    Then the merchant had been told "DONE" when the confirm was answered

  @pitfall-5
  Scenario: What the webhook tells is true before the answer
    Given a merchant who looks the payment up when a webhook comes
    And webhooks that come before the answer
    When a shopper pays 10,000 won
    Then the look-up showed "DONE"

  @pitfall-5
  Scenario: DONE, and right behind it ABORTED
    Given a merchant who listens for webhooks
    And webhooks that contradict themselves with "ABORTED"
    When a shopper pays 10,000 won
    Then the merchant is told "DONE and ABORTED"
    And the payment is "DONE"

  @pitfall-6
  Scenario: The same webhook three times
    Given a merchant who listens for webhooks
    And webhooks that come 3 times
    When a shopper pays 10,000 won
    Then the merchant is told "DONE, DONE and DONE"
    And all attempts sent the same bytes under the same id

  Scenario: A webhook that is ten minutes late
    Given a merchant who listens for webhooks
    And webhooks that are 10 minutes late
    When a shopper pays 10,000 won
    And "9 minutes" pass at the provider
    Then 0 attempts were made
    When "1 minutes" pass at the provider
    Then the merchant is told "DONE"

  Scenario: The webhook comes although the answer was lost
    Given a merchant who listens for webhooks
    And the answer to the next "confirm" is lost
    When a shopper pays 10,000 won
    Then the merchant is told "DONE"

  @pitfall-6
  Scenario: A delivered webhook is sent again
    Given a merchant who listens for webhooks
    And a shopper who paid 10,000 won
    When the webhook is sent again
    Then 2 attempts were made
    And all attempts sent the same bytes under the same id
