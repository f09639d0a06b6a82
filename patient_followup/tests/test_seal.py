# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Digests are the same on every machine and tell what was altered (I-5, D-4)."""

from datetime import date, datetime

from odoo.tests import BaseCase, tagged

from odoo.addons.patient_followup.tools import seal

SALT = "00" * 16
PLAIN = {"state": "done", "closed_at": datetime(2026, 3, 2, 1, 30), "count": 3}
TEXTS = {"note": "恢复良好", "reason": None}


@tagged("post_install", "-at_install")
class TestSeal(BaseCase):
    def test_the_same_record_has_the_same_digest_everywhere(self):
        made = seal.seal("followup.task", PLAIN, TEXTS, SALT)
        self.assertEqual(
            made.digest,
            "b8970441ebc3b49ab55da4e66acde8da006c87312f898e6285d74d050d09e997",
        )

    def test_the_order_of_the_fields_does_not_matter(self):
        turned = dict(reversed(PLAIN.items()))
        self.assertEqual(
            seal.seal("m", PLAIN, TEXTS, SALT), seal.seal("m", turned, TEXTS, SALT)
        )

    def test_every_record_has_a_salt_of_its_own(self):
        one, two = (seal.seal("m", PLAIN, TEXTS) for _time in range(2))
        self.assertNotEqual(one.salt, two.salt)
        self.assertNotEqual(one.digest, two.digest)

    def test_what_was_altered_is_seen(self):
        known = seal.seal("m", PLAIN, TEXTS, SALT)
        table = [
            ("intact", PLAIN, TEXTS, known),
            ("altered", {**PLAIN, "state": "refused"}, TEXTS, known),
            ("altered", {**PLAIN, "closed_at": date(2026, 3, 2)}, TEXTS, known),
            ("altered", PLAIN, {**TEXTS, "note": "恢复"}, known),
            ("altered", PLAIN, TEXTS, known._replace(salt="")),
            ("altered", PLAIN, TEXTS, known._replace(salt="11" * 16)),
            ("altered", PLAIN, TEXTS, known._replace(text_digest="00")),
            ("altered", PLAIN, TEXTS, known._replace(digest="00")),
            ("altered", {**PLAIN, "count": 4}, {}, known._replace(salt="")),
            ("anonymised", PLAIN, {"note": None}, known._replace(salt="")),
        ]
        for verdict, plain, texts, stored in table:
            with self.subTest(verdict=verdict, plain=plain, texts=texts):
                self.assertEqual(seal.check("m", plain, texts, stored), verdict)

    def test_a_link_depends_on_everything_before_it(self):
        first = seal.link(seal.START, 1, "m", 7, "aa")
        second = seal.link(first, 2, "m", 8, "bb")
        self.assertEqual(
            first, "ea14c4ec8a0920a853d82ee18643aa681fd7e348e5c82c4c98b7807abe01a7c9"
        )
        changed = seal.link(seal.START, 1, "m", 7, "ab")
        self.assertNotEqual(seal.link(changed, 2, "m", 8, "bb"), second)
