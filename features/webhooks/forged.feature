Feature: Webhooks that nobody should trust
  Payment events are not signed, so whoever knows the URL can send one. A merchant that believes the body gives
  goods away; one that wants a signature refuses every real event.

  @pitfall-7
  Scenario: A forged event arrives like a real one
    Given a merchant who listens for webhooks
    When somebody forges the event "DONE" of a payment that does not exist
    Then the merchant is told "DONE"
    And the webhook has no signature
    And there is no such payment

  @pitfall-7
  Scenario: A deposit callback with a wrong secret
    Given a merchant who listens for webhooks
    When a virtual account is issued for 10,000 won
    And somebody forges a deposit callback with the secret "ps_guessed"
    Then the merchant is told "WAITING_FOR_DEPOSIT, WAITING_FOR_DEPOSIT and DONE"
    And the last callback has another secret than the payment

  @pitfall-8
  Scenario Outline: Only <event> and its like are signed, over the exact bytes and the time
    Given a merchant who listens for webhooks for "<event>" with the security key "top-secret"
    When somebody sends the event "<event>"
    Then the webhook is signed with "top-secret"

    Examples:
      | event          |
      | payout.changed |
      | seller.changed |
