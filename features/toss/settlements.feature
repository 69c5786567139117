Feature: Settlements
  The provider pays out what was sold, less its fee. A sale shows up on the day after it, on the Korean
  calendar; a merchant that settles by hand asks for each payment.

  Scenario: A sale of today is not settled yet
    Given a shopper who paid 10,000 won
    When the merchant lists the settlements of today
    Then the payment is not among them

  Scenario: A merchant asks for a settlement, and may ask again
    Given a shopper who paid 10,000 won
    When the merchant asks for the settlement of the payment
    And the merchant asks for the settlement of the payment
    Then the request is taken

  Scenario: What was never charged can't be settled
    Given a shopper who agreed to pay 10,000 won
    When the merchant asks for the settlement of the payment
    Then it is refused with 404 "NOT_FOUND_PAYMENT"

  Scenario Outline: A query that can't be answered is refused: <what>
    When the merchant lists the settlements with "<what>"
    Then it is refused with 400 "<code>"

    Examples:
      | what                              | code                   |
      | a first day at 25 o'clock         | INVALID_DATE           |
      | the last day before the first     | INVALID_DATE           |
      | 5,001 rows a page                 | EXCEED_MAX_QUERY_LIMIT |
      | page 0                            | INVALID_REQUEST        |
      | a kind of day that does not exist | INVALID_REQUEST        |
      | no last day                       | INVALID_REQUEST        |
