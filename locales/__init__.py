"""Every sentence the bot says, one Fluent file per language, read through :mod:`locales.texts`."""
