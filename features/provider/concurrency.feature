Feature: Many requests at once
  Double presses, retries and several tills meet at the provider at the same moment.
  Whatever the order in which they are served, the money moves once.

  Scenario: 64 clients create one payment at once
    Given a shopper about to pay 10,000 won
    When 64 clients create the payment at once
    Then all of them get one and the same answer
    And the payment is "INITIATED"

  @pitfall-17
  Scenario: 64 clients confirm one payment at once
    Given a payment of 10,000 won that was "created"
    When 64 clients confirm the payment at once
    Then all of them get one and the same answer
    And that answer is what the provider holds as the approval

  Scenario: 64 clients cancel one payment at once
    Given a payment of 10,000 won that was "approved"
    When 64 clients cancel the payment at once
    Then 1 went through, and the others are refused with 422 "ALREADY_CANCELED"
    And the provider holds that one cancellation

  Scenario: The first confirm races a cancel
    When a confirm and a cancel race for a payment that was "created", in 30 rounds
    Then in every round the payment was approved once
    And in every round the payment ends as CANCELED where the cancel was granted, else as APPROVED

  Scenario: A repeated confirm races a cancel
    When a confirm and a cancel race for a payment that was "approved", in 30 rounds
    Then in every round the cancel is granted and the payment ends as CANCELED
    And in every round the confirm got the approval or was refused with 422 "ALREADY_CANCELED"

  Scenario: Two payments of one order race
    When the confirms of two payments of one order race, in 30 rounds
    Then in every round one payment is approved and the other refused with 409 "DUPLICATED_ORDER_ID"
    And in every round the order shows the approved one
