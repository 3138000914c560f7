"""1 · What exists: symbols, the universe, candles, quotes. Refuses to hold any opinion about them."""
