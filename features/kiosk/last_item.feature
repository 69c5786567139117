Feature: The last item
  What is sold is there, also when many shoppers want it at the same moment.

  @pitfall-19 @merchant
  Scenario: 20 shoppers want the last keyring
    Given all but "1 Collector's keyring" is sold
    When 20 shoppers order it and press Pay at once
    Then 1 of them bought it
    And the others are refused with 409 "OUT_OF_STOCK"
    And only those who bought it are charged
    And no Collector's keyring is left

  Scenario: 20 shoppers want the last three keyrings
    Given all but "3 Collector's keyring" is sold
    When 20 shoppers order it and press Pay at once
    Then 3 of them bought it
    And the others are refused with 409 "OUT_OF_STOCK"
    And only those who bought it are charged
    And no Collector's keyring is left

  Scenario: What is refunded can be bought by somebody else
    Given all but "1 Collector's keyring" is sold
    And 20 shoppers order it and press Pay at once
    When the one who bought it has it refunded
    And 20 shoppers order it and press Pay at once
    Then 1 of them bought it
    And no Collector's keyring is left

  @pitfall-19 @merchant
  Scenario: What one shopper is paying for cannot be bought by another
    Given a patient kiosk whose line to the provider can break
    And all but "1 Collector's keyring" is sold
    And an order of "1 Collector's keyring"
    And the first press is waiting for the provider
    When another shopper orders "1 Collector's keyring" and presses Pay
    Then it is refused with 409 "OUT_OF_STOCK"
    When the provider answers
    Then the first press shows the order as "PAID"
    And no Collector's keyring is left
