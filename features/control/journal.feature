Feature: What the merchant asked can be asserted
  Every request of a sandbox is in its journal with its answer, the faults that struck it and what it did to
  the payment.

  Scenario: Exactly one confirm of an order
    Given a sandbox on the "kiosk" contract
    When a shopper pays 10,000 won
    Then exactly 1 confirm of the order was received

  Scenario: An assertion that fails shows what came nearest, and how it differs
    Given a sandbox on the "kiosk" contract
    When a shopper pays 10,000 won
    And a test asserts that 1 confirm of 9,000 won was received
    Then it fails, and shows a confirm of the order whose amount was 10000 and not 9000

  Scenario: A test waits for a call that is still to come
    Given a sandbox on the "kiosk" contract
    When a shopper pays 10,000 won in a moment
    Then exactly 1 confirm of the order is received within 20 seconds

  Scenario: The journal names the fault, and what the call did all the same
    Given a sandbox on the "toss" contract
    When the answer to the next "confirm" is lost
    And a shopper pays 10,000 won
    Then the journal has a confirm that was struck by the fault and led from "AUTHENTICATED" to "APPROVED"

  Scenario: Keys are masked
    Given a sandbox on the "toss" contract
    When a shopper pays 10,000 won
    Then the journal does not hold the merchant's key
