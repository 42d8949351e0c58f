"""Verbs on what opens the store: make it encrypted, change the passphrase, the recovery key, the slots."""

from __future__ import annotations

import secrets
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from planner.cli.choices import integer
from planner.cli.context import Context
from planner.cli.output import is_interactive
from planner.cli.parser import Parser, Verbs
from planner.errors import PlannerError, Refused, StoreError
from planner.locale import N_

if TYPE_CHECKING:
    from planner.store.keys.slots import Kind, Slot

_ASKED_BACK = 2
_ATTEMPTS = 5
#: Seconds in which another line is done with the store.
_WAIT = 2.0
_NOT_WRITTEN, _NOT_CHANGED = N_("Nothing was written."), N_("Nothing was changed; the recovery key before holds.")


def register(verbs: Verbs) -> None:
    """Add the verbs."""
    text = verbs.text
    made = verbs.verb("init", init)
    _passphrase_file(made, text("a file that only you can read, with the passphrase in its first line"), verbs)
    _recovery_to(made, verbs)
    key = verbs.verb("key", list_slots)
    below = verbs.under(key, "key_verb")

    below.add("list", text("list what opens the store"), list_slots)
    made = below.add("passphrase", text("another passphrase in the place of the one before"), change_passphrase)
    made.add_argument(
        "--recovery", action="store_true", help=text("open with the recovery key: the passphrase is lost")
    )
    _passphrase_file(made, text("a file that only you can read, with the new passphrase in its first line"), verbs)
    made = below.add("recovery", text("a new recovery key in the place of the one before"), new_recovery)
    _recovery_to(made, verbs)
    below.add(
        "keyring", text("let the operating system's keyring open the store as well, after the passphrase"), use_keyring
    )
    below.add("test", text("try whether the recovery key that you have written down opens the store"), test_recovery)
    made = below.add("remove", text("remove a slot"), remove)
    made.add_argument("number", type=integer, metavar="N", help=text("its number in the list"))


def _passphrase_file(parser: Parser, description: str, verbs: Verbs) -> None:
    parser.add_argument("--passphrase-file", metavar=verbs.text("FILE"), help=description)


def _recovery_to(parser: Parser, verbs: Verbs) -> None:
    parser.add_argument(
        "--recovery-to",
        metavar=verbs.text("FILE"),
        help=verbs.text("a new file for the recovery key instead of asking it back: print it and remove the file"),
    )


def init(context: Context, options: Namespace) -> int:
    """Make the store, or encrypt it."""
    from planner.bootstrap import chosen_store
    from planner.store.keys.beside import key_paths
    from planner.store.vault import NO_KEY, State, state

    path = chosen_store(context.store)
    found = state(path)
    if found is State.LOCKED:
        raise Refused(N_("The store {path} is encrypted already; planner key changes what opens it"), path=path)
    if found is State.STRANGE:
        raise StoreError(NO_KEY, path=path, key=key_paths(path)[0])
    if not set_up(context, path, options.passphrase_file, options.recovery_to):
        raise PlannerError(_NOT_WRITTEN)
    return 0


def set_up(context: Context, path: Path, passphrase_file: str | None = None, recovery_to: str | None = None) -> bool:
    """Ask for a passphrase, hand over the recovery key, make or encrypt the store; gives whether it is done."""
    from planner.cli.secrets import new_passphrase
    from planner.places import check_place
    from planner.services.clock import SystemClock
    from planner.store import vault

    check_place(path)
    _check_askable(recovery_to)
    prepared = vault.prepare(new_passphrase(context, passphrase_file), SystemClock(context.day).today())
    if not _handed_over(context, prepared.recovery, recovery_to, _NOT_WRITTEN):
        return False
    vault.init(path, prepared)
    context.use_key(prepared.key)
    _tell(context, N_("The store {path} is encrypted."), path=path)
    return True


def list_slots(context: Context, options: Namespace) -> int:
    """What opens the store."""
    from planner.store.keys import unlocking

    slots = unlocking.slots(_locked_store(context))
    if context.json:
        context.out.json([{"number": s.id, "kind": s.kind.value, "made_on": s.made_on.isoformat()} for s in slots])
        return 0
    for slot in slots:
        context.out.line(f"{slot.id}. {slot_words(context, slot)}")
    return 0


def change_passphrase(context: Context, options: Namespace) -> int:
    """Another passphrase."""
    from planner.cli.secrets import new_passphrase, secret_file
    from planner.services.clock import SystemClock
    from planner.store import vault

    path = _free_store(context)
    key = _by_recovery(context, path) if options.recovery else _key(context)
    given = secret_file(options.passphrase_file) if options.passphrase_file else None
    if given is None and not is_interactive():
        raise PlannerError(N_("A passphrase is asked for on a terminal; name a file with --passphrase-file instead."))
    chosen = given if given is not None else new_passphrase(context, asked=True)
    vault.change_passphrase(path, key, chosen, SystemClock(context.day).today())
    return _tell(context, N_("The passphrase is changed; the one before opens nothing any more."))


def new_recovery(context: Context, options: Namespace) -> int:
    """A new recovery key; the one before holds until the new one is written down."""
    from planner.services.clock import SystemClock
    from planner.store import vault
    from planner.store.keys.recovery import new_recovery_key

    path = _free_store(context)
    _check_askable(options.recovery_to)
    key, made = _key(context), new_recovery_key()
    if not _handed_over(context, made, options.recovery_to, _NOT_CHANGED):
        raise PlannerError(_NOT_CHANGED)
    vault.replace_recovery(path, key, made, SystemClock(context.day).today())
    return _tell(context, N_("The recovery key is changed; the one before opens nothing any more."))


def use_keyring(context: Context, options: Namespace) -> int:
    """The operating system's keyring as one more way to open the store."""
    from planner.services.clock import SystemClock
    from planner.store import vault
    from planner.store.keys import keyring_of_os

    path = _free_store(context)
    keyring_of_os.check()
    vault.use_keyring(path, _key(context), SystemClock(context.day).today())
    return _tell(
        context,
        N_(
            "The operating system's keyring opens the store from now on. "
            "Changing the keys and a lock ask for the passphrase."
        ),
    )


def test_recovery(context: Context, options: Namespace) -> int:
    """Whether the recovery key opens the store; nothing is changed."""
    _by_recovery(context, _locked_store(context))
    return _tell(context, N_("The recovery key opens the store."))


def remove(context: Context, options: Namespace) -> int:
    """Remove a slot; only somebody who can open the store may."""
    from planner.store import vault

    path = _free_store(context)
    _key(context)
    vault.remove_slot(path, options.number)
    return _tell(context, N_("Slot {number} is removed."), number=options.number)


def _locked_store(context: Context) -> Path:
    from planner.bootstrap import chosen_store
    from planner.store.keys.beside import key_paths
    from planner.store.vault import NO_KEY, State, state

    path = chosen_store(context.store)
    found = state(path)
    if found is State.MISSING:
        raise Refused(N_("There is no store {path} yet. Make it with: planner init"), path=path)
    if found is State.STRANGE:
        raise StoreError(NO_KEY, path=path, key=key_paths(path)[0])
    if found is not State.LOCKED:
        raise Refused(N_("The store {path} has no keys: it is not encrypted."), path=path)
    return path


def _free_store(context: Context) -> Path:
    """The same, told before anything is asked or handed over where the program is open on it elsewhere."""
    from planner.store.lock import alone

    path = _locked_store(context)
    with alone(path, _WAIT):
        return path


def _key(context: Context) -> bytes:
    """The key, by somebody who knows the passphrase: an open session of the system's is not enough to change keys."""
    from planner.cli.secrets import unlocked

    key = unlocked(context, by_keyring=False)
    assert key is not None
    context.use_key(key)
    return key


def _by_recovery(context: Context, path: Path) -> bytes:
    from planner.store.keys import unlocking
    from planner.store.keys.slots import Kind

    if not is_interactive():
        raise PlannerError(N_("The recovery key is asked for on a terminal."))
    try:
        typed = context.out.reply(context.text("Recovery key:"))
    except KeyboardInterrupt:
        typed = None
    if typed is None:
        context.out.error("")
    context.out.forget()
    if typed is None:  # Ctrl+D is no wrong key
        raise KeyboardInterrupt
    return unlocking.unlock(path, Kind.RECOVERY, typed)


def _check_askable(recovery_to: str | None) -> None:
    """Refuse before anything is asked where the recovery key could not be handed over."""
    if recovery_to:
        from planner.exchange.paper_files import check_new

        check_new(recovery_to)
    elif not is_interactive():
        raise PlannerError(
            N_("The recovery key is asked back on a terminal; name a new file for it with --recovery-to instead.")
        )


def _handed_over(context: Context, recovery: str, recovery_to: str | None, refused: str) -> bool:
    """Write the key into a file, or show it and ask two groups back; gives whether the user has it.

    `refused`: what is told at Ctrl+C.
    """
    if recovery_to:
        from planner.exchange.paper_files import save_text

        save_text(recovery_to, recovery + "\n")
        if not context.json:
            context.out.line(context.text("The recovery key is in {file}: print it, then remove it.", file=recovery_to))
        return True
    with context.telling(refused):
        return _asked_back(context, recovery)


def _asked_back(context: Context, recovery: str) -> bool:
    from planner.store.keys.recovery import groups

    out, text = context.out, context.text
    out.line()
    out.line(text("Write this recovery key on paper, and keep it away from the computer."))
    out.line(text("It opens the store when the passphrase is forgotten. It is shown only now."))
    out.line()
    out.line(f"    {recovery}")
    out.line()
    parts = groups(recovery)
    asked = sorted(secrets.SystemRandom().sample(range(len(parts)), _ASKED_BACK))
    for at in asked:
        for _ in range(_ATTEMPTS):
            out.flush()
            typed = out.reply(
                text("Group {number} of the recovery key, as you have written it (q leaves):", number=at + 1)
            )
            if typed is None:
                out.error("")  # the question's line is still open
            if typed is None or typed.casefold() == "q":
                return False
            if typed.strip().upper() == parts[at]:
                break
            out.error(text("That is not group {number}.", number=at + 1))
        else:
            return False
    out.forget()
    return True


def _tell(context: Context, message: str, **values: object) -> int:
    said = context.text(message, **values)
    if context.json:
        context.out.json({"message": said})
    else:
        context.out.line(said)
    return 0


def slot_words(context: Context, slot: Slot) -> str:
    """What opens the slot, and since when."""
    made_on = context.text("made {on}", on=context.language.date(slot.made_on))
    return f"{context.text(_kind(slot.kind))}, {made_on}"


def _kind(kind: Kind) -> str:
    return {
        "passphrase": N_("passphrase"),
        "recovery": N_("recovery key"),
        "keyring": N_("the operating system's keyring"),
    }[kind.value]
