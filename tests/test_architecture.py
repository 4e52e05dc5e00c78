"""The house rules that import-linter's contracts in pyproject.toml and these few tests keep."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAY_COMMIT = ("views.py", "tracker/cli/", "commands.py", "tracker/api/", "tracker/migrate.py")
MAY_ASK_THE_TIME = ("views.py", "tracker/cli/", "tracker/api/", "tracker/clock.py")
CLOCKS = {("date", "today"), ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow")}


def _modules(folder: str) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def _calls(tree: ast.AST) -> Iterator[ast.Attribute]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func


def _is_clock(function: ast.Attribute) -> bool:
    owner = function.value
    name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", None)
    return (name, function.attr) in CLOCKS


def _among(path: str, places: tuple[str, ...]) -> bool:
    return any(place in path for place in places)


def test_imports_go_downwards_only() -> None:
    linter = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr


def test_only_views_and_commands_commit() -> None:
    places = [
        f"{path}:{call.lineno}"
        for path, tree in _modules("tracker")
        if not _among(path, MAY_COMMIT)
        for call in _calls(tree)
        if call.attr == "commit"
    ]

    assert places == []


def test_today_is_a_parameter_below_views_and_commands() -> None:
    places = [
        f"{path}:{call.lineno}"
        for path, tree in _modules("tracker")
        if not _among(path, MAY_ASK_THE_TIME)
        for call in _calls(tree)
        if _is_clock(call)
    ]

    assert places == []


def test_migrations_do_not_import_the_program() -> None:
    """A migration must mean the same in ten years, whatever the models have become."""
    imports = [
        (path, name)
        for path, tree in _modules("migrations/versions")
        for node in ast.walk(tree)
        for name in _imported(node)
        if name.split(".")[0] == "tracker"
    ]

    assert imports == []


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []
