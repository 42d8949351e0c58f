"""Measures, spells and what may leave the program."""
