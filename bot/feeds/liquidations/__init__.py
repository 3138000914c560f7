"""Feeds of liquidations: two views of Hyperliquid, and Binance, Bybit, OKX. Refuses to add anything up."""
