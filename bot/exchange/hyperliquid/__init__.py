"""The adapter to Hyperliquid and to anything that speaks its wire: implements :class:`core.trading.ports.Venue`.

Simulated, paper, testnet and mainnet differ by base URL alone. The package decides nothing about trading and stores
nothing; it turns values into requests and answers into values. It imports nothing heavy until a venue is built.
"""
