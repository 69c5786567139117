Feature: Validation
  A request with a missing or a wrong field is refused before anything happens, and the answer names the field.
  Values in the tables are JSON, so "10000" is a text and 10000 a number.

  Rule: An amount is a whole number of won from 1 to 9,007,199,254,740,991

    Scenario Outline: A payment cannot be created when its amount is <value>
      Given a shopper about to pay 10,000 won
      When the merchant creates the payment, but its amount is <value>
      Then it is refused with 400 INVALID_REQUEST, naming amount
      And the provider knows no such payment

      Examples:
        | value                                    |
        | missing                                  |
        | null                                     |
        | 0                                        |
        | -1                                       |
        | -10000                                   |
        | 10000.0                                  |
        | 10000.5                                  |
        | 1e4                                      |
        | "10000"                                  |
        | ""                                       |
        | true                                     |
        | false                                    |
        | [10000]                                  |
        | {"won": 10000}                           |
        | 9007199254740992                         |
        | 100000000000000000000000000000000000000  |

    Scenario Outline: A payment cannot be confirmed when its amount is <value>
      Given a created payment of 10,000 won
      When the merchant confirms the payment, but its amount is <value>
      Then it is refused with 400 INVALID_REQUEST, naming amount
      And the provider holds the payment as INITIATED

      Examples:
        | value            |
        | missing          |
        | null             |
        | 0                |
        | -10000           |
        | 10000.0          |
        | 10000.5          |
        | "10000"          |
        | true             |
        | [10000]          |
        | 9007199254740992 |

    Scenario Outline: A payment of <amount> won goes all the way
      Given a shopper about to pay <amount> won
      When the merchant creates the payment
      And the merchant confirms the payment
      Then the answer shows the payment as APPROVED
      And the answer shows a total of <amount> won

      Examples:
        | amount                |
        | 1                     |
        | 100                   |
        | 2,147,483,648         |
        | 9,007,199,254,740,991 |

  Rule: A payment key has 1 to 200 characters that need no escaping in an address

    Scenario Outline: A payment cannot be created when its paymentKey is <value>
      Given a shopper about to pay 10,000 won
      When the merchant creates the payment, but its paymentKey is <value>
      Then it is refused with 400 INVALID_REQUEST, naming paymentKey
      And the provider knows no payment of the order

      Examples:
        | value               |
        | missing             |
        | null                |
        | 12345678            |
        | true                |
        | ["pay_123"]         |
        | ""                  |
        | 201 characters long |
        | "pay 123"           |
        | "pay/123"           |
        | "pay?123"           |
        | "pay#123"           |
        | "pay%2F123"         |
        | ".."                |
        | "결제_123"          |

    Scenario Outline: A payment cannot be confirmed when its paymentKey is <value>
      Given a created payment of 10,000 won
      When the merchant confirms the payment, but its paymentKey is <value>
      Then it is refused with 400 INVALID_REQUEST, naming paymentKey
      And the provider holds the payment as INITIATED

      Examples:
        | value               |
        | missing             |
        | null                |
        | 12345678            |
        | ""                  |
        | 201 characters long |

    Scenario Outline: A payment key may have <length>
      Given a shopper about to pay 10,000 won
      And the payment's paymentKey is <length> long
      When the merchant creates the payment
      Then the answer shows the payment as INITIATED
      And the provider holds the payment as INITIATED

      Examples:
        | length         |
        | 1 character    |
        | 199 characters |
        | 200 characters |

  Rule: An order id has 6 to 64 of letters, digits, - and _

    Scenario Outline: A payment cannot be created when its orderId is <value>
      Given a shopper about to pay 10,000 won
      When the merchant creates the payment, but its orderId is <value>
      Then it is refused with 400 INVALID_REQUEST, naming orderId
      And the provider knows no such payment

      Examples:
        | value              |
        | missing            |
        | null               |
        | 12345678           |
        | false              |
        | ["order_123"]      |
        | ""                 |
        | 5 characters long  |
        | 65 characters long |
        | "order 123"        |
        | "order/123"        |
        | "order.123"        |
        | "order_123\\n"     |
        | "주문_123456"      |

    Scenario Outline: A payment cannot be confirmed when its orderId is <value>
      Given a created payment of 10,000 won
      When the merchant confirms the payment, but its orderId is <value>
      Then it is refused with 400 INVALID_REQUEST, naming orderId
      And the provider holds the payment as INITIATED

      Examples:
        | value              |
        | missing            |
        | null               |
        | 12345678           |
        | ""                 |
        | 65 characters long |

    Scenario Outline: An order id may have <length>
      Given a shopper about to pay 10,000 won
      And the payment's orderId is <length> long
      When the merchant creates the payment
      And the merchant looks the order up
      Then the answer shows the payment as INITIATED
      And the answer carries the payment's key and order

      Examples:
        | length        |
        | 6 characters  |
        | 64 characters |

  Rule: A refund gives its reason, in 1 to 200 characters; its amount may be left out

    Scenario Outline: A payment cannot be canceled when the <field> is <value>
      Given an approved payment of 10,000 won
      When the merchant cancels the payment, but its <field> is <value>
      Then it is refused with 400 INVALID_REQUEST, naming <field>
      And the provider holds the payment as APPROVED

      Examples:
        | field        | value               |
        | cancelReason | missing             |
        | cancelReason | null                |
        | cancelReason | 7                   |
        | cancelReason | true                |
        | cancelReason | ["USER_REQUEST"]    |
        | cancelReason | ""                  |
        | cancelReason | 201 characters long |
        | cancelAmount | "10000"             |
        | cancelAmount | 10000.0             |
        | cancelAmount | 9999.5              |
        | cancelAmount | true                |
        | cancelAmount | [10000]             |

    Scenario Outline: A reason may be <length> long
      Given an approved payment of 10,000 won
      When the merchant cancels the payment, and its cancelReason is <length> long
      Then the answer shows the payment as CANCELED

      Examples:
        | length         |
        | 1 character    |
        | 200 characters |

  Rule: All that is wrong is told at once

    Scenario: An empty creation names every field
      When the merchant sends an empty object to create a payment
      Then it is refused with 400 INVALID_REQUEST, naming paymentKey, orderId and amount

    Scenario: An empty confirm names every field
      When the merchant sends an empty object to confirm a payment
      Then it is refused with 400 INVALID_REQUEST, naming paymentKey, orderId and amount

    Scenario: An empty cancellation names the reason
      Given an approved payment of 10,000 won
      When the merchant sends an empty object to cancel the payment
      Then it is refused with 400 INVALID_REQUEST, naming cancelReason
      And the provider holds the payment as APPROVED
