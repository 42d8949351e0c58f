"""What somebody at the terminal waits for, on a pseudo-terminal beside an empty Textual app and a bare list.

The stores are not encrypted, so that nobody has to type; what the passphrase costs is measured by itself.
"""

from __future__ import annotations

import re
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from planner.domain.calendar import OfficeCalendar
from tests.benchmarks import stores
from tests.benchmarks.floors import READY
from tests.benchmarks.measure import Floors, Table, p95, run
from tests.benchmarks.tty import Cell, Gone, Overdue, Screen, Session
from tests.instances import TODAY

SMALL, LARGE = 150, 10_000
#: Seconds that a large store may take to open, or to be planned anew.
_PATIENCE = 300
#: Seconds after which a key is no longer waited for; it counts as if it had taken so long.
_LONGEST = 30
#: Seconds without output after which a view, a dialog or a list that was narrowed stands.
_STANDS = 0.3
#: Seconds without a key after which the next working day was made ready.
_AHEAD = 15.0
#: Seconds in which somebody reads the list before the first key.
_READS = 3.0
#: How often the program is only started and left, and how often it is played.
_STARTS = 7
_TIMES = {SMALL: 2, LARGE: 1}
#: Cells of a line that belong to the list and not to the card.
_LIST = 40
#: What stands beside a list that cannot be looked into yet.
_OPENING = "Opening…"
_DOWN = "cursor down"
_DETAIL = "the detail beside it"
_LETTER = "a letter of the search"
#: Each mode's key and what is seen of it alone.
_MODES = {
    "f3": r"^ Week \d",
    "f4": r"^ *available ",
    "f5": r"^Adopted here",
    "f2": r"h held",  # its footer: the headings may be out of sight
}
_SEARCHED = "aase p"
#: A change, its key, and what its dialog asks.
_CHANGES = (("accept", "a", ""), ("postpone", "p", r"Reason \("), ("held", "h", "Conversation held: "))
_PASSPHRASE = "blåbærgrød på fad"


@dataclass(slots=True)
class Played:
    """What one program took: seconds of each start, of a start till a key acts, end and key, and its peaks in MiB."""

    frame: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    end: list[float] = field(default_factory=list)
    soon: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    keys: dict[str, list[float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hand:
    """The hand on the keys of one session; what each key took goes to what was played."""

    session: Session
    played: Played

    def took(self, name: str, seconds: float) -> None:
        """Keep what a key took."""
        self.played.keys.setdefault(name, []).append(seconds)

    def key(self, name: str, key: str, shown: Callable[[Screen], bool] | None = None) -> None:
        """Press a key that is measured until the screen shows what it is to show, or anything else than before."""
        before = self.session.screen.state
        pressed = self.session.press(key)
        try:
            seen = self.session.until(shown or (lambda screen: screen.state != before), _LONGEST)
        except Overdue:
            seen = pressed + _LONGEST
        self.took(name, seen - pressed)
        self.session.rest(_STANDS)

    def letter(self, letter: str) -> None:
        """Type a letter, which is seen at once; the list that it narrows stands when the output rests."""
        before = self.session.screen.state
        pressed = self.session.press(letter)
        self.session.until(lambda screen: screen.state != before)
        self.took(_LETTER, self.session.rest(_STANDS) - pressed)

    def down(self) -> None:
        """Move the cursor: when it is seen, and when the output rests."""
        before = self.session.screen.state
        pressed = self.session.press("down")
        self.took(_DOWN, self.session.until(lambda screen: screen.state != before) - pressed)
        self.took(_DETAIL, self.session.rest() - pressed)


def terminal(floors: Floors) -> Table:
    """Start, keys, memory and end with 150 and with 10,000 citizens, ten years of history each."""
    empty, bare = Played(), {SMALL: Played(), LARGE: Played()}
    planner, anew, ahead = {SMALL: Played(), LARGE: Played()}, Played(), Played()
    files = {count: _left(stores.standing(count)) for count in (SMALL, LARGE)}
    for _ in range(_STARTS):
        _play_floor(empty, "empty")
        for count, file in files.items():
            _start(planner[count], file)
    for played, seconds in ((anew, 0.0), (ahead, _AHEAD)):
        for _ in range(3):
            _left(files[SMALL], seconds)  # the plan that is kept is of one day
            _start(played, files[SMALL], OfficeCalendar().working_days_after(TODAY, 1))
    _left(files[SMALL])
    for count, times in _TIMES.items():
        for _ in range(times):
            _play_floor(bare[count], "list", str(count))
            _play_planner(planner[count], files[count], changes=8 if count == SMALL else 5)
    typed = _passphrase_to_frame(stores.standing(SMALL, _PASSPHRASE))
    rows = [
        *_judged(empty, bare, planner),
        _Judged(f"first frame of a new day, {SMALL}", anew.frame, statistics.median(anew.frame), "ms"),
        _Judged(f"first frame of a new day made ahead, {SMALL}", ahead.frame, statistics.median(ahead.frame), "ms"),
        _Judged(f"passphrase typed to the frame, {SMALL}", (typed,), typed, "ms"),
    ]
    del floors
    return _table("The terminal", "from the key to the screen, beside an empty Textual app and a bare list", rows)


def _play_floor(played: Played, *words: str) -> None:
    session = Session([sys.executable, "-m", "tests.benchmarks.floors", *words], {})
    try:
        played.frame.append(session.until(_sees(READY)) - session.begun)
        session.rest(1)
        for _ in range(100 if words[0] == "list" else 0):
            Hand(session, played).down()
        played.memory.append(session.memory())
        _ended(session, played)
    finally:
        session.close()


def _left(store: Path, idle: float = 0.0) -> Path:
    """The store as it is when somebody has looked at today's list, rested for so many seconds, and left."""
    session = _planner(store)
    try:
        session.until(_sees(stores.SURNAMES), _PATIENCE)
        _stands(session)
        session.rest(2 + idle)
        _ended(session, Played())
        return store
    finally:
        session.close()


def _start(played: Played, store: Path, day: date = TODAY) -> None:
    session = _planner(store, day)
    try:
        played.frame.append(session.until(_sees(stores.SURNAMES), _PATIENCE) - session.begun)
        lit = _inks(session.screen)
        session.press("down")
        played.answered.append(session.until(lambda screen: _inks(screen) != lit, _PATIENCE) - session.begun)
        _stands(session)
        session.rest(1)
        played.soon.append(session.memory())
        _ended(session, played)
    finally:
        session.close()


def _inks(screen: Screen) -> list[Cell]:
    """The second citizen's line without its blanks: it changes when the cursor comes to it, and by nothing before."""
    lines = [y for y, line in enumerate(screen.text.split("\n")) if re.match(r"\S \S", line)]  # a sign and a name
    return [cell for cell in screen.state[lines[1]][:_LIST] if cell[0] != " "]


def _stands(session: Session) -> None:
    """Wait until the store is read and the plan judged."""
    session.press("down")
    session.rest(0.5)
    session.until(lambda screen: _OPENING not in screen.text and _is_planned(screen), _PATIENCE)


def _play_planner(played: Played, store: Path, changes: int) -> None:
    session = _planner(store)
    try:
        session.until(_sees(stores.SURNAMES), _PATIENCE)
        _stands(session)
        session.rest(_READS)
        _look_around(Hand(session, played))
        _decide(Hand(session, played), changes)
        session.until(_is_planned, _PATIENCE)
        session.rest(1)
        played.memory.append(session.memory())
        session.press("q")
        session.ended(30)
    except (Overdue, Gone) as error:
        raise RuntimeError(f"the screen of {store.name} said:\n{error}") from error
    finally:
        session.close()


def _planner(store: Path, day: date = TODAY) -> Session:
    words = ["--store", str(store), "--today", day.isoformat(), "--lang", "en"]
    return Session([sys.executable, "-m", "planner", *words], {"PLANNER_CONFIG": str(store.with_name("settings.toml"))})


def _ended(session: Session, played: Played) -> None:
    pressed = session.press("q")
    played.end.append(session.ended() - pressed)


def _look_around(hand: Hand) -> None:
    for _ in range(100):
        hand.down()
    for _ in range(20):
        for key in ("home", "pgdn", "end"):
            hand.key(key, key)
    for again in (False, True, True):
        for key, seen in _MODES.items():
            hand.key("next mode" if again else "next mode, the first time", key, _sees(seen))
    for _ in range(10):
        hand.key("palette", "ctrl+p", lambda screen: "Why this day" in screen.text)
        hand.session.press("esc")
        hand.session.rest(0.3)
    for _ in range(4):
        hand.session.press("/")
        hand.session.until(lambda screen: "Search by name" in screen.text)
        hand.session.rest(0.5)
        for letter in _SEARCHED:
            hand.letter(letter)
        hand.session.press("esc")
        hand.session.rest(0.5)


def _decide(hand: Hand, times: int) -> None:
    session = hand.session
    for name, key, asked in _CHANGES * times:
        session.until(lambda screen: not _is_marked(screen), _PATIENCE)
        session.press("home")  # those who wait longest have a proposal
        session.rest(1)
        if asked:
            session.press(key)
            session.until(_sees(asked), _PATIENCE)
            session.rest(_STANDS)
        reason = f"ferie {len(hand.played.keys.get(name, ()))}"  # the same again would be no change
        for typed in ("+2w", "tab", reason) if name == "postpone" else ():
            session.press(typed)
            session.rest(_STANDS)
        hand.key(name, "enter" if asked else key, _is_marked)
        if name == "held":
            session.until(_sees("Case note"), _PATIENCE)
            session.rest(_STANDS)
            session.press("esc")
            session.until(lambda screen: "Case note" not in screen.text, _PATIENCE)


def _sees(pattern: str) -> Callable[[Screen], bool]:
    return lambda screen: re.search(pattern, screen.text, re.M) is not None


def _is_marked(screen: Screen) -> bool:
    """Whether the list shows that something was just done with somebody."""
    return re.search(r"^\* ", screen.text, re.M) is not None


def _is_planned(screen: Screen) -> bool:
    return "planning" not in screen.text.partition("\n")[0]


def _passphrase_to_frame(store: Path) -> float:
    session = _planner(store)
    try:
        session.until(lambda screen: "Passphrase" in screen.text)
        pressed = session.press(f"{_PASSPHRASE}\r")
        return session.until(_sees(stores.SURNAMES), _PATIENCE) - pressed
    finally:
        session.close()


# --- judging --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Judged:
    """A row: seconds or MiB as measured, the figure that is judged, its unit, what is asked and what is hoped for."""

    what: str
    measured: Sequence[float]
    value: float
    unit: str
    least: float | None = None
    hoped: float | None = None
    scale: float = 1000

    @property
    def verdict(self) -> str:
        """How it stands."""
        if self.least is None:
            return "—"
        if self.value > self.least:
            return "not reached"
        return "reached" if self.hoped is None or self.value > self.hoped else "better than hoped"

    def cells(self) -> tuple[str, ...]:
        """The row of the table."""
        middle, high = (f"{self.scale * one:.1f}" for one in (statistics.median(self.measured), p95(self.measured)))
        return (self.what, middle, high, str(len(self.measured)), *map(self._told, self._figures()), self.verdict)

    def _figures(self) -> tuple[float | None, ...]:
        return self.value, self.least, self.hoped

    def _told(self, figure: float | None) -> str:
        if figure is None:
            return ""
        return f"{1000 * figure:.1f} ms" if self.unit == "ms" else f"{figure:.2f} ×"


def _judged(empty: Played, bare: dict[int, Played], planner: dict[int, Played]) -> Iterator[_Judged]:
    asked = {SMALL: (1.25, 1.0, 1.8), LARGE: (1.4, 1.05, 2.2)}
    yield _Judged("an empty Textual app's first frame", empty.frame, 1, "×")
    yield _Judged("an empty Textual app's end", empty.end, 1, "×")
    yield _Judged("an empty Textual app's MiB", empty.memory, 1, "×", scale=1)
    for count, played in planner.items():
        frame, hoped, memory = asked[count]
        floor = bare[count].keys[_DOWN]
        down, detail = played.keys[_DOWN], played.keys[_DETAIL]
        pairs = [own / other for own, other in zip(played.frame, empty.frame, strict=True)]
        answered = [own / other for own, other in zip(played.answered, empty.frame, strict=True)]
        yield _Judged(f"first frame, {count:,}", played.frame, statistics.median(pairs), "×", frame, hoped)
        yield _Judged(f"the start until a key acts, {count:,}", played.answered, statistics.median(answered), "×")
        yield _Judged(f"{_DOWN} in a bare list, {count:,}", floor, 1, "×")
        middle = statistics.median(down) / statistics.median(floor)
        yield _Judged(f"{_DOWN}, {count:,}: median", down, middle, "×", 1.5, 1.1)
        yield _Judged(f"{_DOWN}, {count:,}: p95", down, p95(down) / p95(floor), "×", 2, 1.1)
        yield _Judged(f"{_DETAIL}, {count:,}", detail, p95(detail), "ms", 0.04, 0.02)
        for name in ("pgdn", "home", "end", "next mode", "next mode, the first time", "palette"):
            yield _key(f"{name}, {count:,}", played.keys[name], 0.05, 0.02)
        yield _key(f"{_LETTER}, {count:,}", played.keys[_LETTER], 0.03, 0.01)
        for name in ("accept", "postpone", "held"):
            yield _key(f"{name}, {count:,}", played.keys[name], 0.04, 0.02)
        most = statistics.median(played.memory) / statistics.median(empty.memory)
        soon = statistics.median(played.soon) / statistics.median(empty.memory)
        yield _Judged(f"peak MiB with the first list, {count:,}", played.soon, soon, "×", scale=1)
        yield _Judged(f"peak MiB, {count:,}", played.memory, most, "×", memory, 1.4, scale=1)
        end = statistics.median(played.end) / statistics.median(empty.end)
        yield _Judged(f"quit, {count:,}", played.end, end, "×", 1.2)
    for name in (_DOWN, _DETAIL, _LETTER):
        small, large = planner[SMALL].keys[name], planner[LARGE].keys[name]
        yield _Judged(f"growth: {name}", large, statistics.median(large) / statistics.median(small), "×", 2, 1.2)


def _key(what: str, measured: Sequence[float], least: float, hoped: float) -> _Judged:
    return _Judged(what, measured, p95(measured), "ms", least, hoped)


def _table(title: str, goal: str, rows: Sequence[_Judged]) -> Table:
    columns = ("what", "median", "p95", "n", "judged", "at least", "hoped for", "")
    missed = [f"{one.what} {one.cells()[4]}" for one in rows if one.verdict == "not reached"]
    bars = tuple((one.what, one.value / one.least, one.cells()[4]) for one in rows if one.least is not None)
    return Table(title, goal, columns, [one.cells() for one in rows], missed, bars)


# --- the line -------------------------------------------------------------------------------------------------------


def lines(floors: Floors) -> Table:
    """The lines that others call often, against an empty Python process taken in turn."""
    store = stores.standing(SMALL)
    today = ("today", "--json", "--store", str(store), "--today", TODAY.isoformat())
    asked = {
        "python -c pass": (("-c", "pass"), None, None),
        "planner today --json, 150": (("-m", "planner", *today), 12, 6),
        "planner --help": (("-m", "planner", "--help"), 3, 2),
        "planner completion bash": (("-m", "planner", "completion", "bash"), 3, 2),
    }
    took: dict[str, list[float]] = {name: [] for name in asked}
    for number in range(8):
        for name, (words, _, _) in asked.items():
            seconds = run(*words).seconds
            if number:  # the first one warms the files
                took[name].append(seconds)
    floor = took["python -c pass"]
    rows = []
    for name, (_, least, hoped) in asked.items():
        ratio = statistics.median(own / other for own, other in zip(took[name], floor, strict=True))
        rows.append(_Judged(name, took[name], ratio, "×", least, hoped))
    del floors
    return _table("The line", "what scripts and shells call, beside an empty Python process", rows)
