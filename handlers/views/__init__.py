"""Values and sentences become Telegram text: entities, never markup, so nothing that is shown can break a message."""
