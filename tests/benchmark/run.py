#!/usr/bin/env python3
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measure the hot paths on a filled database, each beside a peer and bare SQL.

    python tests/benchmark/run.py --config CONF --database DB [figure ...]

The database is a throw-away one: rows are committed into it. Nothing fails by
time; the query budgets are asserted in the addon's tests.
"""

import argparse
import sys
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import answers
import appointments
import approvals
import board
import call_screen
import claim
import complaints
import dashboards
import generation
import hospital
import imports
import messages
import reports
import result
import sample
from common import table

FIGURES = {
    "generation": generation.measure,
    "import": imports.measure,
    "result": result.measure,
    "claim": claim.measure,
    "answers": answers.measure,
    "call_screen": call_screen.measure,
    "sample": sample.measure,
    "appointments": appointments.measure,
    "messages": messages.measure,
    "complaints": complaints.measure,
    "approvals": approvals.measure,
    "reports": reports.measure,
    "dashboards": dashboards.measure,
    "board": board.measure,  # last: it fills two million rows
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--config", required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--rows", type=int, default=2_000_000, help="rows of the board")
    parser.add_argument("--quick", action="store_true", help="reports over 100,000")
    parser.add_argument("figures", nargs="*", metavar="figure", help=", ".join(FIGURES))
    args = parser.parse_args()
    if unknown := set(args.figures) - set(FIGURES):
        parser.error(f"unknown figure: {', '.join(sorted(unknown))}")
    chosen = args.figures or list(FIGURES)
    figures = []
    with hospital.environment(args.config, args.database) as env:
        base = hospital.prepare(env)
        for name in chosen:
            print(f"measuring {name} ...", flush=True)
            figures += FIGURES[name](env, base, args)
    text = table(figures)
    print(text)
    if chosen == list(FIGURES):
        write_report(text, args)


def write_report(text, args):
    """Keep the table of a full run beside the code that made it."""
    report = Path(__file__).with_name("RESULTS.md")
    report.write_text(
        f"# Measured {date.today()}\n\n"
        f"`./setup/bench` with {args.rows:,} rows on the board; two cores, server, "
        "clients and database on one machine. Ratios count, absolute figures "
        f"drift.\n\n{text}\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
