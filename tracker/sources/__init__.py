"""Documents that attest facts, and citations of them."""
