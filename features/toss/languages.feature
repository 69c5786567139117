Feature: Languages
  Answers are Korean; a caller that prefers English gets English words, in values and in errors.

  Scenario Outline: A payment by <method>, to a caller who sends <language>
    Given a shopper who paid 10,000 won by "<method>"
    And the merchant prefers "<language>"
    When the merchant looks the payment up
    Then the answer tells
      | method | <shown> |

    Examples:
      | method       | language       | shown        |
      | CARD         | ko-KR          | 카드         |
      | CARD         | en-US          | CARD         |
      | CARD         | fr-FR          | 카드         |
      | TRANSFER     | en-US,ko;q=0.5 | TRANSFER     |
      | MOBILE_PHONE | ko,en-US;q=0.5 | 휴대폰       |
      | EASY_PAY     | en-US          | EASY_PAY     |

  Scenario: What a merchant wrote stays as it was written
    Given a shopper who paid 10,000 won for "토스 티셔츠"
    And the merchant prefers "en-US"
    When the merchant looks the payment up
    Then the answer tells
      | orderName | 토스 티셔츠 |
      | method    | CARD        |

  Scenario Outline: An error to a caller who sends <language>
    Given the merchant prefers "<language>"
    When the merchant looks the payment up
    Then it is refused with 404 "NOT_FOUND_PAYMENT"
    And the message is in "<words>"

    Examples:
      | language | words   |
      | ko-KR    | Korean  |
      | en-US    | English |
