"""How the tables came to be, step by step. A step that was published is never changed; a new one is added.

A test migrates an empty database and compares it with ``storage.tables``: it names what a new step must do.
"""
