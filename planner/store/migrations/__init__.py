"""Steps from one shape of the store to the next; loaded only when a store is not up to date."""
