"""The trading core, in pipeline order: what happens to a market between its bars and a closed trade.

::

    market     1  what exists: symbols, universe, candles, quotes
    signals    2  what the market says: timeframes, enrichment, regime
    decision   3  what we think of it: agents, consensus, thresholds
    risk       4  how much we dare: Kelly, stops, leverage, limits, sizing
    trading    5  what we do about it: orders, positions, the venue port, the simulated exchange
    reports    7 what we tell of it: the measured edge, slippage
    events     what is told
    desk       what a flow may reach: ports and settings
    flows      the verbs: scan, watch, close, settle, control, reconcile, recover
    replay     the same verbs over history

A stage imports the stages above it, never those below (held by import-linter). Only the flows are impure, and
only through the ports of the desk.
"""
