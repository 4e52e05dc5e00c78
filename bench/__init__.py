"""Measures the program beside the fastest that its databases can do: see docs/performance.md."""
