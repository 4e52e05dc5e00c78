"""Agreements, their signatures, actions and topics."""
