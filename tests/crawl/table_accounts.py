"""The ground: open pages, accounts, signing in, jobs and documents."""

from tests.crawl.expectations import Row

PAGE_FOR_ALL = [Row("200 anonymous | 200 *", "405 anonymous | 405 *")]
FORM_FOR_ALL = [Row("200 anonymous | 200 *", "ok anonymous | ok *")]
FORM_FOR_VISITORS = [Row("200 anonymous | 302 *", "ok anonymous | ok *")]
OWN_PAGE = [Row("200 *", "405 *")]
OWN_FORM = [Row("200 *", "ok *")]
SENT_ON = [Row("302 *", "ok *")]  # to the step that comes first
NOT_SET_UP = [Row("404 *", "404 *")]  # no second factor yet
APPOINTS_CONTACTS = "staff lead coordinator coordinator-elsewhere cluster cluster-elsewhere"

TABLE: dict[str, list[Row]] = {
    "front": PAGE_FOR_ALL,
    "about": PAGE_FOR_ALL,
    "accessibility": PAGE_FOR_ALL,
    "privacy": PAGE_FOR_ALL,
    "contact": PAGE_FOR_ALL,
    "help_front": PAGE_FOR_ALL,
    "help_page": [Row(row.get, row.post, {"name": "guide"}) for row in PAGE_FOR_ALL],
    "news_list": PAGE_FOR_ALL,
    "news": [
        Row("200 anonymous | 200 *", "405 anonymous | 405 *", {"pk": "news"}),
        Row("200 staff lead | 404 anonymous | 404 *", "405 anonymous | 405 *", {"pk": "news_draft"}),
    ],
    "news_new": [Row("200 staff lead | 403 *", "ok staff lead | 403 *")],
    "news_edit": [Row("200 staff lead | 403 *", "ok staff lead | 403 *", {"pk": "news"})],
    "news_step": [Row("405 *", "ok staff lead | 403 *", {"pk": "news_draft", "step": "news_step"})],
    "metrics": PAGE_FOR_ALL,  # the tests ask from the machine itself
    "robots_txt": PAGE_FOR_ALL,
    "security_txt": PAGE_FOR_ALL,
    "set_language": [Row("405 anonymous | 405 *", "ok anonymous | ok *")],
    "healthz": [Row("503 anonymous | 503 *", "405 anonymous | 405 *")],  # no worker runs beside the tests
    "my_page": OWN_PAGE,
    "account": OWN_FORM,
    "earlier_texts": [
        Row("200 staff lead | 404 *", "405 *", {"kind": "news_kind", "pk": "news"}),
        Row("200 cluster contact | 404 *", "405 *", {"kind": "answer_kind", "pk": "answer"}),
    ],
    "earlier_text": [Row("200 staff lead | 404 *", "ok staff lead | 404 *", {"pk": "earlier_text"})],
    "unsent_keep": [Row("405 *", "ok *")],
    "unsent_discard": [Row("200 lead | 404 *", "ok lead | 404 *", {"pk": "unsent"})],
    "active_role": [Row("405 *", "ok *")],
    "sent_mail": OWN_PAGE,
    "sent_mail_link": [Row("405 *", "ok staff lead | 404 *", args={"pk": "mail_with_link"})],
    "sign_in_again": [Row("200 *", "sign-in *")],
    "people": [Row("403 contact contact-elsewhere reviewer partner office observer | 200 *", "405 *")],
    "security_log": [Row("200 lead | 403 *", "405 lead | 405 *")],
    "person": [
        Row("200 staff lead coordinator host cluster contact office | 404 *", "405 *", args={"pk": "person"}),
    ],
    "appointment_end": [
        Row(
            "200 staff lead coordinator cluster | 403 *",
            "ok staff lead coordinator cluster | 403 *",
            args={"pk": "appointment"},
        ),
    ],
    "appointment_hand_over": [
        Row(
            "200 staff lead coordinator cluster | 403 *",
            "ok staff lead coordinator cluster | 403 *",
            args={"pk": "appointment"},
        ),
    ],
    "invite": [
        Row(f"200 {APPOINTS_CONTACTS} | 404 *", f"ok {APPOINTS_CONTACTS} | 404 *", args={"role": "role"}),
        Row("200 lead | 404 *", "ok lead | 404 *", args={"role": "national_role"}),
    ],
    "invitation_confirm": [Row("405 *", "403 *", args={"pk": "national_invitation"})],  # the demo has no second lead
    "invitation_withdraw": [Row("405 *", "ok coordinator | 404 *", args={"pk": "invitation"})],
    "invitation": [
        Row("200 anonymous | 200 *", "ok anonymous | ok *", args={"token": "token"}),
        Row("404 anonymous | 404 *", "404 anonymous | 404 *", args={"token": "unknown"}),
    ],
    "personal_data": OWN_PAGE,
    "personal_download_ask": [Row("405 *", "ok *")],
    "personal_download": [Row("405 *", "ok *")],  # who one is, is asked first
    "erasure_ask": OWN_FORM,
    "erasure_withdraw": [Row("405 *", "ok observer | 404 *")],
    "erasure_list": [Row("200 lead | 403 *", "405 *")],
    "erasure": [Row("200 lead | 403 *", "405 *", args={"pk": "erasure"})],
    "erasure_carry_out": [Row("405 *", "ok lead | 403 *", args={"pk": "erasure"})],
    "erasure_refuse": [Row("405 *", "ok lead | 403 *", args={"pk": "erasure"})],
    "job": [Row("200 staff lead | 404 *", "405 *", args={"pk": "job"})],
    "document": [Row("404 *", "405 anonymous | 405 *", args={"number": "unknown"})],
    "document_control": [Row("404 *", "404 *", args={"number": "unknown"})],
    # --- Signing in and the second factor ---------------------------------------------------------------
    "account_login": FORM_FOR_VISITORS,
    "account_logout": [Row("302 anonymous | 200 *", "ok anonymous | ok *")],
    "account_inactive": PAGE_FOR_ALL,
    "account_change_password": OWN_FORM,
    "account_set_password": SENT_ON,
    "account_email": OWN_FORM,
    "account_email_verification_sent": SENT_ON,
    "account_reauthenticate": OWN_FORM,
    "account_request_login_code": FORM_FOR_VISITORS,
    "account_confirm_login_code": SENT_ON,
    "account_reset_password": FORM_FOR_ALL,
    "account_reset_password_done": PAGE_FOR_ALL,
    "account_reset_password_from_key": [
        Row("200 anonymous | 200 *", "ok anonymous | ok *", args={"uidb36": "uid", "key": "unknown"}),
    ],
    "account_reset_password_from_key_done": PAGE_FOR_ALL,
    "usersessions_list": OWN_FORM,
    "mfa_index": OWN_PAGE,
    "mfa_authenticate": SENT_ON,
    "mfa_reauthenticate": SENT_ON,
    "mfa_activate_totp": SENT_ON,
    "mfa_deactivate_totp": NOT_SET_UP,
    "mfa_view_recovery_codes": [Row("404 *", "405 *")],
    "mfa_download_recovery_codes": NOT_SET_UP,
    "mfa_generate_recovery_codes": SENT_ON,
    "mfa_login_webauthn": SENT_ON,
    "mfa_reauthenticate_webauthn": SENT_ON,
    "mfa_list_webauthn": OWN_PAGE,
    "mfa_add_webauthn": SENT_ON,
    "mfa_edit_webauthn": [Row("302 *", "ok *", args={"pk": "nothing"})],
    "mfa_remove_webauthn": [Row("302 *", "ok *", args={"pk": "nothing"})],
}
