Feature: Confirming a payment
  The merchant asks for the approval, naming the same key, order and amount as at creation.
  The approval comes back with the answer; there is no callback to wait for.
  Confirming is idempotent on the same three values, so an answer lost on the way can be asked for again.

  Scenario: A created payment is approved
    Given a created payment of 10,000 won
    When the merchant confirms the payment
    Then the answer shows the payment as APPROVED
    And the answer carries the payment's key and order
    And the answer shows a total of 10,000 won, paid by CARD
    And the answer shows that the payment was approved just now
    And the answer consists of paymentKey, orderId, method, approvedAt, totalAmount, status and receipt
    And the answer carries the address of the payment's receipt

  Scenario: Confirming again gives the very same approval
    Given an approved payment of 10,000 won
    When the merchant confirms the payment again
    Then the answer is the approval, word for word

  Scenario: Confirming again later gives the very same approval
    Given an approved payment of 10,000 won
    And the clock has moved on to the next second
    When the merchant confirms the payment again
    Then the answer is the approval, word for word

  Scenario Outline: Another <value> than at creation is refused, whatever the payment's state: <state>
    Given <article> <state> payment of 10,000 won
    When the merchant confirms the payment with another <value>
    Then it is refused with 409 AMOUNT_MISMATCH
    And the provider holds the payment as <status>

    Examples:
      | value  | article | state    | status    |
      | amount | a       | created  | INITIATED |
      | order  | a       | created  | INITIATED |
      | amount | an      | approved | APPROVED  |
      | order  | an      | approved | APPROVED  |
      | amount | a       | canceled | CANCELED  |
      | order  | a       | canceled | CANCELED  |

  Scenario Outline: A creation that was answered with the stored payment counts for nothing: another <value> shows at the confirm
    Given a created payment of 10,000 won
    When the merchant creates the payment again with another <value>
    And the merchant confirms the payment with another <value>
    Then it is refused with 409 AMOUNT_MISMATCH
    And the provider holds the payment as INITIATED

    Examples:
      | value  |
      | amount |
      | order  |

  Scenario: A refused confirm leaves the way open for the right one
    Given a created payment of 10,000 won
    When the merchant confirms the payment with another amount
    And the merchant confirms the payment
    Then the answer shows the payment as APPROVED

  Scenario: A canceled payment cannot be approved again
    Given a canceled payment of 10,000 won
    When the merchant confirms the payment
    Then it is refused with 422 ALREADY_CANCELED
    And the provider holds the payment as CANCELED

  Scenario: A payment that was never created cannot be confirmed
    Given a shopper about to pay 10,000 won
    When the merchant confirms the payment
    Then it is refused with 404 NOT_FOUND
    And the provider knows no such payment

  Scenario: An order is paid once
    Given an approved payment of 10,000 won
    And a second created payment of 10,000 won for the same order
    When the merchant confirms the second payment
    Then it is refused with 409 DUPLICATED_ORDER_ID
    And the provider holds the payment as APPROVED
    And the provider holds the second payment as INITIATED

  Scenario: The paid payment of an order can still be confirmed again
    Given an approved payment of 10,000 won
    And a second created payment of 10,000 won for the same order
    When the merchant confirms the second payment
    And the merchant confirms the payment again
    Then the answer is the approval, word for word

  Scenario: A refunded order can be paid anew
    Given a canceled payment of 10,000 won
    And a second created payment of 8,000 won for the same order
    When the merchant confirms the second payment
    Then the answer shows the second payment as APPROVED
    And the provider holds the payment as CANCELED

  Scenario: Fields the contract does not know are ignored
    Given a created payment of 10,000 won
    When the merchant confirms the payment, adding fields of its own
    Then the answer shows the payment as APPROVED
