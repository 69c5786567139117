Feature: The integration guide's own session
  A developer pastes the guide's curl lines, in the guide's order, and gets the guide's answers.
  Only ids (fresh in every run), times and the receipt's host and token differ.

  Scenario: From creation over approval to the refund
    When the developer pastes
      """
      curl -X POST "http://localhost:9090/v1/payments" \
        -H "Authorization: Basic dGVzdF9za19kdW1teTo=" \
        -H "Content-Type: application/json" \
        -d '{
          "paymentKey":"pay_123",
          "orderId":"order_123",
          "amount":10000
        }'
      """
    Then the guide's answer comes back
      """
      { "paymentKey": "pay_123", "orderId": "order_123", "status": "INITIATED" }
      """
    When the developer pastes
      """
      curl -X POST "http://localhost:9090/v1/payments/confirm" \
        -H "Authorization: Basic dGVzdF9za19kdW1teTo=" \
        -H "Content-Type: application/json" \
        -d '{ "paymentKey": "pay_123", "orderId": "order_123", "amount": 10000 }'
      """
    Then the guide's answer comes back
      """
      {
        "paymentKey": "pay_123",
        "orderId": "order_123",
        "method": "CARD",
        "approvedAt": "2024-01-01T12:34:56Z",
        "totalAmount": 10000,
        "status": "APPROVED",
        "receipt": { "url": "https://pay.local/receipts/pay_123" }
      }
      """
    When the developer pastes
      """
      curl -X POST "http://localhost:9090/v1/payments/pay_123/cancel" \
        -H "Authorization: Basic dGVzdF9za19kdW1teTo=" \
        -H "Content-Type: application/json" \
        -d '{ "cancelReason": "USER_REQUEST", "cancelAmount": 10000 }'
      """
    Then the guide's answer comes back
      """
      { "status": "CANCELED", "canceledAt": "2024-01-01T12:40:00Z" }
      """

  Scenario: The states follow the guide: INITIATED, then APPROVED, then CANCELED
    Given a shopper about to pay 10,000 won
    When the merchant creates the payment
    Then the payment is "INITIATED"
    When the merchant confirms the payment
    Then the payment is "APPROVED"
    When the merchant cancels the payment
    Then the payment is "CANCELED"
