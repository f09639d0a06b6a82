# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The rows of one call of `upsert`, in batches, and what became of them."""

from collections import Counter

BATCH = 1000


class UpsertRun:
    """The rows of one call, what was found for them and what became of them."""

    def __init__(self, stays):
        self.stays = stays
        self.departments = None
        self.doctors = {}

    def batches(self):
        """Yield good rows in batches in which no stay comes twice.

        A second message about one stay is compared with what the first one wrote.
        """
        waves, seen = [], Counter()
        for stay in self.stays:
            if stay.errors:
                continue
            wave = seen[stay.key]
            seen[stay.key] += 1
            while len(waves) <= wave:
                waves.append([])
            waves[wave].append(stay)
        for wave in waves:
            yield from _split(wave)

    def settle_repeated(self):
        """Without writing, a stay that comes again looks new again: correct it."""
        first = {}
        for stay in self.stays:
            if stay.errors or stay.was_known:
                continue
            before = first.setdefault(stay.key, stay)
            if before is not stay:
                stay.decided = "unchanged" if before.row == stay.row else "updated"

    def counts(self):
        counts = Counter(stay.outcome for stay in self.stays)
        return {key: counts[key] for key in ("created", "updated", "unchanged")}

    def result(self, model):
        return {
            **self.counts(),
            "rejected": self.problems(model, "errors"),
            "warnings": self.problems(model, "warnings"),
            "ids": [stay.encounter_id for stay in self.stays],
        }

    def problems(self, model, kind):
        """Return one entry a row: where it fails first, and all that is wrong."""
        rows = [stay for stay in self.stays if getattr(stay, kind)]
        return [
            self._problem(model, stay.index, getattr(stay, kind))
            for stay in rows
            if kind == "errors" or not stay.errors
        ]

    def _problem(self, model, index, problems):
        field, code, _value = problems[0]
        reasons = [model._upsert_reason(*problem) for problem in problems[:5]]
        return {
            "index": index,
            "field": field,
            "code": code,
            "reason": " ".join(reasons),
        }


def _split(stays):
    for start in range(0, len(stays), BATCH):
        yield stays[start : start + BATCH]
