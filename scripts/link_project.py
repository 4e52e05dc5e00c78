"""Make this checkout importable in its environment, with the command `tracker` in its bin folder.

`pip install -e .` would fetch a build tool that the hashed lock does not cover. Both files hold
relative paths only, so that the folder can be moved or copied with its environment.
"""

import os
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

COMMAND = """\
#!/bin/sh
'''exec' "$(dirname "$(realpath "$0")")/python" "$0" "$@"
' '''
import sys

from tracker.cli import main

sys.exit(main())
"""


def link(packages: Path, scripts: Path) -> None:
    """Write the path file into *packages* and the command into *scripts*."""
    (packages / "entente.pth").write_text(os.path.relpath(ROOT, packages) + "\n")
    command = scripts / "tracker"
    command.write_text(COMMAND)
    command.chmod(0o755)


if __name__ == "__main__":
    if sys.prefix == sys.base_prefix:
        sys.exit("Run this with the environment's Python: .venv/bin/python scripts/link_project.py")
    link(Path(sysconfig.get_path("purelib")), Path(sysconfig.get_path("scripts")))
