"""Sessions of commissions and other meetings of two parties."""
