"""The one error that a user can mend."""


class BadInput(Exception):
    """Input that cannot be used; its text says what, where, which value, and what to try."""
