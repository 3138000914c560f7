"""The composition root and the outside world: exchange, feeds, charts, chat, command line."""
