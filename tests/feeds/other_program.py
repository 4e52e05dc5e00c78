"""A calendar program of other people: vdirsyncer fetches a feed, khal shows what it holds."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from vdirsyncer.vobject import Item

PROGRAMS = Path(sys.executable).parent
SYNCING = """\
[general]
status_path = "{folder}/status/"
[pair feed]
a = "site"
b = "kept"
collections = null
conflict_resolution = "a wins"
[storage site]
type = "http"
url = "{url}"
filter_hook = "{folder}/keep_uid"
[storage kept]
type = "filesystem"
path = "{folder}/kept/"
fileext = ".ics"
"""
# Over HTTP, vdirsyncer names an item by what is in it, and forgets the UID. Kept under another
# name, the UID still tells which event an item is.
KEEP_UID = """\
#!/bin/sh
exec sed 's/^UID:.*/&\\nX-FEED-&/'
"""
SHOWING = """\
[calendars]
[[feed]]
path = {folder}/kept
[sqlite]
path = {folder}/khal.db
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = UTC
default_timezone = UTC
"""
SHOWN = ("uid", "title", "start-date", "end-date", "all-day", "status")


@dataclass(frozen=True)
class Kept:
    """An event as the two programs know it; khal's last day is the last one that it takes."""

    uid: str
    sequence: int
    starts: str
    ends: str
    title: str
    first: date
    last: date
    whole_days: bool
    status: str


@dataclass(frozen=True)
class Fetched:
    """What one synchronization did: the items that came and those that went."""

    came: list[str]
    went: list[str]


class OtherProgram:
    """A subscriber with a folder of its own, that keeps what it fetched between two calls."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        (folder / "kept").mkdir(parents=True)
        (folder / "vdirsyncer").write_text(SYNCING.format(folder=folder, url=url))
        (folder / "khal").write_text(SHOWING.format(folder=folder))
        hook = folder / "keep_uid"
        hook.write_text(KEEP_UID)
        hook.chmod(0o700)
        self._run("vdirsyncer", "discover")

    def _run(self, program: str, *words: str) -> str:
        """What a program says; its failure fails the test with its own words."""
        done = subprocess.run(
            [PROGRAMS / program, "-c", self.folder / program, *words],
            env={"HOME": str(self.folder), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def fetch(self) -> Fetched:
        """Ask the feed again; a change is one item that went and one that came."""
        said = self._run("vdirsyncer", "sync")
        return Fetched(
            re.findall(r"Copying \(uploading\) item (\w+) to kept", said),
            re.findall(r"Deleting item (\w+) from kept", said),
        )

    def shows(self, first: date, last: date) -> dict[str, Kept]:
        """The events from one day to another, by their UIDs in the feed."""
        # Made anew, so that nothing rests on how finely a file's time is told.
        (self.folder / "khal.db").unlink(missing_ok=True)
        wanted = [word for name in SHOWN for word in ("--json", name)]
        said = self._run("khal", "list", "--once", *wanted, first.isoformat(), last.isoformat())
        shown = [event for day in said.splitlines() for event in json.loads(day)]
        return {kept.uid: kept for event in shown for kept in self._kept(event)}

    def _kept(self, event: dict[str, str]) -> Iterator[Kept]:
        item = Item((self.folder / "kept" / f"{event['uid']}.ics").read_text(encoding="utf-8"))
        assert item.parsed is not None
        (found,) = [one for one in item.parsed.subcomponents if one.name == "VEVENT"]
        yield Kept(
            uid=found["X-FEED-UID"],
            sequence=int(found["SEQUENCE"]),
            starts=_line(found.props, "DTSTART"),
            ends=_line(found.props, "DTEND"),
            title=event["title"],
            first=date.fromisoformat(event["start-date"]),
            last=date.fromisoformat(event["end-date"]),
            whole_days=event["all-day"] == "True",
            status=event["status"].strip(),
        )


def _line(lines: list[str], name: str) -> str:
    """The one line of this name, with its parameters."""
    (found,) = [line for line in lines if re.match(f"{name}[;:]", line)]
    return found
