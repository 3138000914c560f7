"""Keeps pytest from importing what runs in another environment."""

collect_ignore = ["telemelya_alone.py"]
