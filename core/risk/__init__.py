"""4 · How much we dare: Kelly, stops, leverage, limits, sizing. Pure functions of values; refuses to send anything."""
