Feature: The provider is slow, or its answer is lost
  The kiosk does not know whether the shopper was charged. It says so, keeps the goods, sells nothing,
  and asks the provider what happened before it does anything else.

  Background:
    Given a kiosk whose line to the provider can break

  Scenario: An approval that comes too late leaves the order pending
    Given an order of "2 Popcorn"
    And the provider charges the shopper and "takes too long to say so"
    When the shopper presses Pay
    Then the answer shows the order as "PENDING"
    And nothing left the stock
    And "2 Popcorn" are kept for the shopper

  Scenario Outline: <who> finds out that the shopper was charged
    Given an order of "2 Popcorn"
    And the provider charges the shopper and "takes too long to say so"
    And the shopper presses Pay
    When <who>
    Then the answer shows the order as "PAID"
    And the provider was sent 1 "confirm"
    And the shopper is charged once, whatever the provider was asked
    And the order carries the provider's receipt
    And "2 Popcorn" left the stock

    Examples:
      | who                                     |
      | the screen looks at the order           |
      | the clerk asks what became of the order |
      | the shopper presses Pay                 |

  Scenario Outline: Looking does not charge: <who>
    Given an order of "2 Popcorn"
    And the request to charge the shopper is stuck on its way
    And the shopper presses Pay
    When <who>
    Then the answer shows the order as "PENDING"
    And "2 Popcorn" are kept for the shopper
    And the provider has charged nothing for the order
    When the stuck request reaches the provider after all
    And <who>
    Then the answer shows the order as "PAID"
    And the shopper is charged once, whatever the provider was asked
    And "2 Popcorn" left the stock

    Examples:
      | who                                     |
      | the screen looks at the order           |
      | the clerk asks what became of the order |

  Scenario: The shopper presses again while the first request is stuck on its way
    Given an order of "2 Popcorn"
    And the request to charge the shopper is stuck on its way
    And the shopper presses Pay
    When the shopper presses Pay
    Then the answer shows the order as "PAID"
    When the stuck request reaches the provider after all
    Then the shopper is charged once, whatever the provider was asked
    And the order is "PAID"
    And "2 Popcorn" left the stock

  Scenario: Nobody knows as long as the provider stays away
    Given an order of "2 Popcorn"
    And the provider charges the shopper and "takes too long to say so"
    And the shopper presses Pay
    And the provider is down
    When the shopper presses Pay
    Then the answer shows the order as "PENDING"
    When the screen looks at the order
    Then the answer shows the order as "PENDING"
    And nothing left the stock
    When the provider is back
    And the screen looks at the order
    Then the answer shows the order as "PAID"
    And the shopper is charged once, whatever the provider was asked

  Scenario: An order whose payment is unknown cannot be refunded yet
    Given an order of "2 Popcorn"
    And the provider charges the shopper and "takes too long to say so"
    And the shopper presses Pay
    When the clerk refunds the order
    Then it is refused with 409 "ORDER_NOT_REFUNDABLE"

  Scenario Outline: The provider charges the shopper and <trouble>
    Given an order of "1 Popcorn"
    And the provider charges the shopper and "<trouble>"
    When the shopper presses Pay
    Then the answer shows the order as "PENDING"
    And nothing left the stock
    When the shopper presses Pay
    Then the answer shows the order as "PAID"
    And the provider was sent 1 "confirm"
    And the shopper is charged once, whatever the provider was asked
    And "1 Popcorn" left the stock

    Examples:
      | trouble                               |
      | cuts the connection                   |
      | answers 500                           |
      | answers 429                           |
      | answers 409 of a twin request         |
      | answers 401                           |
      | answers something that is no JSON     |
      | answers only half                     |
      | answers with another payment          |
      | answers with another amount           |
      | answers without a status              |
      | redirects elsewhere                   |

  Scenario Outline: The provider refunds and <trouble>
    Given a paid order of "1 Popcorn"
    And the provider refunds and "<trouble>"
    When the clerk refunds the order
    Then the answer shows the order as "REFUND_PENDING"
    And "1 Popcorn" left the stock
    When <who>
    Then the answer shows the order as "REFUNDED"
    And the provider was sent 1 "cancel"
    And everything is back in stock

    Examples:
      | trouble                           | who                                     |
      | takes too long to say so          | the clerk refunds the order             |
      | takes too long to say so          | the screen looks at the order           |
      | takes too long to say so          | the clerk asks what became of the order |
      | cuts the connection               | the clerk refunds the order             |
      | answers 500                       | the clerk refunds the order             |
      | answers something that is no JSON | the screen looks at the order           |

  Scenario: A refund that never reached the provider is sent again by the next press
    Given a paid order of "1 Popcorn"
    And the next "cancel" is lost on its way
    When the clerk refunds the order
    Then the answer shows the order as "REFUND_PENDING"
    When the screen looks at the order
    Then the answer shows the order as "REFUND_PENDING"
    And "1 Popcorn" left the stock
    When the clerk refunds the order
    Then the answer shows the order as "REFUNDED"
    And the provider has given the money back
    And everything is back in stock
