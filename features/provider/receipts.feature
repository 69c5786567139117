Feature: Receipts
  An approval carries the address of a page that the shopper can read and print, with no secret key.
  The address holds a token that nobody can guess; without it there is no page.

  Scenario: A shopper reads the receipt in Korean
    Given a payment of 11,000 won that was "approved"
    When the shopper opens the receipt, reading "Korean"
    Then a web page in "Korean" comes back
    And the page is headed "영수증"
    And the page shows the total of 11,000 won and its VAT of 1,000 won
    And the page shows the order and the time of the approval

  Scenario: A shopper reads the receipt in English
    Given a payment of 11,000 won that was "approved"
    When the shopper opens the receipt, reading "English"
    Then a web page in "English" comes back
    And the page is headed "Receipt"
    And the page shows the total of 11,000 won and its VAT of 1,000 won
    And the page shows the order and the time of the approval

  Scenario Outline: The receipt of a refund is stamped, for a reader of <language>
    Given a payment of 11,000 won that was "canceled"
    When the shopper opens the receipt, reading "<language>"
    Then a web page in "<language>" comes back
    And the page bears the stamp "<stamp>"

    Examples:
      | language | stamp    |
      | Korean   | 취소     |
      | English  | CANCELED |

  Scenario Outline: The receipt of a standing payment bears no stamp, for a reader of <language>
    Given a payment of 11,000 won that was "approved"
    When the shopper opens the receipt, reading "<language>"
    Then a web page in "<language>" comes back
    And the page does not bear the stamp "<stamp>"

    Examples:
      | language | stamp    |
      | Korean   | 취소     |
      | English  | CANCELED |

  Scenario Outline: A receipt stays shut to somebody with <token>
    Given a payment of 11,000 won that was "approved"
    And a second payment of 5,000 won for another order that was "approved"
    When somebody opens the receipt with "<token>"
    Then a page says that there is no such receipt

    Examples:
      | token                         |
      | no token                      |
      | an empty token                |
      | a wrong token                 |
      | the second payment's token    |
      | the token cut short           |

  Scenario: There is no receipt of a payment nobody made
    Given a shopper about to pay 10,000 won
    When somebody opens the receipt with "a wrong token"
    Then a page says that there is no such receipt

  Scenario: The receipt's address stays the same
    Given a payment of 11,000 won that was "canceled"
    When the merchant looks the payment up
    Then the answer carries the address of the payment's receipt

  Scenario: What a merchant wrote is shown as text, never run
    Given a payment of 11,000 won that was "approved"
    When the merchant cancels the payment because of "<script>alert(1)</script>"
    And the shopper opens the receipt, reading "English"
    Then a web page in "English" comes back
    And the page holds no script of the merchant's
