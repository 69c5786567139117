Feature: The provider fails where a test wants it to

  @pitfall-13 @pitfall-19
  Scenario Outline: Only the cancel fails, after a good confirm
    Given a sandbox on the "<contract>" contract
    And a payment that waits for its confirm
    And every "cancel" fails with <status> "<code>"
    When the merchant confirms the payment
    Then the answer shows the payment as "<approved>"
    When the merchant cancels the payment
    Then it is refused with <status> "<code>"
    And the payment is "<approved>"

    Examples:
      | contract | status | code                              | approved |
      | kiosk    | 500    | INTERNAL_ERROR                    | APPROVED |
      | toss     | 500    | FAILED_INTERNAL_SYSTEM_PROCESSING | DONE     |

  @pitfall-22
  Scenario Outline: A success that lies is contradicted by the look-up
    Given a sandbox on the "<contract>" contract
    And a payment that waits for its confirm
    And the answer to the next "confirm" lies that the payment is "SOMETHING_NEW"
    When the merchant confirms the payment
    Then the answer shows the payment as "SOMETHING_NEW"
    And the payment is "<approved>"

    Examples:
      | contract | approved |
      | kiosk    | APPROVED |
      | toss     | DONE     |

  @pitfall-16
  Scenario Outline: The n-th call alone fails
    Given a sandbox on the "<contract>" contract
    And a payment that is approved
    And "look-up" number 3 fails with 503 "MAINTENANCE"
    When the merchant looks the payment up 4 times
    Then the answers are "200, 200, 503 and 200"

    Examples:
      | contract |
      | kiosk    |
      | toss     |

  @pitfall-16
  Scenario Outline: A burst of failures ends by itself
    Given a sandbox on the "<contract>" contract
    And a payment that is approved
    And the next 2 "look-up" calls fail with 429 "TOO_MANY_REQUESTS"
    When the merchant looks the payment up 4 times
    Then the answers are "429, 429, 200 and 200"

    Examples:
      | contract |
      | kiosk    |
      | toss     |

  @pitfall-16
  Scenario Outline: Maintenance answers every call in HTML, until it is over
    Given a sandbox on the "<contract>" contract
    And a payment that is approved
    And the provider is under maintenance
    When the merchant looks the payment up 2 times
    And the merchant cancels the payment
    Then the answers are "503, 503 and 503"
    And the latest answer is the page of the maintenance
    When the maintenance is over
    And the merchant cancels the payment
    Then the answer shows the payment as "CANCELED"
    And the payment was canceled once

    Examples:
      | contract |
      | kiosk    |
      | toss     |

  @pitfall-16
  Scenario Outline: A window of maintenance opens and closes by the sandbox's clock
    Given a sandbox on the "<contract>" contract
    And a payment that is approved
    And an hour of maintenance that begins in an hour
    When the merchant looks the payment up 1 times
    And "1 hour" pass at the provider
    And the merchant looks the payment up 2 times
    And "1 hour" pass at the provider
    And the merchant looks the payment up 1 times
    Then the answers are "200, 503, 503 and 200"

    Examples:
      | contract |
      | kiosk    |
      | toss     |

  Scenario Outline: A fault for one order leaves the others alone
    Given a sandbox on the "<contract>" contract
    And a payment that waits for its confirm
    And every "confirm" of another order fails with 503 "MAINTENANCE"
    When the merchant confirms the payment
    Then the answer shows the payment as "<approved>"

    Examples:
      | contract | approved |
      | kiosk    | APPROVED |
      | toss     | DONE     |

  Scenario Outline: A fault of one sandbox is nobody else's
    Given another sandbox on the "<contract>" contract in which every call fails
    And a sandbox on the "<contract>" contract
    And a payment that waits for its confirm
    When the merchant confirms the payment
    Then the answer shows the payment as "<approved>"

    Examples:
      | contract | approved |
      | kiosk    | APPROVED |
      | toss     | DONE     |
