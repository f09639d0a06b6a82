# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""JSON that strangers send."""

import unittest

from ..tools.json_text import MAX_DEPTH, read_json


class TestJsonText(unittest.TestCase):
    def test_what_json_says(self):
        for text, value in (
            ("7", 7),
            ('{"a": [1, {"b": null}]}', {"a": [1, {"b": None}]}),
            ("[" * MAX_DEPTH + "]" * MAX_DEPTH, None),
            ('"' + "[" * 5000 + '"', "[" * 5000),
            ('["\\"' + "[" * 5000 + '"]', ['"' + "[" * 5000]),
            ("[" + "[]," * 5000 + "[]]", [[]] * 5001),
        ):
            with self.subTest(text=text[:20]):
                read = read_json(text)
                self.assertEqual(read if value is not None else None, value)

    def test_garbage_is_one_error(self):
        for text in (
            "",
            "[" * 5000,
            '{"a":' * 5000,
            "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
            '"never ends',
            '"ends in \\',
            '"' + '\\"' * 100000,
            "]",
        ):
            with self.subTest(text=text[:20]), self.assertRaises(ValueError):
                read_json(text)
