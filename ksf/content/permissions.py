"""Who writes news: KSF's national staff and lead."""

import rules

from ksf.accounts.permissions import is_national

rules.add_perm("content.write_news", is_national)
