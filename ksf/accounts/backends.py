"""Who is asking: the person and the appointments in force, in one query."""

from allauth.account.auth_backends import AuthenticationBackend

from ksf.accounts.models import Appointment, User, in_order


class AccountBackend(AuthenticationBackend):
    """Allauth's sign-in; a signed-in person comes with the appointments nearly every page asks for."""

    def get_user(self, user_id: int) -> User | None:
        """The active person with this id; None where there is none."""
        held = list(Appointment.objects.in_force().with_scope().select_related("user").filter(user=user_id))
        if not held:
            found: User | None = super().get_user(user_id)
            return found
        user: User = held[0].user
        if not self.user_can_authenticate(user):
            return None
        user.appointments_in_force = in_order(held)
        return user
