Feature: Confirming a payment
  The merchant asks for the approval, naming the same key, order and amount as at creation.
  The approval comes back with the answer; there is no callback to wait for.
  Confirming is idempotent on the same three values, so an answer lost on the way can be asked for again.

  Scenario: A created payment is approved
    Given a payment of 10,000 won that was "created"
    When the merchant confirms the payment
    Then the answer shows the payment as "APPROVED"
    And the answer carries the payment's key and order
    And the answer shows a total of 10,000 won, paid by "CARD"
    And the answer shows that the payment was approved just now
    And the answer consists of "paymentKey, orderId, method, approvedAt, totalAmount, status and receipt"
    And the answer carries the address of the payment's receipt

  Scenario: Confirming again gives the very same approval
    Given a payment of 10,000 won that was "approved"
    When the merchant confirms the payment
    Then the answer is the approval, word for word

  Scenario: Confirming again later gives the very same approval
    Given a payment of 10,000 won that was "approved"
    And the clock has moved on to the next second
    When the merchant confirms the payment
    Then the answer is the approval, word for word

  Scenario Outline: Another <value> than at creation is refused, whatever the payment's state: <state>
    Given a payment of 10,000 won that was "<state>"
    When the merchant confirms the payment with "another <value>"
    Then it is refused with 409 "AMOUNT_MISMATCH"
    And the payment is "<status>"

    Examples:
      | value  | state    | status    |
      | amount | created  | INITIATED |
      | order  | created  | INITIATED |
      | amount | approved | APPROVED  |
      | order  | approved | APPROVED  |
      | amount | canceled | CANCELED  |
      | order  | canceled | CANCELED  |

  Scenario Outline: A creation that was answered with the stored payment counts for nothing: another <value> shows at the confirm
    Given a payment of 10,000 won that was "created"
    When the merchant creates the payment with "another <value>"
    And the merchant confirms the payment with "another <value>"
    Then it is refused with 409 "AMOUNT_MISMATCH"
    And the payment is "INITIATED"

    Examples:
      | value  |
      | amount |
      | order  |

  Scenario: A refused confirm leaves the way open for the right one
    Given a payment of 10,000 won that was "created"
    When the merchant confirms the payment with "another amount"
    And the merchant confirms the payment
    Then the answer shows the payment as "APPROVED"

  Scenario: A canceled payment cannot be approved again
    Given a payment of 10,000 won that was "canceled"
    When the merchant confirms the payment
    Then it is refused with 422 "ALREADY_CANCELED"
    And the payment is "CANCELED"

  Scenario: A payment that was never created cannot be confirmed
    Given a shopper about to pay 10,000 won
    When the merchant confirms the payment
    Then it is refused with 404 "NOT_FOUND"
    And there is no such payment

  Scenario: An order is paid once
    Given a payment of 10,000 won that was "approved"
    And a second payment of 10,000 won for the same order that was "created"
    When the merchant confirms the second payment
    Then it is refused with 409 "DUPLICATED_ORDER_ID"
    And the payment is "APPROVED"
    And the second payment is "INITIATED"

  Scenario: The paid payment of an order can still be confirmed again
    Given a payment of 10,000 won that was "approved"
    And a second payment of 10,000 won for the same order that was "created"
    When the merchant confirms the second payment
    And the merchant confirms the payment
    Then the answer is the approval, word for word

  Scenario: A refunded order can be paid anew
    Given a payment of 10,000 won that was "canceled"
    And a second payment of 8,000 won for the same order that was "created"
    When the merchant confirms the second payment
    Then the answer shows the second payment as "APPROVED"
    And the payment is "CANCELED"

  Scenario: Fields the contract does not know are ignored
    Given a payment of 10,000 won that was "created"
    When the merchant confirms the payment, adding fields of its own
    Then the answer shows the payment as "APPROVED"
