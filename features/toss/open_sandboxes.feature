Feature: Open sandboxes
  On a server that is open, a developer makes up a key and starts: every test key gets a sandbox of its
  own at its first use, and keys that end alike share one.

  Scenario: A key that nobody knows is a merchant at once
    Given an open server and a pair of keys that nobody has used
    When a shopper pays 10,000 won
    Then the payment is "DONE", on the default version of the API

  Scenario: The widget's keys that end alike are of the same sandbox
    Given an open server and a pair of keys that nobody has used
    When a shopper pays 10,000 won
    Then the payment is found with the key of the payment widget

  Scenario: Keys that end otherwise see nothing of it
    Given an open server and a pair of keys that nobody has used
    When a shopper pays 10,000 won
    Then the payment is not found with another key

  Scenario: A server that is not open knows no such key
    When a merchant with a key that nobody knows looks a payment up
    Then the key is refused with 401
