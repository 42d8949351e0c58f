"""Open the screen."""

from __future__ import annotations

from planner.cli.context import Context


def run_screen(context: Context) -> int:
    """Today's list on the whole terminal, until it is left; gives its exit code."""
    from planner.tui.app import PlannerApp  # Textual is loaded for the screen only

    app = PlannerApp(context.desk, context.language, theme=f"planner-{context.theme}")
    app.run()
    return app.return_code or 0
