Feature: What holds for every call
  Every answer can be traced, pages of other origins may call, and clients that ask a little oddly
  are understood.

  Scenario: An answer can be traced
    Given a shopper who agreed to pay 10,000 won
    When the merchant confirms the payment
    Then the answer has a trace id

  Scenario: A refusal can be traced
    When the merchant looks the payment up
    Then it is refused with 404 "NOT_FOUND_PAYMENT"
    And the answer has a trace id

  Scenario: Even an answer from nowhere can be traced
    When the merchant calls "GET /v1/nothing"
    Then it is refused with 404 "NOT_FOUND"
    And the answer has a trace id

  Scenario: A path that takes other methods
    When the merchant calls "DELETE /v1/transactions"
    Then it is refused with 404 "NOT_FOUND_HTTP_METHOD"
    And the answer has a trace id

  Scenario: A page of another origin asks before it calls
    When a page of "https://shop.example.com" asks whether it may confirm
    Then it may, with "Authorization, Content-Type and Idempotency-Key"

  Scenario Outline: A path that is written a little oddly is understood, with <ending>
    Given a shopper who paid 10,000 won
    When the merchant looks the payment up by a path with "<ending>"
    Then the answer shows the payment as "DONE"

    Examples:
      | ending                              |
      | a slash at its end                  |
      | what a campaign adds to links       |
      | a slash and the time against caches |

  Scenario: A cancel may repeat the payment key in its body
    Given a shopper who paid 10,000 won
    When the merchant cancels the payment with "a payment key and a memo"
    Then the answer shows the payment as "CANCELED"
