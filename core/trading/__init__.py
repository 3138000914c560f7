"""5 · What we do about it: orders, positions, the venue port, and the simulated exchange as a pure state machine."""
