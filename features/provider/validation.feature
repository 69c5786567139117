Feature: Validation
  A request with a missing or a wrong field is refused before anything happens, and the answer names the field.
  A number in the tables goes out as it is written there; what else it may be is said in words.

  Rule: An amount is a whole number of won from 1 to 9,007,199,254,740,991

    Scenario Outline: A payment cannot be created when its amount is <value>
      Given a shopper about to pay 10,000 won
      When the merchant creates the payment, but its "amount" is "<value>"
      Then it is refused with 400 "INVALID_REQUEST", naming "amount"
      And there is no such payment

      Examples:
        | value                                              |
        | missing                                            |
        | nothing                                            |
        | the number 0                                       |
        | the number -1                                      |
        | the number -10000                                  |
        | the number 10000.0                                 |
        | the number 10000.5                                 |
        | the number 1e4                                     |
        | the text 10000                                     |
        | an empty text                                      |
        | true                                               |
        | false                                              |
        | a list of 10000                                    |
        | an object                                          |
        | the number 9007199254740992                        |
        | the number 100000000000000000000000000000000000000 |

    Scenario Outline: A payment cannot be confirmed when its amount is <value>
      Given a payment of 10,000 won that was "created"
      When the merchant confirms the payment, but its "amount" is "<value>"
      Then it is refused with 400 "INVALID_REQUEST", naming "amount"
      And the payment is "INITIATED"

      Examples:
        | value                       |
        | missing                     |
        | nothing                     |
        | the number 0                |
        | the number -10000           |
        | the number 10000.0          |
        | the number 10000.5          |
        | the text 10000              |
        | true                        |
        | a list of 10000             |
        | the number 9007199254740992 |

    Scenario Outline: A payment of <amount> won goes all the way
      Given a shopper about to pay <amount> won
      When the merchant creates the payment
      And the merchant confirms the payment
      Then the answer shows the payment as "APPROVED"
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
      When the merchant creates the payment, but its "paymentKey" is "<value>"
      Then it is refused with 400 "INVALID_REQUEST", naming "paymentKey"
      And there is no payment of the order

      Examples:
        | value                      |
        | missing                    |
        | nothing                    |
        | the number 12345678        |
        | true                       |
        | a list of the text pay_123 |
        | an empty text              |
        | 201 characters long        |
        | the text pay 123           |
        | the text pay/123           |
        | the text pay?123           |
        | the text pay#123           |
        | the text pay%2F123         |
        | the text ..                |
        | the text 결제_123          |

    Scenario Outline: A payment cannot be confirmed when its paymentKey is <value>
      Given a payment of 10,000 won that was "created"
      When the merchant confirms the payment, but its "paymentKey" is "<value>"
      Then it is refused with 400 "INVALID_REQUEST", naming "paymentKey"
      And the payment is "INITIATED"

      Examples:
        | value               |
        | missing             |
        | nothing             |
        | the number 12345678 |
        | an empty text       |
        | 201 characters long |

    Scenario Outline: A payment key may have <length>
      Given a shopper about to pay 10,000 won
      And the payment's "paymentKey" is "<length>" long
      When the merchant creates the payment
      Then the answer shows the payment as "INITIATED"
      And the payment is "INITIATED"

      Examples:
        | length         |
        | 1 character    |
        | 199 characters |
        | 200 characters |

  Rule: An order id has 6 to 64 of letters, digits, - and _

    Scenario Outline: A payment cannot be created when its orderId is <value>
      Given a shopper about to pay 10,000 won
      When the merchant creates the payment, but its "orderId" is "<value>"
      Then it is refused with 400 "INVALID_REQUEST", naming "orderId"
      And there is no such payment

      Examples:
        | value                               |
        | missing                             |
        | nothing                             |
        | the number 12345678                 |
        | false                               |
        | a list of the text order_123        |
        | an empty text                       |
        | 5 characters long                   |
        | 65 characters long                  |
        | the text order 123                  |
        | the text order/123                  |
        | the text order.123                  |
        | the text order_123 and a line break |
        | the text 주문_123456                |

    Scenario Outline: A payment cannot be confirmed when its orderId is <value>
      Given a payment of 10,000 won that was "created"
      When the merchant confirms the payment, but its "orderId" is "<value>"
      Then it is refused with 400 "INVALID_REQUEST", naming "orderId"
      And the payment is "INITIATED"

      Examples:
        | value               |
        | missing             |
        | nothing             |
        | the number 12345678 |
        | an empty text       |
        | 65 characters long  |

    Scenario Outline: An order id may have <length>
      Given a shopper about to pay 10,000 won
      And the payment's "orderId" is "<length>" long
      When the merchant creates the payment
      And the merchant looks the order up
      Then the answer shows the payment as "INITIATED"
      And the answer carries the payment's key and order

      Examples:
        | length        |
        | 6 characters  |
        | 64 characters |

  Rule: A refund gives its reason, in 1 to 200 characters; its amount may be left out

    Scenario Outline: A payment cannot be canceled when the <field> is <value>
      Given a payment of 10,000 won that was "approved"
      When the merchant cancels the payment, but its "<field>" is "<value>"
      Then it is refused with 400 "INVALID_REQUEST", naming "<field>"
      And the payment is "APPROVED"

      Examples:
        | field        | value                           |
        | cancelReason | missing                         |
        | cancelReason | nothing                         |
        | cancelReason | the number 7                    |
        | cancelReason | true                            |
        | cancelReason | a list of the text USER_REQUEST |
        | cancelReason | an empty text                   |
        | cancelReason | 201 characters long             |
        | cancelAmount | the text 10000                  |
        | cancelAmount | the number 10000.0              |
        | cancelAmount | the number 9999.5               |
        | cancelAmount | true                            |
        | cancelAmount | a list of 10000                 |

    Scenario Outline: A reason may be <length> long
      Given a payment of 10,000 won that was "approved"
      When the merchant cancels the payment, but its "cancelReason" is "<length> long"
      Then the answer shows the payment as "CANCELED"

      Examples:
        | length         |
        | 1 character    |
        | 200 characters |

  Rule: All that is wrong is told at once

    Scenario: An empty creation names every field
      When the merchant sends "an empty object" to "create" a payment
      Then it is refused with 400 "INVALID_REQUEST", naming "paymentKey, orderId and amount"

    Scenario: An empty confirm names every field
      When the merchant sends "an empty object" to "confirm" a payment
      Then it is refused with 400 "INVALID_REQUEST", naming "paymentKey, orderId and amount"

    Scenario: An empty cancellation names the reason
      Given a payment of 10,000 won that was "approved"
      When the merchant sends "an empty object" to "cancel" a payment
      Then it is refused with 400 "INVALID_REQUEST", naming "cancelReason"
      And the payment is "APPROVED"
