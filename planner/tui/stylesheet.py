"""Another theme is put on quickly: what was read is kept, and no widget is repainted once for each of its colours."""

from __future__ import annotations

from typing import Any

from textual.cache import LRUCache
from textual.color import Color
from textual.css._style_properties import BooleanProperty, ColorProperty, ScrollbarColorProperty
from textual.css.model import RuleSet
from textual.css.styles import RulesMap, StylesBase
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.widget import Widget

#: Sources of a theme that are kept as they were read; each kind of widget is one.
_SOURCES = 512
_COLOURS = frozenset(name for name, kind in vars(StylesBase).items() if isinstance(kind, ColorProperty))
_OF_SCROLLBARS = frozenset(name for name, kind in vars(StylesBase).items() if isinstance(kind, ScrollbarColorProperty))
_WHETHER = frozenset(name for name, kind in vars(StylesBase).items() if type(kind) is BooleanProperty)

#: What tells themes apart.
_Theme = frozenset[tuple[str, str]]


def _theme(variables: dict[str, str]) -> _Theme:
    return frozenset(variables.items())


class ThemedStylesheet(Stylesheet):
    """The style sheet of an application that has several themes and goes from one to another."""

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._of_themes: dict[_Theme, LRUCache[tuple[Any, ...], list[RuleSet]]] = {}
        self._keep()

    def _keep(self) -> None:
        self._parse_cache = self._of_themes.setdefault(_theme(self._variables), LRUCache(_SOURCES))

    def has_read(self, variables: dict[str, str]) -> bool:
        """Whether a theme with these colours was put on, or read ahead."""
        return _theme(variables) in self._of_themes

    def in_other_colours(self, variables: dict[str, str]) -> ThemedStylesheet:
        """The same sources for a theme that is not put on: another thread may parse them."""
        other = ThemedStylesheet(variables=variables)
        other.source = self.source.copy()
        return other

    def take(self, other: ThemedStylesheet) -> None:
        """Keep what another sheet has read, for when its theme is put on."""
        self._of_themes.setdefault(_theme(other._variables), other._parse_cache)

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take the colours of another theme."""
        self._parse_cache = LRUCache(_SOURCES)  # what is emptied now is not what is kept
        super().set_variables(variables)
        self._keep()

    def reparse(self) -> None:
        """Read all of it with the colours of now; what was read with them before is taken as it is."""
        self.parse()

    @classmethod
    def replace_rules(cls, node: DOMNode, rules: RulesMap, animate: bool = False) -> None:
        """Give a widget its rules: as Textual does, but repainted once for all colours."""
        if animate:
            super().replace_rules(node, rules, animate)
            return
        base = node.styles.base
        old = base.get_rules()
        new: dict[str, Any] = {**dict.fromkeys(old), **rules}
        changed = {name: value for name, value in new.items() if old.get(name) != value}
        colours = {name for name in changed.keys() & _COLOURS if isinstance(changed[name], Color | None)}
        plain = colours | {name for name in changed.keys() & _WHETHER if isinstance(changed[name], bool | None)}
        for name, value in changed.items():
            if name in plain:
                base.set_rule(name, value)
            else:
                setattr(base, name, value)
        if plain:
            base.refresh(children=bool(colours))
        if isinstance(node, Widget) and not _OF_SCROLLBARS.isdisjoint(new):  # also where the ground below is another
            if node.show_horizontal_scrollbar:
                node.horizontal_scrollbar.refresh()
            if node.show_vertical_scrollbar:
                node.vertical_scrollbar.refresh()
        node.notify_style_update()
