"""Binance USD-M public market data: a source of candles, no venue. Nothing here can trade."""
