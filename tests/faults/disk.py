"""What a disk may hold after a power cut, worked out from the calls that a process has made on its files.

What was written is sure to be there only after a sync of the file, and a name only after a sync of its folder. Until
then a write may be there, or not, or some of its sectors. The names of a folder change in order, as file systems with a
journal do it; those of another folder may be ahead of them or behind.
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
    "sync_file_range,rename,renameat,renameat2,unlink,unlinkat,link,linkat,copy_file_range,sendfile,mkdir,mkdirat"
)
_LINE = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)")
_QUOTED = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_HANDLE = re.compile(r"^(\d+)<((?:\\x[0-9a-f]{2})+)>")
#: Shared memory is made anew by the first process that opens the store.
_NO_FILES = ("-shm", ".lock")


@dataclass(frozen=True, slots=True)
class Call:
    """A call on something in the store's folder by its path there, `""` for itself; or what was told (`tell`)."""

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
    deed = [sys.executable, "-m", "tests.faults.doing", name, str(store), str(rounds), *settings]
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
    elif verb in ("mkdir", "mkdirat"):
        yield Call("folder", name)
    else:
        raise AssertionError(f"nobody knows what {verb} does to a disk")


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def _name(path: str, folder: Path) -> str | None:
    within = Path(path).is_relative_to(folder) and not path.endswith(_NO_FILES)
    return "/".join(Path(path).relative_to(folder).parts) if within else None


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


@dataclass(slots=True)
class _Folder:
    """The names in a folder as they are, as they are for good, and as they were since."""

    names: dict[str, _File | _Folder] = field(default_factory=dict)
    kept: dict[str, _File | _Folder] = field(default_factory=dict)
    since: list[dict[str, _File | _Folder]] = field(default_factory=list)

    def rename(self, names: dict[str, _File | _Folder]) -> None:
        self.names = names
        self.since.append(names)

    def sync(self) -> None:
        self.kept, self.since = self.names, []

    def after_a_cut(self, place: Path, random: Random) -> None:
        place.mkdir()
        for name, one in random.choice([self.kept, *self.since]).items():
            if isinstance(one, _Folder):
                one.after_a_cut(place / name, random)
            else:
                (place / name).write_bytes(one.after_a_cut(random))


class Disk:
    """A folder on a disk that remembers what is not there for good yet."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._root = _Folder()
        for path, data in files.items():
            *folders, name = path.split("/")
            folder = self._root
            for part in folders:
                folder = _as_folder(folder.kept.setdefault(part, _Folder()))
                folder.names = folder.kept
            folder.kept[name] = _File(bytearray(data), length=len(data))
        self._root.names = self._root.kept
        self.told: list[str] = []

    def do(self, call: Call) -> None:
        """What a call does."""
        if call.verb == "tell":
            self.told += call.data.decode().split()
        elif not call.name:
            assert call.verb == "sync"
            self._root.sync()
        else:
            self._do_within(call)

    def _do_within(self, call: Call) -> None:
        verb, (folder, name) = call.verb, self._at(call.name)
        if verb in ("create", "folder"):
            if name not in folder.names:
                folder.rename({**folder.names, name: _File() if verb == "create" else _Folder()})
        elif name not in folder.names:
            pass  # a file that is open still and has no name any more
        elif verb == "sync":
            folder.names[name].sync()
        elif verb == "move":
            into, other = self._at(call.other)
            assert into is folder, "nobody knows which of two folders is ahead"
            folder.rename({**{n: f for n, f in folder.names.items() if n != name}, other: folder.names[name]})
        elif verb == "drop":
            folder.rename({n: f for n, f in folder.names.items() if n != name})
        else:
            _change(folder.names[name], call)

    def _at(self, path: str) -> tuple[_Folder, str]:
        *folders, name = path.split("/")
        folder = self._root
        for part in folders:
            folder = _as_folder(folder.names[part])
        return folder, name

    def after_a_cut(self, place: Path, random: Random) -> None:
        """Write into a new folder what may be there when the power goes now."""
        self._root.after_a_cut(place, random)


def _as_folder(one: _File | _Folder) -> _Folder:
    assert isinstance(one, _Folder)
    return one


def _change(file: _File | _Folder, call: Call) -> None:
    assert isinstance(file, _File)
    if call.verb == "truncate":
        file.change(call.at)
    else:
        file.change((call.at if call.verb == "write" else file.length, call.data))


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
