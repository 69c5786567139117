"""The way from the tables of any release to those of this one; read when a kept database needs it."""
