"""The same verbs over history: a recording, the market it makes, and its candles. Refuses to read files itself."""
