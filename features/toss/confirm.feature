Feature: Confirming a payment
  The shopper agrees in the payment window and is sent back to the shop, whose server confirms: the
  order and the amount must be the ones that the shopper saw. Only then is money moved.

  Scenario: A confirmed payment is done
    Given a shopper who agreed to pay 10,000 won
    When the merchant confirms the order
    Then the answer shows the payment as DONE
    And the answer has {"totalAmount": 10000, "balanceAmount": 10000, "suppliedAmount": 9091, "vat": 909}
    And the merchant finds the payment of the order as DONE

  Scenario: Older clients confirm by another path
    Given a shopper who agreed to pay 10,000 won
    When the merchant confirms the order by the older path
    Then the answer shows the payment as DONE

  Scenario: The amount may come as text, as the redirect hands it on
    Given a shopper who agreed to pay 10,000 won
    When the merchant confirms the order with {"amount": "10000"}
    Then the answer shows the payment as DONE

  Scenario Outline: Values that are not those of the window are refused: <changes>
    Given a shopper who agreed to pay 10,000 won
    When the merchant confirms the order with <changes>
    Then it is refused with <status> <code>
    And the merchant finds the payment of the order as IN_PROGRESS

    Examples:
      | changes                     | status | code                      |
      | {"amount": 9999}            | 403    | FORBIDDEN_REQUEST         |
      | {"amount": "ten"}           | 400    | INVALID_REQUEST           |
      | {"amount": 0}               | 400    | BELOW_ZERO_AMOUNT         |
      | {"orderId": "another_one"}  | 403    | FORBIDDEN_REQUEST         |
      | {"paymentKey": "unknown"}   | 404    | NOT_FOUND_PAYMENT_SESSION |

  @pitfall-4
  Scenario: A payment is confirmed once
    Given a shopper who paid 10,000 won
    When the merchant confirms the order
    Then it is refused with 400 ALREADY_PROCESSED_PAYMENT

  @pitfall-17
  Scenario: Of tabs that confirm at the same moment one is approved
    Given a shopper who agreed to pay 10,000 won
    When 8 tabs confirm the order at once
    Then one of them confirms it and the others are refused with 400 ALREADY_PROCESSED_PAYMENT
    And the merchant finds the payment of the order as DONE

  Scenario: A shopper who still chooses can't be charged
    Given a shopper who has the payment window open for 10,000 won
    When the merchant confirms the order
    Then it is refused with 400 INVALID_AUTHORIZE_AUTH
    And the merchant finds the payment of the order as READY

  Scenario Outline: The issuer refuses with <code>, and the payment is aborted
    Given a shopper whose issuer is going to refuse 10,000 won with <code>
    When the merchant confirms the order
    Then it is refused with <status> <code>
    And the merchant finds the payment of the order as ABORTED

    Examples:
      | status | code                |
      | 403    | REJECT_CARD_COMPANY |
      | 403    | REJECT_CARD_PAYMENT |
      | 400    | INVALID_STOPPED_CARD |

  @pitfall-10
  Scenario Outline: <minutes> minutes are too late for who <what>
    Given a merchant with a clock of its own
    And <shopper>
    When <minutes> minutes pass
    And the merchant confirms the order
    Then it is refused with 404 NOT_FOUND_PAYMENT_SESSION
    And the merchant finds the payment of the order as EXPIRED

    Examples:
      | minutes | what          | shopper                                                   |
      | 30      | authenticates | a shopper who has the payment window open for 10,000 won  |
      | 10      | confirms      | a shopper who agreed to pay 10,000 won                    |

  Scenario: Nine minutes are in time
    Given a merchant with a clock of its own
    And a shopper who agreed to pay 10,000 won
    When 9 minutes pass
    And the merchant confirms the order
    Then the answer shows the payment as DONE
