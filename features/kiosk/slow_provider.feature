Feature: The provider is slow, or its answer is lost
  The kiosk does not know whether the shopper was charged. It says so, keeps the goods, sells nothing,
  and asks the provider what happened before it does anything else.

  Background:
    Given a kiosk whose line to the provider can break

  Scenario: An approval that comes too late leaves the order pending
    Given an order of 2 Popcorn
    And the provider approves but takes too long to say so
    When the shopper presses Pay
    Then the kiosk shows the order as PENDING
    And nothing has left the stock
    And 2 Popcorn are kept for the shopper

  Scenario Outline: <who> finds out that the shopper was charged
    Given an order of 2 Popcorn
    And the provider approves but takes too long to say so
    And the shopper has pressed Pay
    When <who>
    Then the kiosk shows the order as PAID
    And the kiosk has sent the provider 1 confirm
    And the shopper is charged once, whatever the provider was asked
    And the order carries the provider's receipt
    And 2 Popcorn have left the stock

    Examples:
      | who                                     |
      | the screen looks at the order           |
      | the clerk asks what became of the order |
      | the shopper presses Pay again           |

  Scenario Outline: Looking does not charge: <who>
    Given an order of 2 Popcorn
    And the request to charge the shopper is stuck on its way
    And the shopper has pressed Pay
    When <who>
    Then the kiosk shows the order as PENDING
    And 2 Popcorn are kept for the shopper
    And the provider has charged nothing for the order
    When the stuck request reaches the provider after all
    And <who>
    Then the kiosk shows the order as PAID
    And the shopper is charged once, whatever the provider was asked
    And 2 Popcorn have left the stock

    Examples:
      | who                                     |
      | the screen looks at the order           |
      | the clerk asks what became of the order |

  Scenario: The shopper presses again while the first request is stuck on its way
    Given an order of 2 Popcorn
    And the request to charge the shopper is stuck on its way
    And the shopper has pressed Pay
    When the shopper presses Pay again
    Then the kiosk shows the order as PAID
    When the stuck request reaches the provider after all
    Then the shopper is charged once, whatever the provider was asked
    And the order is PAID
    And 2 Popcorn have left the stock

  Scenario: Nobody knows as long as the provider stays away
    Given an order of 2 Popcorn
    And the provider approves but takes too long to say so
    And the shopper has pressed Pay
    And the provider is down
    When the shopper presses Pay again
    Then the kiosk shows the order as PENDING
    When the screen looks at the order
    Then the kiosk shows the order as PENDING
    And nothing has left the stock
    When the provider is back
    And the screen looks at the order
    Then the kiosk shows the order as PAID
    And the shopper is charged once, whatever the provider was asked

  Scenario: An order whose payment is unknown cannot be refunded yet
    Given an order of 2 Popcorn
    And the provider approves but takes too long to say so
    And the shopper has pressed Pay
    When the clerk presses Refund
    Then the kiosk says 409 ORDER_NOT_REFUNDABLE

  Scenario Outline: The provider charges the shopper and <trouble>
    Given an order of 1 Popcorn
    And the provider charges the shopper and <trouble>
    When the shopper presses Pay
    Then the kiosk shows the order as PENDING
    And nothing has left the stock
    When the shopper presses Pay again
    Then the kiosk shows the order as PAID
    And the kiosk has sent the provider 1 confirm
    And the shopper is charged once, whatever the provider was asked
    And 1 Popcorn has left the stock

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
    Given a paid order of 1 Popcorn
    And the provider refunds and <trouble>
    When the clerk presses Refund
    Then the kiosk shows the order as REFUND_PENDING
    And 1 Popcorn has left the stock
    When <who>
    Then the kiosk shows the order as REFUNDED
    And the kiosk has sent the provider 1 cancel
    And everything is back in stock

    Examples:
      | trouble                           | who                                     |
      | takes too long to say so          | the clerk presses Refund again          |
      | takes too long to say so          | the screen looks at the order           |
      | takes too long to say so          | the clerk asks what became of the order |
      | cuts the connection               | the clerk presses Refund again          |
      | answers 500                       | the clerk presses Refund again          |
      | answers something that is no JSON | the screen looks at the order           |

  Scenario: A refund that never reached the provider is sent again by the next press
    Given a paid order of 1 Popcorn
    And the request to refund is lost on its way
    When the clerk presses Refund
    Then the kiosk shows the order as REFUND_PENDING
    When the screen looks at the order
    Then the kiosk shows the order as REFUND_PENDING
    And 1 Popcorn has left the stock
    When the clerk presses Refund again
    Then the kiosk shows the order as REFUNDED
    And the provider has given the money back
    And everything is back in stock
