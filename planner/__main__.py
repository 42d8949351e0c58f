"""The program's front door: what takes no more than a look is answered here, all else by the whole program."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # the part of `signal` that is there without being loaded
import sys

if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)  # while the program loads, Ctrl+C ends it without a traceback

from planner.catalogue import DEFAULT
from planner.cli.at_once import at_once
from planner.cli.output import Output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and give its exit code; nothing that goes wrong leaves a traceback."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    out, code = Output(), DEFAULT
    try:
        answer = at_once(arguments)
        if answer is not None:
            out.symbols, code = answer.symbols, answer.code
            answer.print(out)
            return 0
    except (Exception, KeyboardInterrupt) as error:
        from planner.program import ended

        return ended(error, code, out)
    from planner.program import run

    return run(arguments, has_process=argv is None)


if __name__ == "__main__":
    sys.exit(main())
