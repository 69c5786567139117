"""What the cinema has: goods, seats, and what it owes to sellers."""
