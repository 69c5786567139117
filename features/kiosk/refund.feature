Feature: Refunding an order
  A refund cancels the payment at the provider; only then do the goods return to stock.

  Scenario: A paid order is refunded
    Given a paid order of "2 Nachos with cheese"
    When the clerk refunds the order
    Then the answer shows the order as "REFUNDED"
    And the provider has given the money back
    And everything is back in stock

  Scenario: The provider is told why
    Given a paid order of "1 Cola"
    When the clerk refunds the order because of "The machine was empty"
    Then the answer shows the order as "REFUNDED"
    And the provider knows the reason "The machine was empty"

  Scenario Outline: A reason that makes no sense is refused, <reason>
    Given a paid order of "1 Cola"
    When the clerk refunds the order for a reason that is "<reason>"
    Then it is refused with 400 "INVALID_REQUEST", naming "reason"
    And the order is "PAID"

    Examples:
      | reason              |
      | an empty text       |
      | the number 7        |
      | nothing             |
      | the character NUL   |
      | half a character    |
      | 201 characters long |

  Scenario: An order that nobody paid cannot be refunded
    Given an order of "1 Cola"
    When the clerk refunds the order
    Then it is refused with 409 "ORDER_NOT_REFUNDABLE"
    And the order is "OPEN"

  Scenario: A refunded order cannot be paid again
    Given a paid order of "1 Cola"
    And the clerk refunds the order
    When the shopper presses Pay
    Then it is refused with 409 "ORDER_NOT_PAYABLE"
    And the order is "REFUNDED"
    And everything is back in stock

  Scenario: Somebody else canceled the payment already
    Given a paid order of "1 Cola"
    And the payment was canceled in the provider's own back office
    When the clerk refunds the order
    Then the answer shows the order as "REFUNDED"
    And everything is back in stock
