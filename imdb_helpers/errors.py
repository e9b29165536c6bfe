"""What the helpers raise, beside Python's own."""


class DataError(ValueError):
    """The data was found but cannot be used; the message says why and what to do."""
