"""What every command is given: the language, the output, and the ways to the store and to files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from planner.causes import cause_of
from planner.cli.output import Output
from planner.domain.masking import Masking
from planner.domain.text import folded
from planner.errors import Fault, InputError, NotFound, PlannerError
from planner.locale import N_, Language
from planner.progress import PLANNING, CalledOff, Reach, unwatched
from planner.settings import Settings

if TYPE_CHECKING:
    from planner.cli.progress import ProgressLine
    from planner.domain.citizens import Citizen
    from planner.services.desk import Desk, Done
    from planner.services.results import Today

#: Beside long work that leaves everything as it was where it is ended.
HARMLESS = N_("Ctrl+C stops it without loss")
MOST_BYTES = 64 * 1024 * 1024


class Ambiguous(NotFound):
    """Several citizens answer to the name; `lines` lists them."""

    def __init__(self, message: str, lines: tuple[str, ...], **values: object) -> None:
        super().__init__(message, **values)
        self.lines = lines


@dataclass(slots=True)
class Context:
    """One run of the command line."""

    language: Language
    out: Output
    json: bool = False
    verb: str = ""
    store: Path | None = None
    day: date | None = None
    settings: Settings = field(default_factory=Settings)
    screen: Callable[[Context], int] | None = None
    opener: Callable[[], Desk] | None = None
    masking: Masking = Masking.CPR
    _desk: Desk | None = None
    _is_over: bool = False
    _turn: Lock = field(default_factory=Lock, repr=False)
    _key: bytes | None = field(default=None, repr=False)

    def desk(self) -> Desk:
        """What the user can do with the store; opened when it is first asked for, and what a crash left is told."""
        if self._desk is None:
            self.unlock()
            with self.progress() as reach:
                survived = self.screen_desk(reach).survived()
            if survived is not None:
                self.out.error(survived.text(self.language))
        return self.screen_desk()

    def screen_desk(self, reach: Reach = unwatched) -> Desk:
        """The same for the screen, which tells by itself what a crash left; raises CalledOff once this run is over."""
        if self._desk is None:
            from planner.bootstrap import load

            load()  # whoever leaves meanwhile does not wait for it
        with self._turn:
            if self._is_over:
                raise CalledOff
            if self._desk is None:
                self._desk = self.opener() if self.opener is not None else self._open(reach)
                self._desk.masking = self.masking
            return self._desk

    def _open(self, reach: Reach) -> Desk:
        from planner.bootstrap import open_desk

        self.unlock()
        return open_desk(self.store, self.day, key=self._key, reach=reach)

    def planned(self) -> Today:
        """Today's list; where its plan has to be made first, a line says so meanwhile."""
        desk = self.desk()
        with self.progress() as reach:
            reach(PLANNING, 0, 0)
            return desk.today()

    def progress(self, hint: str = "") -> ProgressLine:
        """A line that says how far the work in its block is, where somebody sees it and it takes long."""
        from planner.cli.progress import ProgressLine

        watched = self.out.is_watched and not self.json
        return ProgressLine(self.out, self.language, watched=watched, hint=hint)

    def reading(self) -> ProgressLine:
        """The same while a file is read that is to be taken in; it says how to stop, which costs nothing."""
        return self.progress(self.text(HARMLESS))

    @contextmanager
    def changing(self) -> Iterator[Reach]:
        """The same around one change of the store; at Ctrl+C it says whether the change was made."""
        with self.stoppable(self.desk().last_action) as reach:
            yield reach

    @contextmanager
    def telling(self, message: str) -> Iterator[None]:
        """At Ctrl+C say what became of it, on a line of its own: that of a question is still open."""
        try:
            yield
        except KeyboardInterrupt:
            self.out.error("")
            self.out.error(self.text(message))
            raise

    @contextmanager
    def stoppable(self, state: Callable[[], object]) -> Iterator[Reach]:
        """The same around work that is done when the `state` is another one than before."""
        before = state()
        try:
            with self.progress(self.text(HARMLESS)) as reach:
                yield reach
        except KeyboardInterrupt:
            made = state() != before
            said = N_("It was done before it could be called off.") if made else N_("Called off; nothing was changed.")
            self.out.error("")  # what the terminal shows of the key stands on the line
            self.out.error(self.text(said))
            raise

    def unlock(self) -> None:
        """Have the key of the store, asking for the passphrase where one is needed; raises StoreError."""
        if self._key is None and self.opener is None:
            from planner.cli.secrets import unlocked

            self._key = unlocked(self)

    def told_before(self) -> str | None:
        """Today's list as JSON, made ready when it was told last, where nothing has changed; the look is logged."""
        if self._desk is not None or self.opener is not None:
            return None
        from planner.bootstrap import told_before

        self.unlock()
        return told_before(self.store, self._key, self.day, self.masking, self.language.code)

    @property
    def key(self) -> bytes | None:
        """The key of the store, once it is unlocked."""
        return self._key

    def use_key(self, key: bytes) -> None:
        """Open the store with this key."""
        self._key = key

    @property
    def is_passing(self) -> bool:
        """Whether the store is gone with the process, as that of the demo, which leaves nothing behind."""
        return self.opener is not None

    def today(self) -> date:
        """The planning date."""
        return self.day or self.desk().present().today

    def back_up(self) -> None:
        """Make a backup where one is due; where that fails, what was done stands, and the failure is told."""
        if self._desk is not None:
            try:
                self._desk.back_up_if_due()
            except PlannerError as error:
                from planner.cli.failures import tell

                tell(error, self.language, self.out)

    def close(self) -> None:
        """Let go of the store."""
        self._is_over = True
        with self._turn:  # the screen may be left while it is still being opened
            if self._desk is not None:
                self._desk.close()
                self._desk = None

    def begin_again(self) -> None:
        """Let the store be opened once more."""
        self._is_over = False

    def text(self, msgid: str, **values: object) -> str:
        """The message in the user's language."""
        return self.language.text(msgid, **values)

    def plural(self, one: str, many: str, n: int, **values: object) -> str:
        """The counted message in the user's language."""
        return self.language.plural(one, many, n, **values)

    def citizen(self, name: str) -> Citizen:
        """The citizen with that id, or the only one with that part of a name; raises NotFound, Ambiguous."""
        found = self.desk().find(name)
        if len(found) > 1:  # their names are about to be told
            self.desk().searched(len(found))
        citizen = only(found, name)
        self.desk().looked(self.verb, citizen.id)
        return citizen

    def listed(self, count: int) -> None:
        """Log that this verb shows so many citizens."""
        self.desk().looked(self.verb, count=count)

    def done(self, done: Done, *, undone: bool = False) -> int:
        """Say what was done and how it is undone, or what was undone and how it is done again."""
        text = done.text(self.language)
        if self.json:
            about = {"citizens": list(done.citizens)} if done.citizens else {}
            self.out.json({"done": done.seq, "citizen": done.citizen_id, **about, "message": text})
        else:
            self.out.line(text)
            back = self.text("Do it again with: planner redo") if undone else self.text("Undo it with: planner undo")
            self.out.line(back)
        return 0


def say_assumed(context: Context) -> None:
    """Say that an ordinary working week is assumed, where nobody has set one."""
    if context.desk().hours_are_assumed():
        from planner.services.week import assumption

        context.out.line(assumption(context.language, "planner office"))


def only(found: tuple[Citizen, ...], name: str) -> Citizen:
    """The one citizen that was meant; raises NotFound for none and Ambiguous for several."""
    # A name that is empty, as from a variable of the shell that nobody has set, means nobody and not everybody.
    anybody = list(found) if folded(name).strip() else []
    exact = [citizen for citizen in found if citizen.id == name] or anybody
    if len(exact) == 1:
        return exact[0]
    if not exact:
        raise NotFound("No citizen is called “{name}”", name=name)
    lines = tuple(f"{citizen.id}: {citizen.shown_name}" for citizen in exact)
    raise Ambiguous("Several citizens are called “{name}”; give an id", lines, name=name)


def read_bytes(name: str) -> bytes:
    """The bytes of a file, or of standard input for `-`; raises InputError naming what is wrong."""
    from planner.exchange.given_file import check_size, read_given

    if name != "-":
        return read_given(name)
    if sys.stdin is None or sys.stdin.closed:
        raise InputError("The file cannot be read", [Fault("-", "standard input is closed", "a caseload file")])
    return check_size(name, sys.stdin.buffer.read(MOST_BYTES + 1))


def write_bytes(name: str, data: bytes) -> None:
    """Write a new file, whole or not at all; raises PlannerError where that is not possible."""
    path = Path(name)
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except (OSError, ValueError) as error:
        with suppress(OSError, ValueError):
            part.unlink(missing_ok=True)
        raise PlannerError("The file {path} cannot be written: {cause}", path=name, cause=cause_of(error)) from None


def parameters(pairs: list[str]) -> Mapping[str, object]:
    """`NAME=VALUE` pairs as a mapping, whole numbers as numbers; raises InputError for another shape."""
    found: dict[str, object] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            raise InputError("The option is wrong", [Fault("--set", f"“{pair}”", "NAME=VALUE")])
        found[name] = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else value
    return found
