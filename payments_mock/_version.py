"""The release number, in a module that costs nothing to import."""

__version__ = "1.0.0"
