Feature: Authentication
  Every operation asks for the merchant's secret key: HTTP Basic, the key as the user name
  and nothing as the password.

  Scenario Outline: Nobody may <operation> without credentials
    Given a payment of 10,000 won that was "created"
    When somebody with "no credentials" tries to "<operation>"
    Then it is refused with 401 "UNAUTHORIZED_KEY"
    And the answer asks for Basic credentials
    And the payment is "INITIATED"

    Examples:
      | operation           |
      | create a payment    |
      | confirm the payment |
      | cancel the payment  |
      | look the payment up |
      | look the order up   |

  Scenario Outline: Nobody may <operation> with a wrong secret key
    Given a payment of 10,000 won that was "created"
    When somebody with "a wrong secret key" tries to "<operation>"
    Then it is refused with 401 "UNAUTHORIZED_KEY"
    And the answer asks for Basic credentials
    And the payment is "INITIATED"

    Examples:
      | operation           |
      | create a payment    |
      | confirm the payment |
      | cancel the payment  |
      | look the payment up |
      | look the order up   |

  Scenario Outline: Credentials that are nearly right are refused: <credentials>
    Given a payment of 10,000 won that was "created"
    When somebody with "<credentials>" tries to "confirm the payment"
    Then it is refused with 401 "UNAUTHORIZED_KEY"
    And the answer asks for Basic credentials
    And the payment is "INITIATED"

    Examples:
      | credentials                           |
      | an empty secret key                   |
      | the secret key in capitals            |
      | the secret key and one letter more    |
      | the secret key and one letter less    |
      | the secret key and a password         |
      | the secret key as the password        |
      | the secret key without its colon      |
      | the secret key not encoded            |
      | the secret key under the Bearer scheme |
      | the Basic scheme and nothing else     |
      | Base64 that is cut short              |
      | Base64 of bytes that are no text      |

  Scenario: The scheme's name is not case-sensitive
    Given a payment of 10,000 won that was "created"
    When somebody with "the secret key under the basic scheme" tries to "confirm the payment"
    Then the answer shows the payment as "APPROVED"

  Scenario: The key is asked for before the payment is looked at
    Given a shopper about to pay 10,000 won
    When somebody with "a wrong secret key" tries to "look the payment up"
    Then it is refused with 401 "UNAUTHORIZED_KEY"

  Scenario: The key is asked for before the body is looked at
    When somebody with "no credentials" tries to "send a broken body"
    Then it is refused with 401 "UNAUTHORIZED_KEY"
