"""Refuse a lock that does not fit pyproject.toml, lacks a hash or names a host; ask no registry."""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
LOCK, DEV_LOCK = "requirements.txt", "requirements-dev.txt"
PIN = re.compile(
    r"^(?P<name>[\w.-]+)(?:\[[^]]*\])?==(?P<version>[^\s;]+)(?P<rest>[^\n]*(?:\n[ #].*)*)", re.M
)

Pins = dict[str, list[Version]]


def pins(text: str) -> Pins:
    """Return the locked versions by name; a package can stand twice, with different markers."""
    found: Pins = {}
    for pin in PIN.finditer(text):
        found.setdefault(canonicalize_name(pin["name"]), []).append(Version(pin["version"]))
    return found


def unmet(wanted: Iterable[str], locked: Pins, lock: str) -> Iterator[str]:
    """Tell which requirements *lock* leaves out or holds at a version that they exclude."""
    for requirement in map(Requirement, wanted):
        versions = locked.get(canonicalize_name(requirement.name), [])
        if not versions:
            yield f"{lock} lacks {requirement.name}"
        for version in versions:
            if version not in requirement.specifier:
                yield f"{lock} holds {requirement.name} {version}: not {requirement.specifier}"


def unsafe(text: str, lock: str) -> Iterator[str]:
    """Tell which entries of *lock* carry no hash, and which lines name a host."""
    for pin in PIN.finditer(text):
        if "--hash=sha256:" not in pin["rest"]:
            yield f"{lock}: {pin['name']} has no hash"
    for number, line in enumerate(text.splitlines(), 1):
        if "://" in line or line.startswith("--"):
            yield f"{lock}, line {number}: names a host or an option: {line.strip()}"


def findings() -> Iterator[str]:
    """Everything that is wrong with the two locks."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    text, dev_text = (ROOT / LOCK).read_text(), (ROOT / DEV_LOCK).read_text()
    locked, dev_locked = pins(text), pins(dev_text)
    needed = project["project"]["dependencies"]
    yield from unmet(needed, locked, LOCK)
    yield from unmet([*needed, *project["dependency-groups"]["dev"]], dev_locked, DEV_LOCK)
    yield from unsafe(text, LOCK)
    yield from unsafe(dev_text, DEV_LOCK)
    for name in sorted(locked.keys() & dev_locked.keys()):
        if locked[name] != dev_locked[name]:
            yield f"{name} is locked at different versions in {LOCK} and {DEV_LOCK}"


if __name__ == "__main__":
    if wrong := list(findings()):
        sys.exit("\n".join([*wrong, "Run `make lock` and commit what it writes."]))
