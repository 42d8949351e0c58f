"""Screens that come to the front without doing again what was done when they were made."""

from __future__ import annotations

from typing import TypeVar

from textual import events
from textual.geometry import Size
from textual.screen import Screen

T = TypeVar("T")


class AtHand(Screen[T]):
    """Styled anew only in another theme, laid out anew only at another size, and not before its widgets are there."""

    def on_compose(self) -> None:
        """Have the class of the terminal's width before the widgets are styled."""
        widths = self.app.HORIZONTAL_BREAKPOINTS or []
        self.add_class(*self._get_breakpoint_classes(self.app.size.width, widths), update=False)

    def fit(self, size: Size) -> None:
        """Be styled and laid out while it is not shown; laid out again where widgets have asked for it since."""
        if self.is_mounted and self._css_update_count != self.app._css_update_count:
            self.update_node_styles(animate=False)
            self._css_update_count = self.app._css_update_count
        if self.is_mounted and (size != self._size or self._layout_required):
            widths = self.app.HORIZONTAL_BREAKPOINTS or []
            now = self._get_breakpoint_classes(size.width, widths)
            self.update_classes({name: name in now for _, name in widths}, animate=False)
            self._refresh_layout(size)
            self._layout_required = False

    def on_mount(self) -> None:
        """It is styled as it stands now."""
        self._css_update_count = self.app._css_update_count

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Come to the front."""
        event.refresh_styles = self._css_update_count != self.app._css_update_count
        self._css_update_count = self.app._css_update_count

    def _screen_resized(self, size: Size) -> None:
        if self.is_mounted and size != self._size:
            super()._screen_resized(size)

    def _on_timer_update(self) -> None:
        """Have the dialog above paint what has changed below once, not again at each message and timer of its own."""
        super()._on_timer_update()
        if self.is_current and self.app.screen is not self and not self.app._batch_count:
            self._repaint_required = False
