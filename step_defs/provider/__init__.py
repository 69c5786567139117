"""Steps of the provider's contract, as features/provider/ tells it."""
