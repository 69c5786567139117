Feature: Idempotency keys
  A request that was sent and never answered may be sent again with the same Idempotency-Key: what
  happened the first time is what is answered, and nothing happens twice.

  Scenario: The first answer is the answer
    Given a shopper who agreed to pay 10,000 won
    And the merchant sends an idempotency key
    When the merchant confirms the payment
    And the merchant confirms the payment once more
    Then both answers are the same, and show the payment as "DONE"

  @pitfall-3 @pitfall-23
  Scenario: An error is an answer too
    Given a shopper who agreed to pay 10,000 won
    And the merchant sends an idempotency key
    When the merchant confirms the payment with "another amount"
    And the merchant confirms the payment
    Then it is refused with 403 "FORBIDDEN_REQUEST"

  @pitfall-3
  Scenario: Another order under the same key gets the first order's answer, and is not paid
    Given a shopper who agreed to pay 10,000 won
    And another shopper who agreed to pay 4,000 won
    And the merchant sends an idempotency key
    When the merchant confirms the payment
    And the merchant confirms the other order under the same key
    Then both answers are the same, and show the payment as "DONE"
    And the other shopper's payment is "IN_PROGRESS"

  @pitfall-3
  Scenario: A body that differs makes no difference
    Given a shopper who paid 10,000 won
    And the merchant sends an idempotency key
    When the merchant cancels 1,000 won of the payment
    And the merchant cancels 2,000 won of the payment
    Then the answer lists the cancels "1,000"

  Scenario: Without a key everything happens again
    Given a shopper who paid 10,000 won
    When the merchant cancels 1,000 won of the payment
    And the merchant cancels 1,000 won of the payment
    Then the answer lists the cancels "1,000 and 1,000"

  Scenario: The same key is another one on another path
    Given a shopper who agreed to pay 10,000 won
    And the merchant sends an idempotency key
    When the merchant confirms the payment
    And the merchant cancels the payment
    Then the answer shows the payment as "CANCELED"

  Scenario: Look-ups don't know of keys
    Given a shopper who agreed to pay 10,000 won
    And the merchant sends an idempotency key
    When the merchant looks the payment up
    And the merchant confirms the payment
    And the merchant looks the payment up
    Then the answer shows the payment as "DONE"

  Scenario: A key has 300 characters at most
    Given a shopper who agreed to pay 10,000 won
    And the merchant sends a key of 301 characters
    When the merchant confirms the payment
    Then it is refused with 400 "INVALID_IDEMPOTENCY_KEY"

  Scenario: 32 requests at once with one key
    Given a shopper who paid 10,000 won
    And the merchant sends an idempotency key
    When 32 tills cancel 100 won of the payment at once
    Then each of them hears of the one cancel, or 409 "IDEMPOTENT_REQUEST_PROCESSING"
    And the payment has the cancels "100"

  Scenario: A key is good for 15 days
    Given a merchant with a clock of its own
    And a shopper who agreed to pay 10,000 won
    And the merchant sends an idempotency key
    When the merchant confirms the payment
    And "21600 minutes" pass at the provider
    And the merchant confirms the payment
    Then it is refused with 400 "ALREADY_PROCESSED_PAYMENT"
