# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What all benchmarks share: an environment, a stop-watch, a table."""

import time
from contextlib import contextmanager
from typing import NamedTuple
from unittest.mock import patch


class Figure(NamedTuple):
    """One line of the table: ours beside a peer and beside bare SQL."""

    name: str
    ours: str
    peer: str
    bare: str
    goal: str
    met: bool


class Lap:
    """Seconds, CPU seconds and queries of one `lap` block."""

    seconds = cpu = 0.0
    queries = 0


@contextmanager
def lap(env):
    """Measure a block in wall-clock seconds and SQL queries of this cursor."""
    result = Lap()
    env.flush_all()
    queries, started, cpu = (
        env.cr.sql_log_count,
        time.perf_counter(),
        time.process_time(),
    )
    yield result
    env.flush_all()
    result.seconds = time.perf_counter() - started
    result.cpu = time.process_time() - cpu
    result.queries = env.cr.sql_log_count - queries


def best(env, action, times=5):
    """Return the quickest of several laps of `action`, after one to warm up."""
    action()
    laps = []
    for _turn in range(times):
        env.invalidate_all()
        with lap(env) as result:
            action()
        laps.append(result)
    return min(laps, key=lambda result: result.seconds)


def rows_read(env, action):
    """Return (rows its statements read, tables they read as a whole), from plans.

    Unlike times it is the same on a busy machine.
    """
    statements, execute = [], type(env.cr).execute

    def spy(cr, *args, **kwargs):
        result = execute(cr, *args, **kwargs)
        statements.append(cr._obj.query.decode())
        return result

    env.invalidate_all()
    with patch.object(type(env.cr), "execute", spy):
        action()
    total, whole = 0, {}
    for statement in statements:
        if statement.lstrip(" (\n").startswith(("SELECT", "WITH")):
            env.cr.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + statement)
            [[[plan]]] = env.cr.fetchall()
            total += _read(plan["Plan"], whole)
    return total, whole


def _read(node, whole):
    """Return the rows a node of a plan and those below it took from tables."""
    rows = sum(_read(part, whole) for part in node.get("Plans", ()))
    if not node["Node Type"].endswith("Scan"):
        return rows
    names = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    own = sum(node.get(name, 0) for name in names) * node["Actual Loops"]
    if node["Node Type"] == "Seq Scan":
        whole[node["Relation Name"]] = own
    # an index that only leads to a bitmap is counted there
    return rows + (0 if node["Node Type"] == "Bitmap Index Scan" else own)


def rate(count, seconds):
    return f"{count / seconds:,.0f}/s"


def table(figures):
    """Return the figures as a Markdown table."""
    lines = [
        "| figure | ours | peer | bare SQL | goal | met |",
        "|---|---|---|---|---|---|",
    ]
    for figure in figures:
        met = "yes" if figure.met else "**no**"
        lines.append(
            f"| {figure.name} | {figure.ours} | {figure.peer} | {figure.bare} "
            f"| {figure.goal} | {met} |"
        )
    return "\n".join(lines)
