Feature: Time is set, never waited for
  Everything timed follows the sandbox's own clock. When a call has moved it, what became due has happened.

  Scenario: A frozen clock stands still
    Given a sandbox on the "kiosk" contract
    When the clock of the sandbox is frozen at "2030-05-05 00:00"
    And a shopper pays 10,000 won
    Then the payment was approved at "2030-05-05 00:00"

  @pitfall-10
  Scenario Outline: A payment expires at its very moment, and the merchant is told: <timer>
    Given a sandbox on the "toss" contract
    And a clock that stands still
    And a merchant who listens for webhooks
    And <shopper>
    When "<less>" pass at the provider
    Then the payment is "<still>"
    When "1 second" pass at the provider
    Then the payment is "EXPIRED"
    And the merchant has been told "EXPIRED"
    When the merchant confirms the payment
    Then it is refused with 404 "NOT_FOUND_PAYMENT_SESSION"

    Examples:
      | timer                     | shopper                            | less              | still         |
      | 10 minutes to be confirmed | a shopper who agreed in the window | 599 seconds       | AUTHENTICATED |
      | 30 minutes in the window   | a shopper who left the window open | 1799 seconds      | INITIATED     |

  Scenario: The clock is given back
    Given a sandbox on the "kiosk" contract
    When "3 days" pass at the provider
    And the clock of the sandbox is released
    Then the clock of the sandbox shows real time
