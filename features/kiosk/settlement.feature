Feature: Settling with the sellers
  Some things belong to sellers. A paid order notes what each of them is owed; a run pays out what is due,
  once, less what was refunded.

  Scenario: A paid order makes a record for each of its sellers
    Given "Kim" has paid for "1 Popcorn and 1 Nachos with cheese and 2 Collector's keyring"
    Then "cinema" is owed 6,000 won for the order
    And "nacho-stand" is owed 5,500 won for the order
    And "goods-studio" is owed 24,000 won for the order

  Scenario: An order that is not paid makes no record
    Given "Kim" has ordered "1 Popcorn"
    Then nobody is owed anything

  Scenario: A run pays out what is due
    Given "Kim" has paid for "1 Popcorn and 1 Nachos with cheese"
    And "Lee" has paid for "2 Nachos with cheese"
    When the settlement runs
    Then it pays 6,000 won to "cinema"
    And it pays 16,500 won to "nacho-stand"

  Scenario: What was paid out is not paid out again
    Given "Kim" has paid for "1 Popcorn"
    And the settlement has run
    When the settlement runs
    Then it pays nothing

  Scenario: Runs at the same moment pay out once
    Given "Kim" has paid for "1 Popcorn"
    When the settlement runs 8 times at once
    Then 6,000 won were paid out in all

  Scenario: A refund before the run is taken off
    Given "Kim" has paid for "1 Popcorn"
    And "Lee" has paid for "1 Popcorn"
    And the clerk refunds the order
    When the settlement runs
    Then it pays 6,000 won to "cinema"

  Scenario: A refund after the run is taken off the next one
    Given "Kim" has paid for "1 Nachos with cheese"
    And the settlement has run
    And the clerk refunds the order
    And "Lee" has paid for "2 Nachos with cheese"
    When the settlement runs
    Then it pays 5,500 won to "nacho-stand"

  Scenario: A seller who owes more than was sold waits for better days
    Given "Kim" has paid for "2 Nachos with cheese"
    And the settlement has run
    And the clerk refunds the order
    And "Lee" has paid for "1 Nachos with cheese"
    When the settlement runs
    Then it pays nothing
    And it carries over -5,500 won of "nacho-stand"
    Given "Park" has paid for "3 Nachos with cheese"
    When the settlement runs
    Then it pays 11,000 won to "nacho-stand"

  Scenario: A sale whose refund is not certain waits
    Given "Kim" has paid for "1 Popcorn"
    And the provider refunds and "cuts the connection"
    And the clerk refunds the order
    When the settlement runs
    Then it pays nothing
    When the screen looks at the order
    And the settlement runs
    Then it pays 0 won to "cinema"
