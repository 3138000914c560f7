"""The simulated Hyperliquid: a loopback server that speaks its REST and WebSocket protocol.

Over the pure exchange of :mod:`core.trading.exchange` it puts the wire: requests, signatures, sockets, state on disk.
It refuses every address but loopback, holds no real money and knows no rule of trading itself.
"""
