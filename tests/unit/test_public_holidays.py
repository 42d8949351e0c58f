"""The holidays that stand in the program are those of the library."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

from holidays import country_holidays

from planner.domain.calendar import public_holidays
from planner.domain.public_holidays import KNOWN

PROBE = """
import sys
from planner.domain.calendar import public_holidays
public_holidays({year})
print("holidays" in sys.modules)
"""


def test_they_are_those_of_the_library_in_every_year() -> None:
    assert list(KNOWN) == list(range(min(KNOWN), max(KNOWN) + 1))
    for year in range(min(KNOWN) - 2, max(KNOWN) + 3):
        assert public_holidays(year) == set(country_holidays("DK", years=year)), year


def test_store_bededag_is_one_until_2023() -> None:
    assert date(2023, 5, 5) in public_holidays(2023)
    assert date(2024, 4, 26) not in public_holidays(2024)


def test_the_library_is_loaded_for_years_far_away_only() -> None:
    for year, told in ((2026, "False"), (2050, "True")):
        command = [sys.executable, "-c", PROBE.format(year=year)]
        assert subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip() == told
