"""The passes, one file each, that turn blocks of candles into named dimensions. Refuses to fetch and to rank."""
