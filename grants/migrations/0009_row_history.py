from django.db import migrations

from ksf.immutable import keep_history


class Migration(migrations.Migration):
    dependencies = [("grants", "0008_waivers_can_be_taken_back"), ("audit", "0008_row_history")]

    operations = [
        keep_history("grants_appropriation"),
        keep_history("grants_pot"),
        keep_history("grants_applicationmember"),
        keep_history("grants_budgetline"),
        keep_history("grants_award"),
        keep_history("grants_awardshare"),
        keep_history("grants_instalment"),
    ]
