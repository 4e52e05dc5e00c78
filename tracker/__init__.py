"""Entente: a tracker of bilateral agreements, their joint commissions and what came of them."""

__version__ = "0.1.0"
