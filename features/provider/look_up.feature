Feature: Looking a payment up
  A merchant that lost an answer asks what happened, by payment key or by order,
  and gets the same shape in every state.

  Scenario: A created payment has no approval yet
    Given a payment of 10,000 won that was "created"
    When the merchant looks the payment up
    Then the answer shows the payment as "INITIATED"
    And the answer carries the payment's key and order
    And the answer shows a total of 10,000 won
    And the answer leaves "method, approvedAt, receipt, canceledAt and cancelReason" empty

  Scenario: An approved payment shows its approval
    Given a payment of 10,000 won that was "approved"
    When the merchant looks the payment up
    Then the answer shows the payment as "APPROVED"
    And the answer carries everything the approval said
    And the answer leaves "canceledAt and cancelReason" empty

  Scenario: A canceled payment shows its approval and its cancellation
    Given a payment of 10,000 won that was "canceled"
    When the merchant looks the payment up
    Then the answer shows the payment as "CANCELED"
    And the answer carries everything the approval said but the status
    And the answer carries the time and the reason of the cancellation

  Scenario Outline: The shape is the same for a payment that was <state>
    Given a payment of 10,000 won that was "<state>"
    When the merchant looks the payment up
    Then the answer consists of "paymentKey, orderId, method, approvedAt, totalAmount, status, receipt, canceledAt and cancelReason"

    Examples:
      | state    |
      | created  |
      | approved |
      | canceled |

  Scenario Outline: Looking up by order finds the order's only payment, <state>
    Given a payment of 10,000 won that was "<state>"
    When the merchant looks the order up
    Then the answer is "the payment" as looked up by its key

    Examples:
      | state    |
      | created  |
      | approved |
      | canceled |

  Scenario Outline: Of several payments an order shows the approved one, else the newest: <first>, then <second>
    Given a payment of 10,000 won that was "<first>"
    And a second payment of 8,000 won for the same order that was "<second>"
    When the merchant looks the order up
    Then the answer is "<shown>" as looked up by its key

    Examples:
      | first    | second   | shown              |
      | created  | created  | the second payment |
      | approved | created  | the payment        |
      | created  | approved | the second payment |
      | canceled | created  | the second payment |
      | created  | canceled | the second payment |
      | canceled | approved | the second payment |
      | canceled | canceled | the second payment |

  Scenario: An order's first payment is shown again when it is the one approved
    Given a payment of 10,000 won that was "created"
    And a second payment of 8,000 won for the same order that was "created"
    When the merchant confirms the payment
    And the merchant looks the order up
    Then the answer is "the payment" as looked up by its key

  Scenario: A payment that was never created is not found
    Given a shopper about to pay 10,000 won
    When the merchant looks the payment up
    Then it is refused with 404 "NOT_FOUND"

  Scenario: An order that was never paid for is not found
    Given a shopper about to pay 10,000 won
    When the merchant looks the order up
    Then it is refused with 404 "NOT_FOUND"

  Scenario: Looking up changes nothing
    Given a payment of 10,000 won that was "approved"
    When the merchant looks the payment up
    And the merchant looks the order up
    And the merchant confirms the payment
    Then the answer is the approval, word for word
