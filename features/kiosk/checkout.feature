Feature: Buying at the kiosk
  A cart becomes an order, the order is paid, and only then is it sold.

  Scenario: A shopper buys snacks
    Given a shopper with "2 Popcorn and 1 Cola" in the cart
    When the shopper orders
    Then the order is "OPEN"
    And the order costs 14,500 won
    When the shopper presses Pay
    Then the answer shows the order as "PAID"
    And the provider has charged 14,500 won for the order
    And the order carries the provider's receipt
    And "2 Popcorn and 1 Cola" left the stock

  Scenario: An order that is not paid yet takes nothing
    Given a shopper with "2 Popcorn" in the cart
    When the shopper orders
    Then nothing left the stock
    And nothing is kept for the shopper
    And the provider has charged nothing for the order

  Scenario: The same item twice in a cart is added up
    When a screen sends a cart with "1 Cola, and 2 Cola once more"
    Then the new order costs 7,500 won

  Scenario: More than there is cannot be bought
    Given a shopper with "99 Hot dog" in the cart
    When the shopper orders
    And the shopper presses Pay
    Then it is refused with 409 "OUT_OF_STOCK"
    And the order is "OPEN"
    And the provider has charged nothing for the order

  Scenario Outline: Prices come from the menu, never from the screen: <field>
    When a screen sends an order that also names "<field>"
    Then it is refused with 400 "INVALID_REQUEST", naming "<named>"

    Examples:
      | field               | named         |
      | its own amount      | amount        |
      | a price of an item  | items.0.price |
      | a status            | status        |

  Scenario: A screen cannot name the amount when it pays either
    Given an order of "1 Popcorn"
    When a screen presses Pay and names an amount of 1 won
    Then it is refused with 400 "INVALID_REQUEST", naming "amount"
    And the order is "OPEN"
    And the provider has charged nothing for the order

  Scenario Outline: A cart that makes no sense is refused, with <cart>
    When a screen sends a cart with "<cart>"
    Then it is refused with 400 "INVALID_REQUEST", naming "<named>"

    Examples:
      | cart                          | named            |
      | nothing in it                 | items            |
      | a word for a list             | items            |
      | no list                       | items            |
      | an item that is not sold      | items            |
      | an item without a name        | items.0.id       |
      | an item named by a number     | items.0.id       |
      | Popcorn without a quantity    | items.0.quantity |
      | 0 Popcorn                     | items.0.quantity |
      | -1 Popcorn                    | items.0.quantity |
      | 100 Popcorn                   | items.0.quantity |
      | 1.5 Popcorn                   | items.0.quantity |
      | Popcorn in a quantity of text | items.0.quantity |
      | Popcorn in a quantity of yes  | items.0.quantity |

  Scenario Outline: An order that does not exist cannot be <verb>
    When somebody tries to have "<order>" "<verb>"
    Then it is refused with 404 "NOT_FOUND"

    Examples:
      | verb     | order                                |
      | shown    | 00000000-0000-4000-8000-000000000000 |
      | paid     | 00000000-0000-4000-8000-000000000000 |
      | refunded | 00000000-0000-4000-8000-000000000000 |
      | resolved | 00000000-0000-4000-8000-000000000000 |
      | shown    | not-an-order                         |
      | paid     | not-an-order                         |
