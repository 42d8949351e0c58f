"""Plan conversations with citizens: who, when, how, and why."""

__version__ = "0.1.0"
