"""From windows to a plan: slots, proposals, the order of the day, capacity, and an independent check."""
