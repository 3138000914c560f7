"""The simulated exchange: a pure state machine after Hyperliquid's rules. Refuses network, clock, chance and files."""
