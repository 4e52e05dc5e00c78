"""Search over all records: words in any script and spelling, on both databases alike (ADR 0026)."""
