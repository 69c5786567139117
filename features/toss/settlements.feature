Feature: Settlements
  The provider pays out what was sold, less its fee. A sale shows up on the day after it, on the Korean
  calendar; a merchant that settles by hand asks for each payment.

  Scenario: A sale of today is not settled yet
    Given a sale of 10,000 won
    When the merchant lists the settlements of today
    Then the sale is not among them

  Scenario: A merchant asks for a settlement, and may ask again
    Given a sale of 10,000 won
    When the merchant asks for the settlement of the sale
    And the merchant asks for the settlement of the sale
    Then the request is taken

  Scenario: What was never charged can't be settled
    Given a shopper who chose a card in the window for an order of 10,000 won
    When the merchant asks for the settlement of the sale
    Then it is refused with 404 NOT_FOUND_PAYMENT

  Scenario Outline: A query that can't be answered is refused: <what>
    When the merchant lists the settlements with <what>
    Then it is refused with 400 <code>

    Examples:
      | what                                                     | code                   |
      | startDate=2024-01-01T00:00:00&endDate=2024-01-02         | INVALID_DATE           |
      | startDate=2024-01-02&endDate=2024-01-01                  | INVALID_DATE           |
      | startDate=2024-01-01&endDate=2024-01-02&size=5001        | EXCEED_MAX_QUERY_LIMIT |
      | startDate=2024-01-01&endDate=2024-01-02&page=0           | INVALID_REQUEST        |
      | startDate=2024-01-01&endDate=2024-01-02&dateType=someday | INVALID_REQUEST        |
      | startDate=2024-01-01                                     | INVALID_REQUEST        |
