# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Values as a document prints them: words, local days, local times."""

from functools import partial

MOMENT = "%Y-%m-%d %H:%M"


class DocumentWords:
    """The words of one printing: each list of labels is read once."""

    def __init__(self, env):
        self.env = env
        self._labels = {}
        self._calendar_of = {}
        self._in_lang = {}
        self._known = {}

    def in_lang(self, lang):
        """Return the words of another language, kept for the next patient."""
        if lang not in self._in_lang:
            context = {**self.env.context, "lang": lang}
            self._in_lang[lang] = DocumentWords(self.env(context=context))
        return self._in_lang[lang]

    def once(self, key, find):
        """Return what `find()` finds, looked up once for all sheets."""
        if key not in self._known:
            self._known[key] = find()
        return self._known[key]

    def label(self, record, name):
        """Return the label of a selection, empty text without a value."""
        key = record._name, name
        if key not in self._labels:
            field = record._fields[name]
            self._labels[key] = dict(field._description_selection(self.env))
        return self._labels[key].get(record[name]) or ""

    def moment(self, company, moment):
        """Return a moment in UTC as the clocks of the hospital show it."""
        if not moment:
            return ""
        if company not in self._calendar_of:
            clock = self.env["followup.clock"]
            self._calendar_of[company] = clock._for_company(company)
        return self._calendar_of[company].to_local(moment).strftime(MOMENT)

    def for_company(self, company):
        """Return `moment` of this hospital."""
        return partial(self.moment, company)

    def day(self, day):
        return str(day) if day else ""

    def duration(self, seconds):
        """Return minutes and seconds, empty text for no time."""
        return f"{seconds // 60}:{seconds % 60:02}" if seconds else ""
