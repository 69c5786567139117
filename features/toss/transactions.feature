Feature: Transactions
  A merchant compares its own books with the provider's: every approval and every cancel is a row,
  page by page, in the order in which they came about.

  Scenario: An approval is a row
    Given a shopper who paid 10,000 won
    When the merchant lists the transactions since then
    Then the payment has the rows "DONE 10,000"

  Scenario: Each cancel is a row of its own, with its own amount
    Given a shopper who paid 10,000 won
    And the merchant cancels 3,000 won of the payment
    And the merchant cancels 7,000 won of the payment
    When the merchant lists the transactions since then
    Then the payment has the rows "DONE 10,000, PARTIAL_CANCELED 3,000, PARTIAL_CANCELED 7,000"

  Scenario: What was never charged has no row
    Given a shopper who agreed to pay 10,000 won
    When the merchant lists the transactions since then
    Then the payment has no rows

  Scenario: Pages follow one another without gap or overlap
    Given 5 shoppers who paid 10,000 won each
    When the merchant lists the transactions since then, 2 at a time
    Then every payment is listed once

  Scenario: A slash at the end of the path changes nothing
    Given a shopper who paid 10,000 won
    When the merchant lists the transactions since then, with a slash at the end of the path
    Then the payment has the rows "DONE 10,000"

  @pitfall-15
  Scenario Outline: A query that can't be answered is refused: <what>
    When the merchant lists the transactions with "<what>"
    Then it is refused with 400 "<code>"

    Examples:
      | what                                    | code                    |
      | a first day in words                    | INVALID_ISO_DATE_FORMAT |
      | the last day before the first           | INVALID_DATE            |
      | a first moment in UTC                   | INVALID_DATE            |
      | 5,001 rows a page                       | EXCEED_MAX_QUERY_LIMIT  |
      | 0 rows a page                           | INVALID_REQUEST         |
      | a page behind a row that does not exist | INVALID_PAGING_KEY      |
      | no first day                            | INVALID_REQUEST         |
