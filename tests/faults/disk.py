"""What a disk may hold after a power cut, worked out from the calls that a process has made on its files.

What was written is sure to be there only after a sync of the file, and a name only after a sync of the folder. Until
then a write may be there, or not, or some of its sectors. Names change in order, as file systems with a journal do it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random

_ROOT = Path(__file__).parents[2]
_SECTOR = 512
#: Everything that can change a file or make a change last; one that is not modelled below stops the test.
_CALLS = (
    "open,openat,creat,write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,fallocate,fsync,fdatasync,"
    "sync_file_range,rename,renameat,renameat2,unlink,unlinkat,link,linkat,copy_file_range,sendfile"
)
_LINE = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)")
_QUOTED = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_HANDLE = re.compile(r"^(\d+)<((?:\\x[0-9a-f]{2})+)>")
#: Shared memory is made anew by the first process that opens the store.
_NO_FILES = ("-shm", ".lock")


@dataclass(frozen=True, slots=True)
class Call:
    """A call on a file of the store's folder by its name, `""` for the folder; or what was told (`tell`)."""

    verb: str
    name: str
    other: str = ""
    at: int = 0
    data: bytes = b""


@cache
def no_tracer() -> str:
    """Why no process can be traced here; empty where one can."""
    if not sys.platform.startswith("linux"):
        return "processes are traced on Linux only"
    if shutil.which("strace") is None:
        return "strace is not installed, and without it nobody knows what a process has written"
    tried = subprocess.run(["strace", "-f", "-y", "-e", "trace=fsync", "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "strace may not trace processes here"


def traced(name: str, store: Path, rounds: int, *settings: str) -> list[Call]:
    """Run a deed; gives its calls in order."""
    log = store.parent.with_suffix(".calls")
    tracer = ["strace", "-f", "-y", "-xx", "-s", str(1 << 24), "-e", f"trace={_CALLS}", "-o", str(log)]
    deed = [sys.executable, "-m", "tests.faults.deeds", name, str(store), str(rounds), *settings]
    subprocess.run([*tracer, *deed], check=True, capture_output=True, cwd=_ROOT)
    return list(_calls(log, store.parent))


def _calls(log: Path, folder: Path) -> Iterator[Call]:
    with log.open(encoding="ascii") as lines:
        for line in lines:
            match = _LINE.match(line)
            if match is None:
                assert "resumed" not in line, line
                continue
            verb, arguments, result = match[1], match[2], int(match[3])
            if result >= 0:
                yield from _call(verb, arguments, result, folder)


def _call(verb: str, arguments: str, result: int, folder: Path) -> Iterator[Call]:
    handle, quoted = _HANDLE.match(arguments), [_bytes(text) for text in _QUOTED.findall(arguments)]
    on_file = (handle is not None and not quoted) or verb in ("write", "pwrite64")
    if on_file:
        assert handle is not None
        path = _bytes(handle[2]).decode()
        if handle[1] == "1" and verb == "write":
            yield Call("tell", "", data=quoted[0])
    else:
        path = quoted[0].decode() if quoted else ""
    name = _name(path, folder)
    if name is None:
        return
    plain = [word.strip() for word in arguments.split(",")]
    if verb in ("open", "openat"):
        if "O_CREAT" in arguments:
            yield Call("create", name)
        if "O_TRUNC" in arguments:
            yield Call("truncate", name)
    elif verb in ("fsync", "fdatasync"):
        yield Call("sync", name)
    elif verb == "pwrite64":
        yield Call("write", name, at=int(plain[-1]), data=quoted[0][:result])
    elif verb == "write":
        yield Call("append", name, data=quoted[0][:result])
    elif verb == "ftruncate":
        yield Call("truncate", name, at=int(plain[-1], 0))
    elif verb in ("rename", "renameat", "renameat2"):
        yield Call("move", name, other=_name(quoted[1].decode(), folder) or "")
    elif verb in ("unlink", "unlinkat"):
        yield Call("drop", name)
    else:
        raise AssertionError(f"nobody knows what {verb} does to a disk")


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def _name(path: str, folder: Path) -> str | None:
    if Path(path) == folder:
        return ""
    within = Path(path).parent == folder and not path.endswith(_NO_FILES)
    return Path(path).name if within else None


@dataclass(slots=True)
class _File:
    """What is on the disk for good, and what was written since: bytes at a place, or a new length."""

    kept: bytearray = field(default_factory=bytearray)
    since: list[tuple[int, bytes] | int] = field(default_factory=list)
    length: int = 0

    def change(self, change: tuple[int, bytes] | int) -> None:
        self.since.append(change)
        self.length = change if isinstance(change, int) else max(self.length, change[0] + len(change[1]))

    def sync(self) -> None:
        for change in self.since:
            _apply(self.kept, change)
        self.since.clear()

    def after_a_cut(self, random: Random) -> bytes:
        kept = bytearray(self.kept)
        share = random.choice((0.0, 0.5, 0.9, 1.0))
        torn = random.random() < 0.5
        for change in self.since:
            if isinstance(change, int) or not torn:
                if random.random() < share:
                    _apply(kept, change)
            else:
                for at in range(0, len(change[1]), _SECTOR):
                    if random.random() < share:
                        _apply(kept, (change[0] + at, change[1][at : at + _SECTOR]))
        return bytes(kept)


def _apply(content: bytearray, change: tuple[int, bytes] | int) -> None:
    length = change if isinstance(change, int) else change[0]
    content.extend(bytes(max(0, length - len(content))))
    if isinstance(change, int):
        del content[change:]
    else:
        content[change[0] : change[0] + len(change[1])] = change[1]


class Disk:
    """A folder on a disk that remembers what is not there for good yet."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._names = {name: _File(bytearray(data), length=len(data)) for name, data in files.items()}
        self._kept_names = dict(self._names)
        self._since: list[dict[str, _File]] = []
        self.told: list[str] = []

    def do(self, call: Call) -> None:
        """What a call does."""
        verb, name = call.verb, call.name
        if verb == "tell":
            self.told += call.data.decode().split()
        elif verb == "sync" and not name:
            self._kept_names, self._since = dict(self._names), []
        elif verb == "create":
            if name not in self._names:
                self._rename({**self._names, name: _File()})
        elif name not in self._names:
            pass  # a file that is open still and has no name any more
        elif verb == "sync":
            self._names[name].sync()
        elif verb == "move":
            self._rename({**{n: f for n, f in self._names.items() if n != name}, call.other: self._names[name]})
        elif verb == "drop":
            self._rename({n: f for n, f in self._names.items() if n != name})
        elif verb == "truncate":
            self._names[name].change(call.at)
        else:
            file = self._names[name]
            file.change((call.at if verb == "write" else file.length, call.data))

    def _rename(self, names: dict[str, _File]) -> None:
        self._names = names
        self._since.append(names)

    def after_a_cut(self, folder: Path, random: Random) -> None:
        """Write into a new folder what may be there when the power goes now."""
        folder.mkdir()
        for name, file in random.choice([self._kept_names, *self._since]).items():
            (folder / name).write_bytes(file.after_a_cut(random))


def cuts(fresh: Mapping[str, bytes], calls: Sequence[Call], number: int, seed: int) -> Iterator[tuple[Disk, Random]]:
    """Stop after calls here and there; gives the disk and by what chance it is to be cut."""
    random, disk, done = Random(seed), Disk(fresh), 0
    # Writes are many and alike; half of the time one of the few calls is chosen by which things come to be for good.
    few = [at for at, call in enumerate(calls, 1) if call.verb not in ("write", "append")]
    for stop in sorted(random.choice((random.choice(few), random.randint(1, len(calls)))) for _ in range(number)):
        for call in calls[done:stop]:
            disk.do(call)
        done = stop
        yield disk, random
