Feature: Paying with a card that the merchant keys in
  A shopper reads a card out, over the phone or at a desk. The merchant types it in and the card is
  charged at once: there is no payment window and no confirm.

  Scenario: The card is charged at once
    When the merchant keys in a card for an order of 10,000 won
    Then the answer shows the payment as "DONE"
    And the answer shows a payment of type "NORMAL" by "카드"
    And the answer hides the card's number as "53651012****123*"
    And the payment is "DONE"

  Scenario Outline: Details that no valid card has are refused: <field> <value>
    When the merchant keys in a card whose "<field>" is "<value>" for an order of 10,000 won
    Then it is refused with 400 "<code>"
    And there is no payment of the order

    Examples:
      | field                  | value               | code                                 |
      | cardNumber             | 536510              | INVALID_CARD_NUMBER                  |
      | cardNumber             | 5365-1012-3412-1234 | INVALID_CARD_NUMBER                  |
      | cardExpirationYear     | 20                  | INVALID_CARD_EXPIRATION              |
      | cardExpirationMonth    | 13                  | INVALID_CARD_EXPIRATION              |
      | customerIdentityNumber | 880230              | INVALID_BIRTH_DAY_FORMAT             |
      | customerIdentityNumber | 1248100999          | INVALID_CARD_IDENTITY                |
      | customerIdentityNumber | 991231              | INVALID_CARD_IDENTITY                |
      | cardPassword           | 123                 | INVALID_CARD_PASSWORD                |
      | cardPassword           | 99                  | INVALID_CARD_PASSWORD                |
      | customerEmail          | nobody              | INVALID_EMAIL                        |
      | cardInstallmentPlan    | 13                  | EXCEED_MAX_CARD_INSTALLMENT_PLAN     |
      | cardInstallmentPlan    | 3                   | NOT_ALLOWED_INSTALLMENT_BELOW_AMOUNT |

  Scenario Outline: A card whose number ends in <ending> is refused by its issuer
    When the merchant keys in a card that ends in "<ending>" for an order of 10,000 won
    Then it is refused with <status> "<code>"
    And the payment is "ABORTED"

    Examples:
      | ending | status | code                           |
      | 0101   | 400    | INVALID_STOPPED_CARD           |
      | 0102   | 400    | INVALID_CARD_LOST_OR_STOLEN    |
      | 0103   | 400    | INVALID_REJECT_CARD            |
      | 0104   | 403    | REJECT_CARD_COMPANY            |
      | 0105   | 403    | REJECT_CARD_PAYMENT            |
      | 0106   | 400    | CARD_PROCESSING_ERROR          |
      | 0107   | 400    | INVALID_CARD                   |
      | 0108   | 400    | EXCEED_MAX_DAILY_PAYMENT_COUNT |

  Scenario: A card with a limit pays no more than that
    When the merchant keys in a card that ends in "0109" for an order of 100,001 won
    Then it is refused with 400 "EXCEED_MAX_PAYMENT_AMOUNT"

  Scenario: An order is paid once
    Given a card was keyed in for an order of 10,000 won
    When the merchant keys in a card for the same order
    Then it is refused with 400 "DUPLICATED_ORDER_ID"

  Scenario: An order whose card was refused can be paid with another one
    Given a card that ends in "0105" was keyed in for an order of 10,000 won
    When the merchant keys in a card for the same order
    Then the answer shows the payment as "DONE"

  Scenario: The keys of the payment widget can't key cards in
    Given the merchant uses the keys of the payment widget
    When the merchant keys in a card for an order of 10,000 won
    Then it is refused with 400 "INVALID_API_KEY"
