"""Law and experiments as data: their format, how they resolve for one citizen, and the windows that follow."""
