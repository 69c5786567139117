"""The provider met as a whole, from outside."""
