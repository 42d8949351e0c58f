"""What was done, counted and compared; nothing is claimed that was not measured."""
