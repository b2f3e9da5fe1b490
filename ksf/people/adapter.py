from allauth.account.adapter import DefaultAccountAdapter

from ksf.web.requests import Request


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from invitations only (X2)."""

    def is_open_for_signup(self, request: Request) -> bool:  # noqa: ARG002
        return False
