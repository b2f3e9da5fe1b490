"""Codes as an authenticator app shows them."""

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code():
    """A code that is good now, and that has not been used."""
    cache.clear()
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(SECRET, counters[len(counters) // 2]))
