"""Telegram in and out: a handler reads what was asked, calls one flow, draws the answer. It decides nothing itself."""
