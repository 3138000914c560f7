"""The compiled passes: C over columns of bars, one file each, and the door to them. Refuses to allocate, to fail, to wait.

A pass reads what :mod:`reading.h` holds and writes its own columns; it keeps nothing between calls but what stands in
the carried rows it is given, so a reading made bar by bar is, bit for bit, the reading made at once.
"""
