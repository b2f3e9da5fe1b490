"""Who is invited, appointed and handed over to, and one's own page and account. Who somebody is stands in accounts."""
