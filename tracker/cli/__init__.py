"""The `tracker` command: each module adds its commands to the group."""

from tracker.cli import files, keeping, sessions, starting
from tracker.cli.group import cli, main

__all__ = ["cli", "files", "keeping", "main", "sessions", "starting"]
