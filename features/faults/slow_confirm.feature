Feature: The provider is slow
  The merchant stops waiting, and the approval comes later all the same.

  @pitfall-2
  Scenario Outline: A twin of a confirm that is under way is told so, and later gets the first answer
    Given a sandbox on the "<contract>" contract
    And a payment that waits for its confirm
    And the answer to the next "confirm" comes 3 seconds late
    And a first confirm with the idempotency key "press-1" is waiting for its answer
    When the merchant confirms the payment with the idempotency key "press-1"
    Then it is refused with 409 "IDEMPOTENT_REQUEST_PROCESSING"
    When the first confirm has its answer
    And the merchant confirms the payment with the idempotency key "press-1"
    Then the answer is the first one
    And the payment was approved once

    Examples:
      | contract |
      | kiosk    |
      | toss     |

  @pitfall-2
  Scenario Outline: After a read time-out the payment is approved
    Given a sandbox on the "<contract>" contract
    And a payment that waits for its confirm
    And the answer to the next "confirm" is lost by "hang"
    When the merchant confirms the payment and waits 1 second
    Then no answer comes
    And the payment is "<approved>"

    Examples:
      | contract | approved |
      | kiosk    | APPROVED |
      | toss     | DONE     |

  @pitfall-10
  Scenario Outline: The shopper's time runs out by the sandbox's clock
    Given a sandbox on the "toss" contract
    And a payment that waits for its confirm
    When "<time>" pass at the provider
    And the merchant confirms the payment
    Then <answer>

    Examples:
      | time       | answer                                             |
      | 9 minutes  | the answer shows the payment as "DONE"             |
      | 10 minutes | it is refused with 404 "NOT_FOUND_PAYMENT_SESSION" |
