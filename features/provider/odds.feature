Feature: Requests that do not fit
  Whatever reaches the provider, the answer is JSON with a code and a message.

  Scenario Outline: A wrong path: <path>
    Given a payment of 10,000 won that was "created"
    When the merchant calls "<method> <path>"
    Then it is refused with 404 "NOT_FOUND"

    Examples:
      | method | path                                  |
      | GET    | /                                     |
      | GET    | /v3                                   |
      | GET    | /v1/nowhere                           |
      | POST   | /v2/payments                          |
      | POST   | /v1/paymentz                          |
      | GET    | /v1/payments/{paymentKey}/nowhere     |
      | GET    | /v1/payments/orders/{orderId}/nowhere |
      | GET    | /v1/payments/%00                      |
      | GET    | /v1/payments/orders/%F0%9F%8D%94      |

  Scenario Outline: A wrong method: <method> <path>
    Given a payment of 10,000 won that was "created"
    When the merchant calls "<method> <path>"
    Then it is refused with 405 "METHOD_NOT_ALLOWED"
    And the answer allows "<allowed>"

    Examples:
      | method | path                              | allowed |
      | GET    | /v1/payments                      | POST    |
      | PUT    | /v1/payments                      | POST    |
      | DELETE | /v1/payments                      | POST    |
      | PATCH  | /v1/payments/confirm              | POST    |
      | GET    | /v1/payments/{paymentKey}/cancel  | POST    |
      | POST   | /v1/payments/{paymentKey}         | GET     |
      | DELETE | /v1/payments/{paymentKey}         | GET     |
      | POST   | /v1/payments/orders/{orderId}     | GET     |
      | OPTIONS | /v1/payments                     | POST    |

  Scenario Outline: A body that cannot be read: <body>
    When the merchant sends "<body>" to "create" a payment
    Then it is refused with 400 "INVALID_REQUEST"

    Examples:
      | body                      |
      | broken JSON               |
      | no body                   |
      | white space               |
      | two objects               |
      | a trailing comma          |
      | the number NaN            |
      | bytes that are no UTF-8   |
      | 5,000 arrays in one other |

  Scenario Outline: A body that is JSON but no object: <body>
    When the merchant sends "<body>" to "<operation>" a payment
    Then it is refused with 400 "INVALID_REQUEST"

    Examples:
      | body      | operation |
      | a list    | create    |
      | a text    | create    |
      | a number  | create    |
      | null      | create    |
      | true      | create    |
      | a list    | confirm   |
      | a number  | confirm   |
      | a list    | cancel    |
      | a text    | cancel    |

  Scenario Outline: A body that does not say it is JSON: <content type>
    Given a shopper about to pay 10,000 won
    When the merchant creates the payment with a body marked as "<content type>"
    Then it is refused with 415 "UNSUPPORTED_MEDIA_TYPE"
    And there is no such payment

    Examples:
      | content type                      |
      | text/plain                        |
      | text/html                         |
      | application/x-www-form-urlencoded |
      | multipart/form-data               |
      | application/octet-stream          |

  Scenario Outline: A body that says it is JSON in other words: <content type>
    Given a shopper about to pay 10,000 won
    When the merchant creates the payment with a body marked as "<content type>"
    Then the answer shows the payment as "INITIATED"

    Examples:
      | content type                    |
      | application/json; charset=utf-8 |
      | Application/JSON                |

  Scenario: A body of 64 KiB is still read
    Given a shopper about to pay 10,000 won
    When the merchant creates the payment with a body of 65,536 bytes
    Then the answer shows the payment as "INITIATED"

  Scenario Outline: A body over 64 KiB is refused: <size> bytes
    Given a shopper about to pay 10,000 won
    When the merchant creates the payment with a body of <size> bytes
    Then it is refused with 413 "PAYLOAD_TOO_LARGE"
    And there is no such payment

    Examples:
      | size      |
      | 65,537    |
      | 1,000,000 |

  Scenario: A body over 64 KiB that does not tell its length is refused too
    Given a shopper about to pay 10,000 won
    When the merchant creates the payment with a body of 70,000 bytes in chunks
    Then it is refused with 413 "PAYLOAD_TOO_LARGE"
    And there is no such payment
