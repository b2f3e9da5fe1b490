from demo.accounts import make_account
from ksf.accounts.roles import Role
from tests.ksf.factories import appoint
from tests.regions.factories import make_municipality


def test_sign_in_lists_accounts_in_the_demo_only(client, settings, region):
    appoint(Role.HOST_LEAD, region, user=make_account("vert.vest"))
    for number in range(12):
        appoint(Role.RD_CONTACT, make_municipality(region=region), user=make_account(f"kontakt.{number}"))
    page = client.get("/konto/login/").text
    assert "vert.vest@ksf.example" in page
    assert "<summary>FoU-kontakt, 12</summary>" in page
    assert "kontakt.11@ksf.example" in page
    settings.DEMO = False
    assert "vert.vest@ksf.example" not in client.get("/konto/login/").text
