Feature: Transactions
  A merchant compares its own books with the provider's: every approval and every cancel is a row,
  page by page, in the order in which they came about.

  Scenario: An approval is a row
    Given a sale of 10,000 won
    When the merchant lists the transactions since then
    Then the sale has the rows DONE 10,000

  Scenario: Each cancel is a row of its own, with its own amount
    Given a sale of 10,000 won
    And 3,000 won of it were given back
    And 7,000 won of it were given back
    When the merchant lists the transactions since then
    Then the sale has the rows DONE 10,000, PARTIAL_CANCELED 3,000, CANCELED 7,000

  Scenario: What was never charged has no row
    Given a shopper who chose a card in the window for an order of 10,000 won
    When the merchant lists the transactions since then
    Then the sale has no rows

  Scenario: Pages follow one another without gap or overlap
    Given 5 sales of 10,000 won
    When the merchant lists the transactions since then, 2 at a time
    Then every sale is listed once

  Scenario: A slash at the end of the path changes nothing
    Given a sale of 10,000 won
    When the merchant lists the transactions since then, with a slash at the end of the path
    Then the sale has the rows DONE 10,000

  @pitfall-15
  Scenario Outline: A query that can't be answered is refused: <what>
    When the merchant lists the transactions with <what>
    Then it is refused with 400 <code>

    Examples:
      | what                                                              | code                    |
      | startDate=yesterday&endDate=2024-01-02                            | INVALID_ISO_DATE_FORMAT |
      | startDate=2024-01-02&endDate=2024-01-01                           | INVALID_DATE            |
      | startDate=2024-01-01T00:00:00Z&endDate=2024-01-02                 | INVALID_DATE            |
      | startDate=2024-01-01&endDate=2024-01-02&limit=5001                | EXCEED_MAX_QUERY_LIMIT  |
      | startDate=2024-01-01&endDate=2024-01-02&limit=0                   | INVALID_REQUEST         |
      | startDate=2024-01-01&endDate=2024-01-02&startingAfter=nobody      | INVALID_PAGING_KEY      |
      | endDate=2024-01-02                                                | INVALID_REQUEST         |
