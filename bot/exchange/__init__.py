"""Exchanges: the adapter to Hyperliquid's wire, and a loopback server that speaks the same wire."""
