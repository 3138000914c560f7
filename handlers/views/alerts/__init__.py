"""One function per event class, each told in full to operators and without sizes and amounts to followers."""
