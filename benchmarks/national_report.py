"""Processor time of the national report, from the records to the tagged PDF with charts. Budget: 30 seconds.

Run beside a portal with the demo content: .venv/bin/python benchmarks/national_report.py [YEAR]
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUDGET_SECONDS = 30.0


def main() -> int:
    year = sys.argv[1] if len(sys.argv) > 1 else "2024"
    with tempfile.TemporaryDirectory() as folder:
        output = str(Path(folder) / "report.pdf")
        subprocess.run(
            [sys.executable, "manage.py", "build_national_report", year, "--output", output], cwd=ROOT, check=True
        )
    spent = os.times()
    seconds = spent.children_user + spent.children_system
    print(f"national report {year}: {seconds:.1f} s of processor time, budget {BUDGET_SECONDS:.0f} s")
    return 0 if seconds <= BUDGET_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
