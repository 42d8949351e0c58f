"""A caseload week by week under different policies, with the real rules and the real engine inside."""
