"""Who changed what, when: kept by the database itself, shown, and taken back."""
