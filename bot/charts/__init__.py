"""Pictures: candles for chat and vision (Pillow), curves for reports (matplotlib). Pure functions from values to PNG."""
