"""All settings, in one flat file. Every value that differs between machines comes from ``ksf.env``."""

from email.utils import parseaddr
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF

from ksf import env, reports

BASE_DIR = Path(__file__).resolve().parent.parent

# --- What kind of place this is -------------------------------------------------------------------
DEBUG = env.flag("DEBUG")
DEMO = env.flag("KSF_DEMO")
SECRET_KEY = env.string("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.comma_separated("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.comma_separated("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if DEMO or DEBUG else "")
CSRF_TRUSTED_ORIGINS = env.comma_separated("CSRF_TRUSTED_ORIGINS")
SITE_URL = env.string("SITE_URL", "http://localhost:8000" if DEMO or DEBUG else None)

# --- Applications: the upper may import the lower, never the other way ---------------------------------
INSTALLED_APPS = [
    "demo",
    "reporting",
    "grants",
    "needs",
    "needs.search",
    "needs.research",
    "needs.rounds",
    "clusters",
    "regions",
    "ksf.privacy",
    "ksf.content",
    "ksf.notifications",
    "ksf.documents",
    "ksf.jobs",
    "ksf.writing",
    "ksf.once",
    "ksf.audit",
    "ksf.accounts",
    "ksf",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.sites",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_filters",
    "django_htmx",
    "rules",
    "template_partials",
]
SITE_ID = 1

MIDDLEWARE = [
    "ksf.counting.CountingMiddleware",
    "ksf.logs.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "ksf.web.middleware.NoNulMiddleware",
    "ksf.web.middleware.TextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ksf.accounts.middleware.SessionMiddleware",
    "ksf.accounts.middleware.ActiveRoleMiddleware",
    "ksf.web.language.LanguageMiddleware",
    "ksf.web.kept.KeptPagesMiddleware",
    "ksf.accounts.middleware.SecondFactorMiddleware",
    "ksf.web.signed_out.SignedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "ksf.web.refused_steps.NotNowMiddleware",
    "ksf.web.middleware.LimitsMiddleware",
    "ksf.once.middleware.OnceMiddleware",
    "ksf.web.unsent.UnsentMiddleware",
]

ROOT_URLCONF = "ksf.urls"
WSGI_APPLICATION = "ksf.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "ksf.templatetags.ksf",
                "ksf.templatetags.ui",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ksf.web.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "ksf.web.forms.KsfRenderer"


# --- Data ------------------------------------------------------------------------------------------
DATABASE_PATIENCE_SECONDS = 2  # what a page waits for a silent database before it says so; no setting of the machine


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", parts.hostname or "")
    pool = env.number("DATABASE_POOL", 0)  # connections the threads of one web process share; see deploy/gunicorn.py
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": parts.port or "",
        "OPTIONS": {
            "connect_timeout": DATABASE_PATIENCE_SECONDS,
            **query,
            **({"pool": {"min_size": 1, "max_size": pool, "timeout": DATABASE_PATIENCE_SECONDS}} if pool else {}),
        },
        "CONN_MAX_AGE": 0 if pool else 60,
        "CONN_HEALTH_CHECKS": not pool,
    }


DATABASES = {"default": _database(env.string("DATABASE_URL"))}
REDIS_URL = env.string("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "ksf.cache.SteadyCache",
        "LOCATION": REDIS_URL,
    }
}
VISITORS_PAGE_SECONDS = env.number("VISITORS_PAGE_SECONDS", 15)  # how long a page open to all is kept; 0: not at all
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # nobody is signed out when Redis is silent
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # where "remember me" is not chosen; ksf.accounts.middleware has the hours
SESSION_SERIALIZER = "ksf.accounts.sessions.EncryptedSerializer"  # codes that are still good lie in sessions
SESSION_COOKIE_AGE = 14 * 24 * 3600

# --- People ----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "ksf.accounts.backends.AccountBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my_page"
LOGOUT_REDIRECT_URL = "front"
ACCOUNT_ADAPTER = "ksf.people.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"  # an address counts when it is proven (X2)
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True  # one address each; another takes its place when it is proven
ACCOUNT_EMAIL_NOTIFICATIONS = True  # about a change of address, password or second factor
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = None
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 0)  # so that attempts to sign in are counted by visitor
SECOND_FACTOR_REQUIRED = env.flag("SECOND_FACTOR_REQUIRED", default=not DEMO)
SECOND_FACTOR_KEYS = env.comma_separated("SECOND_FACTOR_KEYS", SECRET_KEY if DEMO or DEBUG else None)
MFA_ADAPTER = "ksf.accounts.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "ksf.accounts.passkeys.AddPasskeyForm",
    "edit_webauthn": "ksf.accounts.passkeys.EditPasskeyForm",
    "login_webauthn": "ksf.accounts.passkeys.SignInForm",
    "authenticate_webauthn": "ksf.accounts.passkeys.SecondFactorForm",
    "reauthenticate_webauthn": "ksf.accounts.passkeys.ConfirmForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or DEMO
SOCIALACCOUNT_PROVIDERS: dict[str, object] = {"openid_connect": {"APPS": []}}

# --- Language and time -----------------------------------------------------------------------------
LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")]  # each in its own tongue
LOCALE_PATHS = [
    BASE_DIR / "locale" / app
    for app in ("ksf", "regions", "clusters", "needs", "grants", "reporting", "demo", "allauth")
]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Oslo"

# --- Files -----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static", ("help", BASE_DIR / "docs" / "user" / "img")]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "ksf.web.npm.NpmFinder",
]
STATIC_MANIFEST = env.flag("STATIC_MANIFEST", default=not DEBUG)  # hashed names, from `manage.py collectstatic`
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not STATIC_MANIFEST
FILES_BUCKET = env.string("FILES_BUCKET", "")  # in S3-compatible storage; empty: files lie in MEDIA_ROOT
if FILES_BUCKET:
    _files: dict[str, object] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": FILES_BUCKET,
            "endpoint_url": env.string("FILES_ENDPOINT", None),
            "region_name": env.string("FILES_REGION", "eu-north-1"),
            "access_key": env.string("FILES_ACCESS_KEY", None),
            "secret_key": env.string("FILES_SECRET_KEY", None),
            "default_acl": "private",  # the portal alone reads them, and asks who may
            "file_overwrite": False,
        },
    }
    MEDIA_ROOT = ""
else:
    MEDIA_ROOT = env.string("MEDIA_ROOT", str(BASE_DIR / ".ksf" / "media") if DEMO or DEBUG else None)
    _files = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
STORAGES = {
    "default": _files,
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
DOCUMENT_FONTS = Path(env.string("DOCUMENT_FONTS", str(BASE_DIR / "node_modules" / "inter-ui" / "web")))
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "ksf.web.uploads.TemporaryUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
CLAMD_ADDRESS = env.string("CLAMD_ADDRESS", "")  # /run/clamav/clamd.ctl or host:3310; empty: files are not scanned

# --- Long work -------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_TASK_DEFAULT_QUEUE = "default"  # the others, "documents" and "solver", are named by what asks for the work
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_TIMEZONE = TIME_ZONE
RATE_LIMITS = {  # how often a person may, in how many seconds; see ksf/web/limits.py
    "search": env.times("LIMIT_SEARCH", "120/60"),
    "pdf": env.times("LIMIT_PDF", "20/60"),  # those that have to be made; what is kept is not counted
    "export": env.times("LIMIT_EXPORT", "30/60"),
    "file": env.times("LIMIT_FILE", "30/60"),  # sent in, and read by the portal
    "mail": env.times("LIMIT_MAIL", "60/3600"),  # to an address the sender writes
    "compute": env.times("LIMIT_COMPUTE", "20/600"),  # allocations and national reports
}
RENDERINGS_WAITING = env.number("RENDERINGS_WAITING", 100)  # PDFs asked for and not yet made; the next has to wait
RENDERINGS_KEPT_DAYS = env.number("RENDERINGS_KEPT_DAYS", 30)
SENT_FORMS_KEPT_DAYS = env.number("SENT_FORMS_KEPT_DAYS", 30)  # how long a form that is sent again is known
COMMANDS_BY_THE_CLOCK = {"close_calls": crontab(minute="*/5"), "retention": crontab(hour=3, minute=40)}


def _every(seconds: float, task: str) -> dict[str, object]:
    """What is not begun when the next is due is dropped, so that none pile up while no worker runs."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": _every(15.0, "ksf.jobs.tasks.sweep"),
    "lapse-awards": _every(3600.0, "grants.tasks.lapse_awards"),
    "remind-of-deadlines": {"task": "grants.tasks.remind_of_deadlines", "schedule": crontab(hour=7, minute=10)},
    "close-rounds": _every(60.0, "needs.rounds.tasks.close_due"),
    "sweep-mail": _every(60.0, "ksf.notifications.tasks.sweep"),
    "verify-audit": {"task": "ksf.tasks.verify_audit", "schedule": crontab(hour=2, minute=20)},
    "saved-searches": {
        "task": "needs.research.tasks.send_saved_searches",
        "schedule": crontab(hour=6, minute=30, day_of_week="mon"),
    },
    "send-digests": {
        "task": "ksf.notifications.tasks.send_digests",
        "schedule": crontab(day_of_week="mon", hour=7, minute=0),
    },
    **{
        name: {"task": "ksf.tasks.run_command", "args": [name], "schedule": schedule}
        for name, schedule in COMMANDS_BY_THE_CLOCK.items()
    },
}

# --- Mail ------------------------------------------------------------------------------------------
EMAIL_BACKEND = env.string(
    "EMAIL_BACKEND",
    "django.core.mail.backends.dummy.EmailBackend" if DEMO or DEBUG else "django.core.mail.backends.smtp.EmailBackend",
)
EMAIL_HOST = env.string("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.string("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.string("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
DEFAULT_FROM_EMAIL = env.string("DEFAULT_FROM_EMAIL", "KSF <ksf@ksf.example>" if DEMO or DEBUG else None)
CONTACT_EMAIL = env.string("CONTACT_EMAIL", parseaddr(DEFAULT_FROM_EMAIL)[1])  # shown on the pages open to all
ACCESSIBILITY_STATEMENT_URL = env.string("ACCESSIBILITY_STATEMENT_URL", "")

# --- Safety ----------------------------------------------------------------------------------------
HTTPS = env.flag("HTTPS", default=not (DEMO or DEBUG))
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|metrics)$"]  # asked from inside, past the proxy
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "ksf.web.errors.not_trusted"
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# --- Backups ---------------------------------------------------------------------------------------
BACKUP_RECIPIENT = env.string("BACKUP_RECIPIENT", "")  # age's public key; without one, backups are not encrypted
BACKUP_PROGRAMS = env.string("BACKUP_PROGRAMS", "")  # the folder with pg_dump and pg_restore, if not in the path

# --- For those on watch -----------------------------------------------------------------------------
METRICS_TOKEN = env.string("METRICS_TOKEN", "")  # without one, /metrics is for the machine itself
reports.start(env.string("SENTRY_DSN", ""), release=env.string("RELEASE", "") or None)
LOG_JSON = env.flag("LOG_JSON", default=not (DEMO or DEBUG))
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # the worker's lines look like all others
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "ksf.logs.JsonFormatter"}, "plain": {}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json" if LOG_JSON else "plain"}},
    "root": {"handlers": ["console"], "level": env.string("LOG_LEVEL", "WARNING")},
}
