# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Return codes of paper questionnaires, without a database (M-1)."""

from odoo.tests import BaseCase, tagged

from ..tools import paper_code, qr

KEY = b"a key of the tests, thirty-two b"


@tagged("post_install", "-at_install")
class TestPaperCode(BaseCase):
    def test_a_code_leads_back_to_its_number(self):
        for number in (0, 1, 12345, 2**32 - 1):
            code = paper_code.encode(number, KEY)
            self.assertRegex(code, r"^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$")
            self.assertEqual(paper_code.decode(code, KEY), number)

    def test_it_is_read_as_people_write_it(self):
        code = paper_code.encode(777, KEY)
        wide = "".join(chr(ord(char) + 0xFEE0) for char in code)
        misread = code.replace("0", "O").replace("1", "l")
        for text in (code.lower(), code.replace("-", ""), f" {code} ", wide, misread):
            with self.subTest(text=text):
                self.assertEqual(paper_code.decode(text, KEY), 777)

    def test_a_mistake_is_noticed(self):
        """Every single wrong letter, and every swap of two neighbours."""
        code = paper_code.encode(777, KEY).replace("-", "")
        wrong = [
            code[:at] + letter + code[at + 1 :]
            for at in range(10)
            for letter in paper_code.LETTERS
            if letter != code[at]
        ]
        wrong += [
            code[:at] + code[at + 1] + code[at] + code[at + 2 :]
            for at in range(9)
            if code[at] != code[at + 1]
        ]
        found = [text for text in wrong if paper_code.decode(text, KEY) is not None]
        self.assertEqual(found, [])

    def test_neighbours_have_nothing_in_common(self):
        """No ids: who knows one code knows no other."""
        codes = [paper_code.encode(number, KEY) for number in range(1000)]
        self.assertEqual(len(set(codes)), 1000)
        self.assertGreater(len({code[:2] for code in codes}), 500)

    def test_another_key_reads_nothing(self):
        codes = [paper_code.encode(number, KEY) for number in range(500)]
        found = [paper_code.decode(code, b"another key") for code in codes]
        self.assertEqual(found, [None] * 500)

    def test_hostile_text_is_no_code(self):
        for text in ("", None, "x" * 10000, "\0" * 10, "é" * 10, "１２", "12345-6789!"):
            self.assertIsNone(paper_code.decode(text, KEY))

    def test_a_number_out_of_range_has_no_code(self):
        for number in (-1, 2**32):
            with self.assertRaises(ValueError):
                paper_code.encode(number, KEY)

    def test_qr_code_is_a_drawing_without_the_text(self):
        drawn = qr.svg("https://hospital.example/followup#secret")
        self.assertTrue(drawn.startswith("<svg"))
        self.assertNotIn("secret", drawn)
