"""How every page looks and answers."""
