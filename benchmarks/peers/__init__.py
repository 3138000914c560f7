"""What a user would pick instead, each computing the same readings from the same bars."""
