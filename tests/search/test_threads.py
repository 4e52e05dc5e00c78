"""Statements that all threads share are right whichever threads ask first."""

import os
import subprocess
import sys
from pathlib import Path

# In a process of its own: in this one, other tests have asked for the columns already.
ASK = """
import tracker.app
from sqlalchemy import inspect
from tracker.search.declared import SEARCHED

aliases = [alias for searched in SEARCHED.values() for alias, _key in searched.joins]
made = [inspect(alias).selectable._cols_populated for alias in aliases]
print(len(made), all(made))
"""


def test_columns_of_shared_aliases_are_made_before_threads_start() -> None:
    environ = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", ASK]
    told = subprocess.run(command, env=environ, check=True, capture_output=True, text=True).stdout
    count, made = told.split()

    assert int(count) >= 4
    assert made == "True"
