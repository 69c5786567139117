Feature: Promotions
  A shop shows its shoppers what card companies and banks offer. The offers are made up, and the same
  for every merchant.

  Scenario: The offers of card companies
    When the merchant asks for the promotions of cards
    Then there are instant discounts and interest-free months, all of them still to be had

  Scenario: Every offer has the part that its type names
    When the merchant asks for all promotions
    Then every promotion has the part that its type names, and no other
