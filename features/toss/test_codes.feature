Feature: Asking for errors
  A merchant's tests ask for an error that is hard to come by: the header TossPayments-Test-Code
  names it, and nothing else is looked at.

  Scenario Outline: <code> is answered on request
    Given a shopper who agreed to pay 10,000 won
    And the merchant asks for the error "<code>"
    When the merchant confirms the payment
    Then it is refused with <status> "<code>"
    And the payment is "IN_PROGRESS"

    Examples:
      | code                                      | status |
      | REJECT_CARD_PAYMENT                       | 403    |
      | ALREADY_PROCESSED_PAYMENT                 | 400    |
      | UNAUTHORIZED_KEY                          | 401    |
      | NOT_FOUND_PAYMENT_SESSION                 | 404    |
      | IDEMPOTENT_REQUEST_PROCESSING             | 409    |
      | TOO_MANY_REQUESTS                         | 429    |
      | FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING | 500    |

  Scenario: The header is judged before the body
    Given the merchant asks for the error "PROVIDER_ERROR"
    When the merchant confirms the payment with "no amount and no payment key"
    Then it is refused with 400 "PROVIDER_ERROR"

  Scenario: Look-ups take the header too
    Given a shopper who paid 10,000 won
    And the merchant asks for the error "FORBIDDEN_CONSECUTIVE_REQUEST"
    When the merchant looks the payment up
    Then it is refused with 403 "FORBIDDEN_CONSECUTIVE_REQUEST"

  Scenario: A code that does not exist is refused
    Given a shopper who agreed to pay 10,000 won
    And the merchant asks for the error "NO_SUCH_CODE"
    When the merchant confirms the payment
    Then it is refused with 400 "INVALID_TEST_CODE"
