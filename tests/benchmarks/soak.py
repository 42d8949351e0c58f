"""A soak: random keys on the real program, for as long as one likes: `python -m tests.benchmarks soak [--keys N]`.

It fails where the program ends by itself or tells of a fault, where memory grows, where a key waits, or where the
journal does not lead to the store. The keys follow from the seed; what they meet also depends on how fast the program
is. What only an erasure can do is left out, since the journal then cannot be played any more, and so is the lock.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from socket import socket, socketpair
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from planner.services.commands import COMMANDS
from tests.benchmarks import replay, stores
from tests.benchmarks.measure import ROOT, machine
from tests.benchmarks.tty import Gone, Overdue, Session
from tests.instances import TODAY

#: What is asked: seconds from a key to its frame, and growth of memory after the warm-up.
MOST_SECONDS, MOST_GROWTH = 0.25, 0.2
#: Keys after which the program is left and begun anew, and those of a session that only warm it up.
_SESSION, _WARM_UP = 25_000, 0.2
#: How often memory is looked at in a session, in rest.
_STEADY = 20
#: Seconds without an answer after which the program is taken to hang.
_HANGS = 60.0
#: Seconds without output in which a dialog stands, and what leads out of it; one may ask whether to throw changes away.
_QUIET = 0.2
#: Seconds without output in which the program has come to rest, and looked through all that it keeps.
_AT_REST = 12.0
#: Seconds in which another thread begins to write the frame of a key that is dealt with.
_WRITES = 0.03
_WAYS_BACK = (("escape",), ("down", "enter"), ("escape",), ("tab", "enter"))
_SIZES = ((80, 24), (120, 40), (160, 45), (100, 30))
_SEQUENCES = {f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"}
_SEQUENCES |= {"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F"}
_SEQUENCES |= {"pageup": "\x1b[5~", "pagedown": "\x1b[6~", "delete": "\x1b[3~", "shift+tab": "\x1b[Z"}
_SEQUENCES |= {"backspace": "\x7f", "enter": "\r", "tab": "\t", "escape": "\x1b", "space": " "}
_SEQUENCES |= {"f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~"}
_SEQUENCES |= {"f6": "\x1b[17~", "f7": "\x1b[18~", "f8": "\x1b[19~", "f9": "\x1b[20~"}
_LEFT_OUT = frozenset({"quit", "lock", "erase"})
_OF_COMMANDS = tuple(key for one in COMMANDS if one.id not in _LEFT_OUT for key in one.keys)
_MOVES = (
    *("down",) * 6,
    *("up",) * 4,
    *("pagedown", "pageup", "home", "end", "j", "k", "left", "right", "tab", "shift+tab", "space"),
)
#: How long the loop stood: seconds on the clock, of its thread, of all threads, of Python's collector; and where.
Stall = tuple[float, float, float, float, str]
_MODES = ("f2", "f3", "f4", "f5", "f7", "f6")
#: What is typed into fields, or is taken for commands where there is none; never the key that quits.
_TEXTS = (
    *("+2w", "24-11", "10.30", "1", "8-15", "ferie", "aase p", "Prøve", "[/b]", "[red]", "=1+1", "æøå ÆØÅ", "x" * 40),
    *("figures.csv", "2026-12-24", "man 9-11", "100", "0", "-1", "ß—\u202e\u00a0", "tekst\\n", "30"),
)


def keys_of(chance: Random) -> Iterator[str]:
    """Keys without end: movements, commands, words, answers to dialogs, and now and then `resize`."""
    while True:
        part = chance.random()
        if part < 0.42:
            yield from chance.choices(_MOVES, k=chance.randrange(1, 8))
        elif part < 0.50:
            yield chance.choice(_MODES)
        elif part < 0.72:
            yield chance.choice(_OF_COMMANDS)
            yield from _answer(chance)
        elif part < 0.82:
            yield from chance.choice(_TEXTS).replace("q", "")
        elif part < 0.90:
            yield chance.choice(("u", "U", "ctrl+z", "ctrl+y"))
        elif part < 0.96:
            yield chance.choice(("enter", "escape", "backspace", "delete", "ctrl+u", "ctrl+a"))
        elif part < 0.995:
            yield "escape"
            yield "escape"
        else:
            yield "resize"


def _answer(chance: Random) -> Iterator[str]:
    """What one does in a dialog that may have opened."""
    for _ in range(chance.randrange(3)):
        yield from chance.choice((("tab",), ("down",), ("space",), tuple(chance.choice(_TEXTS))))
    yield from chance.choice((("enter",), ("enter", "enter"), ("escape",), ("escape", "escape")))


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key, the screen it came to, seconds to its frame, and how long the loop stood meanwhile."""

    number: int
    key: str
    screen: str
    seconds: float
    stall: Stall

    def told(self, seconds: float) -> str:
        """In a line."""
        clock, thread, process, collector, place = self.stall
        used = f"processor: itself {_ms(thread)}, all threads {_ms(process)}; collector {_ms(collector)}"
        loop = f"loop stood {_ms(clock)} ms ({used}) {place}"
        return f"{_ms(seconds)} ms: key {self.number} “{self.key}” on {self.screen}; {loop}"


@dataclass(slots=True)
class Soaked:
    """What came of it."""

    pressed: list[Pressed] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    #: Resident MiB at rest of each session, after its warm-up.
    memory: list[list[float]] = field(default_factory=list)
    #: Modules that were loaded and blocks that Python held then, which tell growth from what was loaded late.
    live: list[list[tuple[int, int]]] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    sessions: int = 0
    left: int = 0
    screens: Counter[str] = field(default_factory=Counter)
    journal: list[str] = field(default_factory=list)
    seconds: float = 0.0
    #: Seconds of the processor that the sessions took: their loops, and all their threads.
    loops: float = 0.0
    threads: float = 0.0

    def lines(self) -> Iterator[str]:
        """The report; each verdict begins with “ok” or “FAILED”."""
        per_key = 1000 * self.seconds / max(1, len(self.pressed))
        used = f"processor: loop {self.loops:.0f} s, all threads {self.threads:.0f} s"
        yield f"{len(self.pressed)} keys in {self.seconds:.0f} s ({per_key:.1f} ms each); {used}"
        yield f"{self.sessions} sessions, of which {self.left} were left by a key; screens: {_counted(self.screens)}"
        yield f"{_verdict(not self.faults)} faults and unexpected ends: {sum(self.faults.values())}"
        yield from (f"   {count} x {fault}" for fault, count in self.faults.most_common(20))
        yield from self._grown()
        yield from self._waited()
        yield f"{_verdict(not self.journal)} the journal leads to the store: {len(self.journal)} differences"
        yield from (f"   {line}" for line in self.journal[:20])

    def _grown(self) -> Iterator[str]:
        told = [(first, one, _growth(one)) for first, one in zip(self.first, self.memory, strict=True) if len(one) > 1]
        if not told:
            yield "—      memory: the sessions were too short to tell"
            return
        most = max(growth for _, _, growth in told)
        yield f"{_verdict(most <= MOST_GROWTH)} memory after the warm-up grows by at most {most:.0%}"
        for first, points, growth in told:
            yield f"   {first:.0f} at first; {', '.join(f'{one:.0f}' for one in points)} MiB: {growth:+.0%}"
        for live in self.live:
            yield f"   modules and thousands of blocks: {', '.join(f'{one}/{held // 1000}' for one, held in live)}"

    def _waited(self) -> Iterator[str]:
        for what, of in (("key to frame", _frame), ("event loop stands still", _stood)):
            measured = sorted(map(of, self.pressed))
            over = sum(one > MOST_SECONDS for one in measured)
            yield f"{_verdict(not over)} {what}, ms: {_spread(measured)}; over {_ms(MOST_SECONDS)}: {over}"
            for one in sorted(self.pressed, key=of, reverse=True)[:10]:
                yield f"   {one.told(of(one))}"

    @property
    def is_sound(self) -> bool:
        """Whether nothing failed."""
        return not any(line.startswith("FAILED") for line in self.lines())


def _frame(one: Pressed) -> float:
    return one.seconds


def _stood(one: Pressed) -> float:
    return one.stall[0]


@dataclass(slots=True)
class Soak:
    """The hand on the keys, from one session to the next."""

    store: Path
    folder: Path
    chance: Random
    soaked: Soaked = field(default_factory=Soaked)

    def run(self, keys: int) -> None:
        """Press so many keys."""
        stream, begun = keys_of(self.chance), perf_counter()
        sessions = max(2, round(keys / _SESSION))
        for number in range(sessions):
            self._session(stream, keys * (number + 1) // sessions)
        self.soaked.seconds = perf_counter() - begun
        self.soaked.journal = replay.differences(self.store)

    def _session(self, stream: Iterator[str], until: int) -> None:
        """Press keys until there were so many, beginning anew where a key has left the program."""
        soaked, begun = self.soaked, len(self.soaked.pressed)
        every = max(100, (until - begun) // _STEADY)
        while len(soaked.pressed) < until:
            soaked.sessions += 1
            hand, before = Hand(self.store, self.folder), len(soaked.pressed)
            points: list[float] = []
            live: list[tuple[int, int]] = []
            try:
                hand.begin()
                soaked.first.append(hand.memory)
                soaked.memory.append(points)
                soaked.live.append(live)
                for number in range(until - len(soaked.pressed)):
                    self._press(hand, next(stream))
                    if number % every == every - 1:
                        points.append(self._rest(hand))
                        live.append(hand.live)
                        _tell(
                            f"{len(soaked.pressed)} keys: {points[-1]:.0f} MiB, {hand.live[1] // 1000} thousand blocks"
                        )
                self._quit(hand)
            except (Gone, Overdue) as error:
                self._ended(hand, error)
            finally:
                hand.session.close()
                soaked.faults.update(hand.faults)
                soaked.loops += hand.used[0]
                soaked.threads += hand.used[1]
                del points[: round(len(points) * _WARM_UP)], live[: round(len(live) * _WARM_UP)]
            if len(soaked.pressed) == before:  # it cannot even begin, and would not the next time
                return

    def _press(self, hand: Hand, key: str) -> None:
        screen = hand.screen
        if key == "resize":
            hand.session.resize(*self.chance.choice(_SIZES))
        seconds = hand.press("" if key == "resize" else _SEQUENCES.get(key, key))
        self.soaked.screens[screen] += 1
        pressed = Pressed(len(self.soaked.pressed), key, screen, seconds, hand.stall)
        self.soaked.pressed.append(pressed)
        if max(seconds, hand.stall[0]) > MOST_SECONDS:
            _tell(pressed.told(seconds))
        _say_progress(len(self.soaked.pressed))

    def _rest(self, hand: Hand) -> float:
        """Go back to the list, let the program come to rest, and look at its memory."""
        for answer in _WAYS_BACK * 5:
            hand.session.rest(_QUIET, 20)
            hand.press("")
            if hand.screen == "TodayScreen":
                break
            for key in (*answer, "f2"):
                hand.press(_SEQUENCES[key])
        hand.session.rest(_AT_REST, 30)
        hand.press("")
        return hand.memory

    def _quit(self, hand: Hand) -> None:
        self._rest(hand)
        hand.press("q", answered=False)
        try:
            hand.session.ended(20)
        except Overdue:
            hand.faults[f"q did not end it on {hand.screen}"] += 1
            return
        hand.hear(0)
        if not hand.has_left or hand.session.code:
            hand.faults[f"q ended it with {hand.session.code}"] += 1

    def _ended(self, hand: Hand, error: Exception) -> None:
        last = self.soaked.pressed[-1] if self.soaked.pressed else None
        where = f"after key {last.number} “{last.key}” on {last.screen}" if last else "at its start"
        if isinstance(error, Overdue):
            hand.faults[f"no answer for {_HANGS:.0f} s {where}"] += 1
            return
        hand.session.ended(20)
        hand.hear(0)
        if hand.has_left and not hand.session.code:
            self.soaked.left += 1
            return
        said = [line.strip() for line in hand.session.screen.text.splitlines() if "planner" in line]
        hand.faults[f"ended with {hand.session.code} {where}: {' '.join(said)}"] += 1


class Hand:
    """One run of the program: keys go in, frames and answers come out."""

    def __init__(self, store: Path, folder: Path) -> None:
        own, other = socketpair()
        other.set_inheritable(True)
        words = ["-m", "tests.benchmarks.soaked", str(other.fileno()), str(folder)]
        line = ["--store", str(store), "--today", TODAY.isoformat(), "--lang", "en"]
        surroundings = {
            "HOME": str(folder),
            "PLANNER_CONFIG": str(folder / "settings.toml"),
            "PYTHONPATH": str(ROOT),
            "ESCDELAY": "5",  # else each Escape waits for what a slow line might bring after it
        }
        self.session = Session([sys.executable, *words, *line], surroundings)
        other.close()
        self.faults: Counter[str] = Counter()
        self.screen, self.memory, self.has_left = "", 0.0, False
        self.stall: Stall = (0.0, 0.0, 0.0, 0.0, "")
        self.live, self.used = (0, 0), (0.0, 0.0)
        self._end: socket = own
        self._heard = ""
        self._pressed = self._answered = 0

    def begin(self) -> None:
        """Wait for the list, and see every view once, so that what each needs is loaded."""
        self.session.until(lambda screen: "planning" in screen.text or "held" in screen.text, _HANGS)
        for key in (*_MODES, "escape", "f2"):
            self.session.rest(1.0)
            self.press(_SEQUENCES[key])
        self.session.rest(1.0, 20)
        self.press("")

    def press(self, key: str, *, answered: bool = True) -> float:
        """Press a key, or none; seconds to its frame, or until it is dealt with where it has none.

        Raises Gone, Overdue.
        """
        self.session.rest(0)  # a late frame of the key before is not this one's
        begun = self.session.press(key) if key else perf_counter()
        self._pressed += bool(key)
        if not answered:
            return 0.0
        self._answered -= 1
        self._end.sendall(f"{self._pressed}\n".encode())
        shown: float | None = None
        waiting, deadline = self._answered, perf_counter() + _HANGS
        while self._answered == waiting and perf_counter() < deadline:
            wrote, spoke = self.session.read_beside(self._end, deadline - perf_counter())
            if wrote and shown is None and not self.session.screen.in_update:
                shown = self.session.last
            if spoke:
                self.hear(1)
        if self._answered == waiting:
            raise Overdue
        dealt_with = perf_counter()
        if shown is None:  # a frame is written by a thread of its own; what comes after the first is another one's
            shown = self.session.frame(_WRITES)
        return (shown or dealt_with) - begun

    def hear(self, least: int) -> None:
        """Take what is told; `least` 0 takes what has come already. Raises Gone where nobody speaks any more."""
        self._end.setblocking(least > 0)
        try:
            data = self._end.recv(65536)
        except BlockingIOError:
            return
        finally:
            self._end.setblocking(True)
        if not data and least:
            raise Gone
        *lines, self._heard = (self._heard + data.decode()).split("\n")
        for line in lines:
            self._take(json.loads(line))

    def _take(self, told: dict[str, Any]) -> None:
        self.has_left |= told.get("left", False)
        self.faults.update(told.get("faults", ()))
        if "fault" in told:
            self.faults[told["fault"]] += 1
        if "screen" in told:
            self._answered += 1
            self.screen, self.memory, self.used = told["screen"], told["memory"], tuple(told["used"])
            self.live = tuple(told["live"])
            clock, thread, process, collector, place = told["stall"]
            self.stall = (clock, thread, process, collector, place)


def _growth(points: list[float]) -> float:
    few = max(1, len(points) // 5)
    return statistics.median(points[-few:]) / statistics.median(points[:few]) - 1


def _verdict(well: bool) -> str:
    return "ok    " if well else "FAILED"


def _spread(measured: list[float]) -> str:
    parts = (("median", 0.5), ("p95", 0.95), ("p99", 0.99), ("p99.9", 0.999), ("worst", 1.0))
    last = len(measured) - 1
    return ", ".join(f"{name} {_ms(measured[round(last * part)])}" for name, part in parts) if measured else "none"


def _counted(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counter.most_common())


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f}"


def _tell(line: str) -> None:
    """What comes of it, as it comes."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _say_progress(number: int) -> None:
    if sys.stderr.isatty() and number % 100 == 0:
        sys.stderr.write(f"\r{number} keys")


def main(arguments: list[str]) -> int:
    """Soak, and print the report; 1 where something failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks soak")
    parser.add_argument("--keys", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--citizens", type=int, default=150)
    options = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="planner-soak-") as folder:
        store = stores.standing(options.citizens)
        soak = Soak(store, Path(folder), Random(options.seed))
        soak.run(options.keys)
    sys.stdout.write(
        f"Soak with seed {options.seed}, {options.citizens} citizens; {machine()}, load {os.getloadavg()[0]:.1f}\n"
    )
    sys.stdout.writelines(f"{line}\n" for line in soak.soaked.lines())
    return 0 if soak.soaked.is_sound else 1
