"""Stored payments, their instruments and their history."""
