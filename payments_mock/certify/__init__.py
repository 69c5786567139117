"""`payments-mock certify`: test what a merchant does when payments go wrong.

It plays shopper, provider, bank and network against a merchant in any language, and judges by money and
state. It talks HTTP, to the merchant and to the provider's control API, and knows nothing of how the
provider is made.
"""
