"""How the synthetic market is made: profiles, sessions, regimes, cascades, days of bars, and the path inside a bar."""
