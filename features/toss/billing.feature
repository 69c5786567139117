Feature: Billing a customer again and again
  A customer agrees once, in the billing window or by telling the card to the merchant. The merchant
  gets a billing key for it and charges by it, month after month, until the key is deleted.

  Scenario: The window hands an authKey over, and the merchant exchanges it for the billing key
    When the customer agrees in the billing window
    Then the browser goes to the success page with "customerKey and authKey"
    When the merchant exchanges the authKey
    Then the answer is a billing key of the customer for a "카드"
    And the answer consists of "mId, customerKey, authenticatedAt, method, billingKey, card, transfers, cardCompany and cardNumber"

  Scenario: A customer who closes the window leaves no authKey
    When the customer closes the billing window
    Then the browser goes to the fail page with "PAY_PROCESS_CANCELED"

  Scenario: An authKey is good once
    Given the customer agrees in the billing window
    When the merchant exchanges the authKey
    And the merchant exchanges the authKey
    Then it is refused with 400 "INVALID_BILLING_AUTH"

  Scenario: Of many exchanges at once, one gets the billing key
    Given the customer agrees in the billing window
    When the merchant exchanges the authKey 8 times at once
    Then 1 went through, and the others are refused with 400 "INVALID_BILLING_AUTH"

  Scenario: An authKey that nobody was given is unknown
    When the merchant exchanges an authKey that was never given
    Then it is refused with 404 "NOT_FOUND_BILLING"

  Scenario: An authKey is for the customer who agreed
    Given the customer agrees in the billing window
    When the merchant exchanges the authKey for another customer
    Then it is refused with 400 "NOT_MATCHES_CUSTOMER_KEY"
    When the merchant exchanges the authKey
    Then the answer is a billing key of the customer for a "카드"

  Scenario: A billing key charges every month
    Given a billing key of the customer's card
    When the merchant charges 4,900 won by the billing key
    Then the answer shows a payment of type "BILLING" by "카드"
    And the answer shows the payment as "DONE"
    When the merchant charges 4,900 won by the billing key
    Then the answer shows the payment as "DONE"

  Scenario: A bank account can be billed too
    Given the customer agrees in the billing window by "TRANSFER"
    When the merchant exchanges the authKey
    And the merchant charges 4,900 won by the billing key
    Then the answer shows a payment of type "BILLING" by "계좌이체"

  Scenario Outline: A card that ends in <ending> is registered, but its issuer refuses the charge
    Given a billing key of the customer's card that ends in "<ending>"
    When the merchant charges 4,900 won by the billing key
    Then it is refused with <status> "<code>"
    And the payment is "ABORTED"

    Examples:
      | ending | status | code                           |
      | 0104   | 403    | REJECT_CARD_COMPANY            |
      | 0105   | 403    | REJECT_CARD_PAYMENT            |
      | 0106   | 400    | CARD_PROCESSING_ERROR          |
      | 0108   | 400    | EXCEED_MAX_DAILY_PAYMENT_COUNT |

  Scenario Outline: A card that ends in <ending> is not even registered
    When the merchant registers the customer's card that ends in "<ending>"
    Then it is refused with 400 "<code>"

    Examples:
      | ending | code                        |
      | 0101   | INVALID_STOPPED_CARD        |
      | 0102   | INVALID_CARD_LOST_OR_STOLEN |
      | 0103   | INVALID_REJECT_CARD         |

  Scenario: A card of a kind that can't be charged is registered all the same
    Given a billing key of the customer's card "5520221234567890"
    When the merchant charges 4,900 won by the billing key
    Then it is refused with 400 "NOT_SUPPORTED_CARD_TYPE"

  Scenario: A charge is for the customer whose key it is
    Given a billing key of the customer's card
    When the merchant charges 4,900 won of another customer by the billing key
    Then it is refused with 400 "NOT_MATCHES_CUSTOMER_KEY"

  Scenario: An order is charged once
    Given a billing key of the customer's card
    When the merchant charges 4,900 won by the billing key
    And the merchant charges 4,900 won for the same order by the billing key
    Then it is refused with 400 "DUPLICATED_ORDER_ID"

  Scenario: Less than 100 won is no charge for a card
    Given a billing key of the customer's card
    When the merchant charges 99 won by the billing key
    Then it is refused with 400 "BELOW_MINIMUM_AMOUNT"

  Scenario: A deleted billing key charges nothing any more
    Given a billing key of the customer's card
    When the merchant deletes the billing key
    Then the answer is empty
    When the merchant charges 4,900 won by the billing key
    Then it is refused with 400 "ALREADY_REMOVED_BILLING_KEY"
    When the merchant deletes the billing key
    Then it is refused with 400 "ALREADY_REMOVED_BILLING_KEY"

  Scenario: A billing key that was never issued is unknown
    When the merchant charges 4,900 won by a billing key that was never issued
    Then it is refused with 404 "NOT_FOUND_BILLING"

  Scenario: The keys of the payment widget can't bill
    Given the merchant uses the keys of the payment widget
    When the merchant registers the customer's card that ends in "1234"
    Then it is refused with 400 "INVALID_API_KEY"
