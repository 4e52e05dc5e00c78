"""The `tracker` command: each module adds its commands to the group."""

from tracker.memory import uncollected

with uncollected():
    from tracker.cli import exports, files, keeping, sessions, starting
    from tracker.cli.group import cli, main

__all__ = ["cli", "exports", "files", "keeping", "main", "sessions", "starting"]
