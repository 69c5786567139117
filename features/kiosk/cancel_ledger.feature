Feature: The cancel ledger
  A shopper cancels by name: who bought, and what the order is called. When the provider has canceled, the
  payment leaves the payments and its record stands in the ledger, both at once.

  Scenario: A payment is canceled by buyer and order name
    Given "Kim" has paid for "1 Popcorn"
    When "Kim" cancels "popcorn-팝콘" because of "It was cold"
    Then the answer shows the order as "REFUNDED"
    And the payment is "CANCELED"
    And the ledger says that 6,000 won went back because of "It was cold", and when
    And no payment is left in the payments

  Scenario: Another buyer's payment is not touched
    Given "Lee" has paid for "1 Popcorn"
    And "Kim" has paid for "1 Popcorn"
    When "Kim" cancels "popcorn-팝콘" because of "It was cold"
    Then the answer shows the order as "REFUNDED"
    And the order of "Lee" is "PAID"
    And 1 payment is left in the payments

  Scenario: What means two payments is refused
    Given "Kim" has paid for "1 Popcorn"
    And "Kim" has paid for "1 Popcorn"
    When "Kim" cancels "popcorn-팝콘" because of "It was cold"
    Then it is refused with 409 "AMBIGUOUS_PAYMENT"
    And the order is "PAID"
    And the ledger is empty
    And the provider was sent 0 "cancel"

  Scenario Outline: What means no payment is refused: <buyer>, <name>
    Given "Kim" has paid for "1 Popcorn"
    When "<buyer>" cancels "<name>" because of "It was cold"
    Then it is refused with 404 "PAYMENT_NOT_FOUND"
    And the provider was sent 0 "cancel"

    Examples:
      | buyer | name        |
      | Lee   | popcorn-팝콘  |
      | Kim   | cola-콜라     |
      | Kim   | popcorn     |

  Scenario: An order that is not paid has no payment to cancel
    Given "Kim" has ordered "1 Popcorn"
    When "Kim" cancels "popcorn-팝콘" because of "It was cold"
    Then it is refused with 404 "PAYMENT_NOT_FOUND"

  Scenario: The same payment is not canceled twice
    Given "Kim" has paid for "1 Popcorn"
    When "Kim" cancels "popcorn-팝콘" because of "It was cold"
    And "Kim" cancels "popcorn-팝콘" because of "Again"
    Then it is refused with 404 "PAYMENT_NOT_FOUND"
    And the ledger says that 6,000 won went back because of "It was cold", and when

  Scenario: As long as the outcome of a cancel is unknown, the payment stays
    Given "Kim" has paid for "1 Popcorn"
    And the provider refunds and "cuts the connection"
    When "Kim" cancels "popcorn-팝콘" because of "It was cold"
    Then the answer shows the order as "REFUND_PENDING"
    And 1 payment is left in the payments
    And the ledger is empty
    When "Kim" cancels "popcorn-팝콘" because of "It was cold"
    Then the answer shows the order as "REFUNDED"
    And no payment is left in the payments
    And the provider was sent 1 "cancel"

  Scenario: A cancel that the provider refuses leaves the payment where it is
    Given "Kim" has paid for "1 Popcorn"
    And the provider will refuse the next refund
    When "Kim" cancels "popcorn-팝콘" because of "It was cold"
    Then it is refused with 409 "REFUND_REFUSED"
    And 1 payment is left in the payments
    And the ledger is empty
