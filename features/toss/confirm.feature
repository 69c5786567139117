Feature: Confirming a payment
  The shopper agrees in the payment window and is sent back to the shop, whose server confirms: the
  order and the amount must be the ones that the shopper saw. Only then is money moved.

  Scenario: A confirmed payment is done
    Given a shopper who agreed to pay 10,000 won
    When the merchant confirms the payment
    Then the answer shows the payment as "DONE"
    And the answer tells
      | totalAmount    | 10,000 |
      | balanceAmount  | 10,000 |
      | suppliedAmount | 9,091  |
      | vat            | 909    |
    And the payment is "DONE"

  Scenario: Older clients confirm by another path
    Given a shopper who agreed to pay 10,000 won
    When the merchant confirms the payment by the older path
    Then the answer shows the payment as "DONE"

  Scenario: The amount may come as text, as the redirect hands it on
    Given a shopper who agreed to pay 10,000 won
    When the merchant confirms the payment with "the amount as text"
    Then the answer shows the payment as "DONE"

  @pitfall-18
  Scenario Outline: Values that are not those of the window are refused, with <changes>
    Given a shopper who agreed to pay 10,000 won
    When the merchant confirms the payment with "<changes>"
    Then it is refused with <status> "<code>"
    And the payment is "IN_PROGRESS"

    Examples:
      | changes                       | status | code                      |
      | another amount                | 403    | FORBIDDEN_REQUEST         |
      | an amount in words            | 400    | INVALID_REQUEST           |
      | an amount of 0                | 400    | BELOW_ZERO_AMOUNT         |
      | another order                 | 403    | FORBIDDEN_REQUEST         |
      | a payment key that nobody has | 404    | NOT_FOUND_PAYMENT_SESSION |

  @pitfall-4
  Scenario: A payment is confirmed once
    Given a shopper who paid 10,000 won
    When the merchant confirms the payment
    Then it is refused with 400 "ALREADY_PROCESSED_PAYMENT"

  @pitfall-17
  Scenario: Of tabs that confirm at the same moment one is approved
    Given a shopper who agreed to pay 10,000 won
    When 8 tabs confirm the payment at once
    Then 1 went through, and the others hear that it did, or is about to
    And the payment is "DONE"

  Scenario: A shopper who still chooses can't be charged
    Given a shopper who has the payment window open for 10,000 won
    When the merchant confirms the payment
    Then it is refused with 400 "INVALID_AUTHORIZE_AUTH"
    And the payment is "READY"

  Scenario Outline: The issuer refuses with <code>, and the payment is aborted
    Given a shopper whose issuer is going to refuse 10,000 won with "<code>"
    When the merchant confirms the payment
    Then it is refused with <status> "<code>"
    And the payment is "ABORTED"

    Examples:
      | status | code                |
      | 403    | REJECT_CARD_COMPANY |
      | 403    | REJECT_CARD_PAYMENT |
      | 400    | INVALID_STOPPED_CARD |

  @pitfall-10
  Scenario Outline: <minutes> minutes are too late for who <what>
    Given a merchant with a clock of its own
    And <shopper>
    When "<minutes> minutes" pass at the provider
    And the merchant confirms the payment
    Then it is refused with 404 "NOT_FOUND_PAYMENT_SESSION"
    And the payment is "EXPIRED"

    Examples:
      | minutes | what          | shopper                                                   |
      | 30      | authenticates | a shopper who has the payment window open for 10,000 won  |
      | 10      | confirms      | a shopper who agreed to pay 10,000 won                    |

  Scenario: Nine minutes are in time
    Given a merchant with a clock of its own
    And a shopper who agreed to pay 10,000 won
    When "9 minutes" pass at the provider
    And the merchant confirms the payment
    Then the answer shows the payment as "DONE"
