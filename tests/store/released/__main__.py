"""Write the store of the present shape."""

from __future__ import annotations

import sys

from tests.store.released import write

sys.stdout.write(f"{write()}\n")
