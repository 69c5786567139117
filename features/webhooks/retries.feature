Feature: Webhooks that the merchant does not take
  Anything but 200 within ten seconds is a failure. A webhook then comes again after 1, 4, 16, 64, 256, 1024
  and 4096 minutes, on the sandbox's own clock, so that no test waits for it.

  @pitfall-6
  Scenario Outline: Retry <retry> comes <minutes> minutes after the attempt before it
    Given a merchant who answers webhooks with "500"
    And a shopper who paid 10,000 won
    And "<passed> minutes" pass at the provider
    When "<almost> minutes" pass at the provider
    Then <retry> attempts were made
    When "1 minutes" pass at the provider
    Then 1 more attempt was made, with the retry count <retry>

    Examples:
      | retry | minutes | passed | almost |
      | 1     | 1       | 0      | 0      |
      | 2     | 4       | 1      | 3      |
      | 3     | 16      | 5      | 15     |
      | 4     | 64      | 21     | 63     |
      | 5     | 256     | 85     | 255    |
      | 6     | 1024    | 341    | 1023   |
      | 7     | 4096    | 1365   | 4095   |

  Scenario: After seven retries it is given up
    Given a merchant who answers webhooks with "500"
    And a shopper who paid 10,000 won
    When "100,000 minutes" pass at the provider
    Then 8 attempts were made
    And the delivery is "FAILED"

  Scenario: It ends as soon as the merchant answers 200
    Given a merchant who answers webhooks with "500, 404 and 200"
    And a shopper who paid 10,000 won
    When "100,000 minutes" pass at the provider
    Then 3 attempts were made
    And the delivery is "DELIVERED"

  @pitfall-8
  Scenario: Every attempt sends the same bytes under the same id, at its own time
    Given a merchant who answers webhooks with "500 and 200"
    And a shopper who paid 10,000 won
    When "1 minutes" pass at the provider
    Then 2 attempts were made
    And all attempts sent the same bytes under the same id
    And the log of attempts has what was sent and answered
