"""The shopper's side: the browser SDK scripts, the payment window and the widgets."""
