"""The experiments by how they stand here: a heading for each group, a line for each experiment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from planner.locale import Language
from planner.services.catalogue import Entry
from planner.services.experiment_words import STANDINGS, period_of
from planner.tui.widgets.headed_list import Headed, HeadedList


class ExperimentList(HeadedList, inherit_bindings=True):
    """A list of experiments; its card is `experiment`."""

    def __init__(self, language: Language, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__("experiment", id=id)
        self._language = language
        self._entries: tuple[Entry, ...] = ()

    @property
    def selected(self) -> Entry | None:
        """The experiment under the cursor."""
        return next((entry for entry in self._entries if entry.experiment.id == self.selected_id), None)

    def show(self, entries: Sequence[Entry]) -> None:
        """Show these."""
        self._entries = tuple(entries)
        found = Counter(entry.standing for entry in entries)
        self.load([self._headed_by(entry, found[entry.standing]) for entry in entries])

    def _headed_by(self, entry: Entry, count: int) -> Headed:
        title, adoption = self._language.title(entry.experiment.title), entry.adoption
        period = period_of(adoption.first, adoption.last, self._language) if adoption is not None else ""
        heading = f"{self._language.text(STANDINGS[entry.standing])} ({count})"
        return Headed(entry.experiment.id, heading, title, period)
