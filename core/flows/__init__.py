"""The verbs: scan, watch, close, settle, control, reconcile, recover. The only code in core that sees the desk."""
