Feature: The answer is lost after the provider did it
  The card is charged, and the merchant never hears of it. What was done is done: a look-up tells, and so does
  the same request again.

  @pitfall-1
  Scenario Outline: A confirm whose answer is lost has been approved all the same
    Given a sandbox on the "<contract>" contract
    And a payment that waits for its confirm
    And the answer to the next "confirm" is lost by "<loss>"
    When the merchant confirms the payment
    Then no answer comes
    And the payment is "<approved>"
    And the payment of the order is "<approved>"

    Examples:
      | contract | loss     | approved |
      | kiosk    | reset    | APPROVED |
      | kiosk    | empty    | APPROVED |
      | kiosk    | truncate | APPROVED |
      | toss     | reset    | DONE     |
      | toss     | empty    | DONE     |
      | toss     | truncate | DONE     |

  Scenario Outline: Asked again under the same idempotency key, the provider repeats the answer that was lost
    Given a sandbox on the "<contract>" contract
    And a payment that waits for its confirm
    And the answer to the next "confirm" is lost by "reset"
    And the merchant confirms the payment with the idempotency key "press-1"
    When the merchant confirms the payment with the idempotency key "press-1"
    Then the answer shows the payment as "<approved>"
    And the payment was approved once

    Examples:
      | contract | approved |
      | kiosk    | APPROVED |
      | toss     | DONE     |

  @pitfall-4
  Scenario: On the Toss contract a second confirm without a key is told that the payment was processed
    Given a sandbox on the "toss" contract
    And a payment that waits for its confirm
    And the answer to the next "confirm" is lost by "reset"
    And the merchant confirms the payment
    When the merchant confirms the payment
    Then it is refused with 400 "ALREADY_PROCESSED_PAYMENT"
    And the payment is "DONE"

  Scenario: On the kiosk contract a second confirm gets the same approval
    Given a sandbox on the "kiosk" contract
    And a payment that waits for its confirm
    And the answer to the next "confirm" is lost by "reset"
    And the merchant confirms the payment
    When the merchant confirms the payment
    Then the answer shows the payment as "APPROVED"
    And the payment was approved once

  @pitfall-11
  Scenario Outline: A cancel whose answer is lost has given the money back, once
    Given a sandbox on the "<contract>" contract
    And a payment that is approved
    And the answer to the next "cancel" is lost by "reset"
    And the merchant cancels the payment with the idempotency key "refund-1"
    When the merchant cancels the payment with the idempotency key "refund-1"
    Then the answer shows the payment as "CANCELED"
    And the payment was canceled once

    Examples:
      | contract |
      | kiosk    |
      | toss     |

  Scenario Outline: A request that is lost before the provider did anything changes nothing
    Given a sandbox on the "<contract>" contract
    And a payment that waits for its confirm
    And the next "confirm" is lost on its way
    And the merchant confirms the payment
    When the merchant confirms the payment
    Then the answer shows the payment as "<approved>"
    And the payment was approved once

    Examples:
      | contract | approved |
      | kiosk    | APPROVED |
      | toss     | DONE     |
