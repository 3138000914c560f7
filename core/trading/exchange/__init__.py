"""The simulated exchange: a pure state machine after Hyperliquid's rules. Refuses network, clock, chance and files.

From outside only :mod:`exchange`, :mod:`run`, :mod:`requests`, :mod:`records`, :mod:`ports` and :mod:`codec` are used.
Inside, from the bottom up: grid and contracts (what exists) · accounts and state (what is known) · depth, margin,
views (what can be read off it) · lifecycle and matching (what happens to orders) · checks, placement, collateral (what
accounts may do) · triggers, liquidation, funding, motion (what the market does to them) · bands (when nothing can
happen) · snapshot.
"""
