"""Lead programs that call the provider's real hosts to the mock, without changing the programs."""

from typing import Final

HOSTS: Final = ("api.tosspayments.com", "js.tosspayments.com")
"""The hosts that lead to the mock; nothing that a program sends to them goes to the real ones."""
