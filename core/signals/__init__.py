"""2 · What the market says: timeframes, enrichment, regime. Refuses to decide anything and to fetch anything."""
