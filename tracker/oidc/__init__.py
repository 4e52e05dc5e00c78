"""Signing in through an OpenID Connect provider: off unless it is set up, and an optional extra."""
