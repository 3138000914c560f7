"""3 · What we think of it: agents, consensus, thresholds, and the record of a scan. Refuses to know money or orders."""
