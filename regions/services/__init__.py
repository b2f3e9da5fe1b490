"""What changes the register, the regions and their hosts."""

from regions.services.hosts import consent, hand_over_host, last_term, refuse, withdraw
from regions.services.register import RegisterError, load_register
from regions.services.succession import moves, succeed

__all__ = [
    "RegisterError",
    "consent",
    "hand_over_host",
    "last_term",
    "load_register",
    "moves",
    "refuse",
    "succeed",
    "withdraw",
]
