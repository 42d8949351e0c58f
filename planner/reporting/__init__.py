"""What both faces tell of the evidence: which period, what was measured, and how it is drawn and written."""
