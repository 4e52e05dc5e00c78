"""States and international organisations, and their bodies."""
