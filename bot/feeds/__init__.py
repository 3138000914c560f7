"""Where prices and candles come from: recorded files, the synthetic market, the universe file, the candle cache."""
