Feature: A test sees, and decides, what became of a payment

  @pitfall-14
  Scenario Outline: What was paid out to the merchant can't be canceled
    Given a sandbox on the "<contract>" contract
    When a shopper pays 10,000 won
    And the provider pays out to the merchant
    And the merchant cancels the payment
    Then it is refused with <status> "<code>"
    And the payment is "APPROVED"

    Examples:
      | contract | status | code                   |
      | kiosk    | 422    | ALREADY_SETTLED        |
      | toss     | 403    | NOT_CANCELABLE_PAYMENT |

  Scenario: Only what was paid is paid out
    Given a sandbox on the "toss" contract
    And a shopper who agreed in the window
    When the provider is to pay out to the merchant
    Then that is refused with 422 "NOT_POSSIBLE"

  Scenario: A payment tells its whole story
    Given a sandbox on the "toss" contract
    When a shopper pays 10,000 won
    And the merchant cancels the payment
    Then the timeline is "REQUESTED, AUTHENTICATED, APPROVAL and CANCEL"
    And the calls about the payment were "confirm and cancel"
