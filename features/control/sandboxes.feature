Feature: A sandbox for every test
  A merchant of the test's own: keys, payments, clock, faults and journal that no other test sees, so that
  hundreds run side by side on one server.

  Scenario Outline: Nothing of one sandbox is visible in another
    Given a sandbox on the "<contract>" contract
    And another sandbox on the "<contract>" contract
    When a shopper pays 10,000 won
    And "3 days" pass at the provider
    And the answer to the next "confirm" is lost
    Then the other sandbox has no payment, no fault and no call
    And the clock of the other sandbox shows real time
    And the merchant of the other sandbox finds no such payment

    Examples:
      | contract |
      | kiosk    |
      | toss     |

  Scenario: A reset forgets all that happened, and keeps the keys
    Given a sandbox on the "kiosk" contract
    When a shopper pays 10,000 won
    And "3 days" pass at the provider
    And the answer to the next "confirm" is lost
    And the sandbox is reset
    Then the sandbox has no payment, no fault and no call
    And the clock of the sandbox shows real time
    And a shopper pays 10,000 won

  Scenario: The keys of a deleted sandbox are nobody's
    Given a sandbox on the "kiosk" contract
    When the sandbox is deleted
    Then the merchant's key is refused

  Scenario Outline: What will not do is refused with what would be right: <what>
    Given a sandbox on the "kiosk" contract
    When a test tries to <what>
    Then it is refused with <status>, and told "<right>"

    Examples:
      | what                                    | status | right                         |
      | reset the sandbox by DELETE             | 405    | POST                          |
      | lose the answer to a confrim            | 400    | did you mean confirm          |
      | advance the clock by "ten minutes"      | 400    | how ten minutes are written   |
      | make a sandbox of the contract "card"   | 400    | kiosk, toss                   |
      | make a sandbox whose id is taken        | 409    | is in use already             |
      | make the lists late                     | 409    | only sandboxes on the contract toss |
