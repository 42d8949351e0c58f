"""The user's folders as plain names, found without loading what knows every system."""

from __future__ import annotations

import os
import sys

APP = "samtaleplanner"


def data_folder() -> str:
    """The folder of the store."""
    if found := _on_linux("XDG_DATA_HOME", ".local/share"):
        return found
    from platformdirs import user_data_dir

    return user_data_dir(APP, appauthor=False)


def config_folder() -> str:
    """The folder of the user's settings."""
    if found := _on_linux("XDG_CONFIG_HOME", ".config"):
        return found
    from platformdirs import user_config_dir

    return user_config_dir(APP, appauthor=False)


def _on_linux(variable: str, usual: str) -> str:
    """The folder where the system is Linux and nothing about it is out of the ordinary; else empty."""
    home, chosen = os.environ.get("HOME", ""), os.environ.get(variable, "")
    if sys.platform != "linux" or "ANDROID_DATA" in os.environ or not home.startswith("/"):
        return ""
    return os.path.join(chosen if chosen.startswith("/") else f"{home.rstrip('/')}/{usual}", APP)
