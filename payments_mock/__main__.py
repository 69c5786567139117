"""`python -m payments_mock`, the same as the command `payments-mock`."""

from payments_mock.cli import main

main(prog_name="payments-mock")
