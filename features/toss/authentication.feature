Feature: Who may call
  Every operation asks for the secret key of a merchant: HTTP Basic, the key as the user name and
  nothing as the password. A payment belongs to the pair of keys that it was begun with.

  Scenario Outline: <credentials> is refused
    Given the merchant sends the credentials "<credentials>"
    When the merchant lists transactions
    Then it is refused with <status> "<code>"

    Examples:
      | credentials                        | status | code                        |
      | no credentials                     | 401    | UNAUTHORIZED_KEY            |
      | a wrong secret key                 | 401    | UNAUTHORIZED_KEY            |
      | the secret key without its colon   | 403    | INCORRECT_BASIC_AUTH_FORMAT |
      | the secret key not encoded         | 403    | INCORRECT_BASIC_AUTH_FORMAT |
      | the secret key under the Bearer scheme | 403 | INCORRECT_BASIC_AUTH_FORMAT |
      | the secret key and a password      | 403    | INCORRECT_BASIC_AUTH_FORMAT |

  Scenario: A client key opens windows and calls nothing
    Given the merchant uses its client key
    When the merchant lists transactions
    Then it is refused with 400 "INVALID_API_KEY"

  Scenario: The scheme may be written in lower case
    Given the merchant sends the credentials "the secret key under the basic scheme"
    And a shopper who agreed to pay 10,000 won
    When the merchant confirms the payment
    Then the answer shows the payment as "DONE"

  Scenario: The other pair's secret key does not confirm
    Given a shopper who agreed to pay 10,000 won
    And the merchant uses the keys of the payment widget
    When the merchant confirms the payment
    Then it is refused with 400 "INVALID_API_KEY"

  Scenario: The documentation's keys pay as they are
    Given the merchant uses the keys of the documentation
    And a shopper at the documentation's shop who agreed to pay 10,000 won
    When the merchant confirms the payment
    Then the answer shows the payment as "DONE"
    And the answer tells
      | mId     | tosspayments |
      | version | 2022-11-16   |
