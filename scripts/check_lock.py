"""Refuse a lock that does not fit pyproject.toml, lacks a hash or names a host; ask no registry."""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
LOCK, EXTRA_LOCK, DEV_LOCK = "requirements.txt", "requirements-oidc.txt", "requirements-dev.txt"
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
    """Everything that is wrong with the three locks."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needed = project["project"]["dependencies"]
    extra = [*needed, *project["project"]["optional-dependencies"]["oidc"]]
    wanted = {
        LOCK: needed,
        EXTRA_LOCK: extra,
        DEV_LOCK: [*extra, *project["dependency-groups"]["dev"]],
    }
    texts = {lock: (ROOT / lock).read_text() for lock in wanted}
    for lock, requirements in wanted.items():
        yield from unmet(requirements, pins(texts[lock]), lock)
        yield from unsafe(texts[lock], lock)
    yield from differing({lock: pins(text) for lock, text in texts.items()})


def differing(locked: Mapping[str, Pins]) -> Iterator[str]:
    """Tell which packages two locks hold at different versions."""
    for (one, pins_of_one), (other, pins_of_other) in combinations(locked.items(), 2):
        for name in sorted(pins_of_one.keys() & pins_of_other.keys()):
            if pins_of_one[name] != pins_of_other[name]:
                yield f"{name} is locked at different versions in {one} and {other}"


if __name__ == "__main__":
    if wrong := list(findings()):
        sys.exit("\n".join([*wrong, "Run `make lock` and commit what it writes."]))
