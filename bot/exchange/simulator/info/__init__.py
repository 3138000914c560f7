"""Answers of ``POST /info``, one module per subject. They read; nothing here changes the venue."""
