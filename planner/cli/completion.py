"""`planner completion SHELL`: a script that lets a shell complete verbs, options and choices."""

from __future__ import annotations

from argparse import Namespace

from planner.cli.context import Context
from planner.cli.parser import Verbs

SHELLS = ("bash", "zsh", "fish", "powershell")


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
    from planner.cli.shells import bash, fish, powershell, zsh
    from planner.cli.tree import tree

    script = {"bash": bash, "zsh": zsh, "fish": fish, "powershell": powershell}[options.shell].script
    lines = list(script(tree(context.language)))
    if context.json:
        context.out.json({"shell": options.shell, "script": "\n".join(lines) + "\n"})
        return 0
    for line in lines:
        context.out.raw(line)
    return 0
