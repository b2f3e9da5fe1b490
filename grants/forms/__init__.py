"""Browser text to typed values."""
