"""Gouji's core: everything that is true without a screen. Knows nothing of Qt."""

__version__ = "0.1.0"
PROGRAM = "勾稽 Gouji"
