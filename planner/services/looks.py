"""Who looked at whom and why: what is logged, and the log in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from planner.locale import N_, Language
from planner.services.ports import Access, AccessKind
from planner.services.room import Room

#: Looking at the same citizen, or list, for the same purpose again within this time is still the same look.
AGAIN = timedelta(minutes=10)

_KINDS: Final[Mapping[AccessKind, str]] = MappingProxyType(
    {
        AccessKind.VIEW: N_("looked"),
        AccessKind.SEARCH: N_("searched"),
        AccessKind.EXPORT: N_("exported"),
        AccessKind.PRINT: N_("made a text"),
        AccessKind.UNLOCK: N_("opened the store"),
        AccessKind.FAILED_UNLOCK: N_("tried to open the store in vain"),
    }
)
_PURPOSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "today": N_("today's list"),
        "week": N_("the week"),
        "citizen": N_("the whole story"),
        "search": N_("a search"),
        "explain": N_("why a day is proposed"),
        "summons": N_("a summons"),
        "offer": N_("an offer of times"),
        "case-note": N_("the case note"),
        "note": N_("notes"),
        "log": N_("the log of changes"),
        "looks": N_("the log of looks"),
        "insight": N_("the citizen's right of access"),
        "erase": N_("erasure"),
        "import": N_("an import"),
        "what-if": N_("what if"),
        "export": N_("the calendar file of bookings"),
        "form": N_("the evaluation form"),
        "supervision": N_("supervision"),
        "network": N_("the experience package"),
        "triage": N_("going through the list"),
        "plan": N_("the plan"),
        "evidence": N_("measures of a period"),
        "open": N_("the program"),
    }
)
#: Where the command says no more: something was decided or written down.
_OTHER = N_("work on the case")


@dataclass(frozen=True, slots=True)
class Look:
    """A look as it was logged; `account` is the user's account, `citizen_id` None for one that was erased, or nobody.

    `is_about_one`: it was at one citizen; else at `count` of them, where that was counted.
    """

    seq: int
    at: datetime
    account: str
    kind: AccessKind
    purpose: str
    citizen_id: str | None
    name: str
    is_about_one: bool
    count: int | None

    def what(self, language: Language) -> str:
        """What was done, and for what, in words."""
        done = language.text(_KINDS[self.kind])
        if self.kind in (AccessKind.UNLOCK, AccessKind.FAILED_UNLOCK):
            return done
        purpose = language.text(_PURPOSES.get(self.purpose, _OTHER))
        if self.count is None:
            return f"{done}: {purpose}"
        counted = language.plural("{n} citizen", "{n} citizens", self.count)
        return f"{done}: {purpose} ({counted})"


class Looks:
    """Writes looks down, each once while it lasts."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._last: dict[tuple[str, str], datetime] = {}

    def note(self, kind: AccessKind, purpose: str, citizen_id: str | None = None, count: int | None = None) -> None:
        """Log a look at a citizen, or at `count` of them; nothing for a citizen who is not there."""
        key = None
        if citizen_id is not None:
            key = self._room.snapshot().keys.get(citizen_id)
            if key is None:
                return
        if kind is AccessKind.VIEW and self._lasts(key or "", purpose):
            return
        self._room.store.log_access(Access(kind, purpose, key, count))

    def note_each(self, purpose: str, keys: Iterable[str], count: int) -> None:
        """Log looks at citizens by the store's keys, and one at all `count` of them."""
        views = [Access(AccessKind.VIEW, purpose, key) for key in keys if not self._lasts(key, purpose)]
        self._room.store.log_access(*views, Access(AccessKind.VIEW, purpose, None, count))

    def all(self, limit: int | None = None, citizen_id: str | None = None) -> tuple[Look, ...]:
        """What was logged, newest first; raises NotFound for an unknown citizen."""
        with self._room.store.read() as view:
            key = None if citizen_id is None else self._room.key_of(view, citizen_id)
            known = self._room.refreshed(view).citizens
            rows = view.accesses(limit, key)
        found = []
        for row in rows:
            citizen = known.get(row.access.citizen or "")
            found.append(
                Look(
                    seq=row.seq,
                    at=row.at,
                    account=row.account,
                    kind=row.access.kind,
                    purpose=row.access.purpose,
                    citizen_id=citizen.id if citizen else None,
                    name=citizen.shown_name if citizen else "",
                    is_about_one=row.access.citizen is not None,
                    count=row.access.count,
                )
            )
        return tuple(found)

    def _lasts(self, key: str, purpose: str) -> bool:
        now = self._room.clock.now()
        before = self._last.get((key, purpose))
        if before is not None and timedelta(0) <= now - before < AGAIN:
            return True
        self._last[key, purpose] = now
        return False
