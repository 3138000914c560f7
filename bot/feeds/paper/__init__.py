"""The market of the paper venue: the real exchange's public prices and books, read and never written to.

answers and frames (what the exchange says) · terms (what is listed, under which terms) · books (levels joined with the
best of both sides) · market (the price source) · upstream (who asks and listens).
"""
