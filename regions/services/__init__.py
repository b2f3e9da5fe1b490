"""What changes the register, the regions and their hosts."""

from regions.services.register import RegisterError, load_register

__all__ = ["RegisterError", "load_register"]
