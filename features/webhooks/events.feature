Feature: What a merchant is told
  A merchant on the Toss contract that registered a URL is told what becomes of its payments: in the words of
  the real events, with the real headers, and without a signature that the real ones do not have.

  Scenario: An approval is told
    Given a merchant who listens for webhooks
    When a shopper pays 10,000 won
    Then the merchant is told "DONE"
    And what the merchant was told is what a look-up shows

  @pitfall-20
  Scenario: Cancels are told one by one
    Given a merchant who listens for webhooks
    When a shopper pays 10,000 won
    And the merchant cancels 1,000 won of the payment
    And the merchant cancels 2,000 won of the payment
    Then the merchant is told "DONE, PARTIAL_CANCELED and PARTIAL_CANCELED"

  Scenario: A payment that nobody made in time is told
    Given a merchant who listens for webhooks
    And a shopper who has opened the payment window
    When "31 minutes" pass at the provider
    Then the merchant is told "EXPIRED"

  @pitfall-7
  Scenario: A webhook has the headers of the real ones and no signature
    Given a merchant who listens for webhooks
    When a shopper pays 10,000 won
    Then the webhook has an id, a time and the retry count 0
    And the webhook has no signature

  @pitfall-6
  Scenario: A deposit is told by a callback with the payment's secret, and as a change of status
    Given a merchant who listens for webhooks
    When a virtual account is issued for 10,000 won
    And the shopper deposits
    Then the merchant is told "WAITING_FOR_DEPOSIT, WAITING_FOR_DEPOSIT, DONE and DONE"
    And each callback has the secret of the payment

  @pitfall-9
  Scenario: A deposit that the bank takes back is told
    Given a merchant who listens for webhooks for "DEPOSIT_CALLBACK"
    When a virtual account is issued for 10,000 won
    And the shopper deposits
    And the bank takes the deposit back
    Then the merchant is told "WAITING_FOR_DEPOSIT, DONE and WAITING_FOR_DEPOSIT"

  Scenario: A sandbox is told nothing of another
    Given a merchant who listens for webhooks
    And another merchant who listens for webhooks
    When a shopper pays 10,000 won
    Then the merchant is told "DONE"
    And the other merchant is told nothing

  Scenario: The kiosk contract has no webhooks
    Given a sandbox on the "kiosk" contract
    When the merchant registers a URL for webhooks
    Then it is refused with 409 "NO_WEBHOOKS"
