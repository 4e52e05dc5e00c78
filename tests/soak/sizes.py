"""How much the harness does: little in each run of the tests, much by `make soak`."""

import os


def size(name: str, short: int) -> int:
    """A number from the environment, such as SOAK_ROUNDS."""
    return int(os.environ.get(f"SOAK_{name}") or short)


CLIENTS = size("CLIENTS", 4)
SAVES = size("SAVES", 10)
WRITERS = size("WRITERS", 8)
ROUNDS = size("ROUNDS", 2)
BACKUPS = size("BACKUPS", 2)
GUESSES = size("GUESSES", 200)
# Printed with the numbers, so that a run can be repeated.
SEED = size("SEED", 20261125)
