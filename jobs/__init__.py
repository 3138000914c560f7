"""When things happen: the timetable on market time, and the long-lived streams. Refuses to know what they do."""
