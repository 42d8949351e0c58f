"""`planner completion SHELL`: a script that lets a shell complete verbs, options and choices."""

from __future__ import annotations

from argparse import Namespace

from planner.cli.context import Context
from planner.cli.parser import Verbs
from planner.cli.scripts import SHELLS, script


def register(verbs: Verbs) -> None:
    """Add the verb."""
    text = verbs.text
    verb = verbs.verb("completion", completion)
    verb.add_argument(
        "shell",
        choices=SHELLS,
        metavar=text("SHELL"),
        help=text("the shell: {shells}").format(shells=", ".join(SHELLS)),
    )


def completion(context: Context, options: Namespace) -> int:
    """The script for one shell, in the user's language."""
    found = script(options.shell, context.language.code)
    if context.json:
        context.out.json({"shell": options.shell, "script": found})
        return 0
    for line in found.splitlines():
        context.out.raw(line)
    return 0
