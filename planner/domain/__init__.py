"""What the words mean: citizens, facts, conversations, the calendar, the order of names."""
