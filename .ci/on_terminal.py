"""Run a command on a terminal of its own until the screen shows a text, then press q: `on_terminal.py TEXT COMMAND…`.

Gives the command's exit code; 1 when the text did not come in time.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

PATIENCE = 900.0


def main(text: str, *command: str) -> int:
    """Play the user who opens the screen, sees that it is there, and leaves."""
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(command[0], command)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    seen, sent, end = b"", False, time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if select.select([terminal], [], [], 1.0)[0]:
            try:
                seen += os.read(terminal, 65536)
            except OSError:  # how Linux says that the other side has closed
                break
        if not sent and text.encode() in seen:
            os.write(terminal, b"q")
            sent = True
    else:
        os.kill(child, signal.SIGKILL)
    if not sent:
        sys.stderr.write(seen[-4000:].decode("utf-8", "replace") + f"\n{text!r} was never shown\n")
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return code if sent else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
