from django.db import migrations, models

TABLES = {
    "regions_region": "",
    "regions_county": "",
    "regions_regioncounty": "",
    "regions_municipality": "",
    "regions_municipalityname": "",
    "regions_municipalitychange": "",
    "regions_population": "",
    "regions_hostterm": "",
    "regions_partner": "",
    "clusters_cluster": "",
    "clusters_clusterphase": "",
    "clusters_membership": "",
    "clusters_motorterm": "",
    "accounts_appointment": "",
    "accounts_user": "OF name, email, phone, shows_contact",
}
FUNCTION = """
CREATE FUNCTION clusters_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO clusters_networkchange (at) VALUES (now());
    RETURN NULL;
END $$;
"""
TRIGGERS = "".join(
    f"CREATE TRIGGER {table}_is_network AFTER INSERT OR DELETE OR UPDATE {columns} ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION clusters_note_change();\n"
    for table, columns in TABLES.items()
)
UNDO = "".join(f"DROP TRIGGER {table}_is_network ON {table};\n" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [
        ("clusters", "0003_motor_within_membership"),
        ("regions", "0003_handovers"),
        ("accounts", "0002_appointment"),
    ]

    operations = [
        migrations.CreateModel(
            name="NetworkChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(FUNCTION + TRIGGERS, UNDO + "DROP FUNCTION clusters_note_change();"),
    ]
