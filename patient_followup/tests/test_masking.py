# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Numbers as people and spreadsheets write them, without a database (I-3)."""

import random
import string

from odoo.tests import BaseCase, tagged

from odoo.addons.patient_followup.tools import crypto, masking

# text as it comes in -> number as it is dialled, its extension
PHONES = [
    ("13812345678", "13812345678", ""),
    (" 138 1234 5678 ", "13812345678", ""),
    ("138-1234-5678", "13812345678", ""),
    ("１３８１２３４５６７８", "13812345678", ""),
    ("+86 13812345678", "13812345678", ""),
    ("+86-138-1234-5678", "13812345678", ""),
    ("＋８６１３８１２３４５６７８", "13812345678", ""),
    ("008613812345678", "13812345678", ""),
    ("8613812345678", "13812345678", ""),
    ("013812345678", "13812345678", ""),
    ("\u202a13812345678\u202c", "13812345678", ""),
    ("138\u200b12345678", "13812345678", ""),
    ("13812345678.0", "13812345678", ""),
    (13812345678.0, "13812345678", ""),
    (13812345678, "13812345678", ""),
    ("1.3812345678E10", "13812345678", ""),
    ("010-62345678", "01062345678", ""),
    ("(010)62345678", "01062345678", ""),
    ("0371 66666667", "037166666667", ""),
    ("+86 10 6234 5678", "01062345678", ""),
    ("0086-10-62345678", "01062345678", ""),
    ("62345678", "62345678", ""),
    ("6234567", "6234567", ""),
    ("010-62345678-801", "01062345678", "801"),
    ("010-62345678转801", "01062345678", "801"),
    ("010-62345678轉801", "01062345678", "801"),
    ("010-62345678分机801", "01062345678", "801"),
    ("010-62345678 ext. 801", "01062345678", "801"),
    ("01062345678#801", "01062345678", "801"),
    ("01062345678x801", "01062345678", "801"),
    ("400-123-4567", "4001234567", ""),
    ("+852 9123 4567", "+85291234567", ""),
    ("0085291234567", "+85291234567", ""),
    ("+1 (415) 555-0132", "+14155550132", ""),
    ("80123", "80123", ""),
]
NO_PHONES = [
    "",
    "   ",
    None,
    False,
    True,
    "无",
    "不详",
    "-",
    "+",
    "1381234567",  # a digit too few
    "138123456789",  # one too many
    "138****5678",
    "1.38E+10",  # the digits are lost
    "1380000000a",
    "'; DROP TABLE x; --",
    "<script>alert(1)</script>",
    "=1+1",
    "00000000000",
    "12",
    "9" * 40,
    "9" * 1_000_000,
    "\0",
    "\ud800",
    "13812345678 / 13812345679",
    "一三八一二三四五六七八",
    b"13812345678\xff",
    float("nan"),
    float("inf"),
    ["13812345678"],
]
MASKS = [
    ("13812345678", "138****5678"),
    ("+86 138 1234 5678", "138****5678"),
    ("010-62345678", "010****5678"),
    ("010-62345678-801", "010****5678"),
    ("+852 9123 4567", "+85****4567"),
    ("62345678", "62****78"),
    ("80123", "8****3"),
    ("120", "****"),
    ("no number", "****"),
    ("", ""),
    (None, ""),
]
IDENTITIES = [
    ("110101199003071234", "110101199003071234", "110***********1234"),
    ("11010119900307123x", "11010119900307123X", "110***********123X"),
    ("110101 19900307 123X", "11010119900307123X", "110***********123X"),
    (
        "１１０１０１１９９００３０７１２３Ｘ",
        "11010119900307123X",
        "110***********123X",
    ),
    ("110101900307123", "110101900307123", "110********7123"),
    ("E12345678", "E12345678", "E******78"),
    ("无", None, "****"),
    ("PASSPORT", None, "****"),
    ("", None, ""),
    ("1" * 200, None, "****"),
]


@tagged("post_install", "-at_install")
class TestMasking(BaseCase):
    def test_phone_numbers_come_out_as_they_are_dialled(self):
        for text, number, extension in PHONES:
            with self.subTest(text=text):
                self.assertEqual(masking.normalize_phone(text), (number, extension))

    def test_what_is_no_number_is_none_and_never_an_error(self):
        for text in NO_PHONES:
            with self.subTest(text=str(text)[:30]):
                self.assertIsNone(masking.normalize_phone(text))

    def test_normalising_twice_changes_nothing(self):
        for text, _number, _extension in PHONES:
            phone = masking.normalize_phone(text)
            self.assertEqual(masking.normalize_phone(phone.text), phone)

    def test_masks_show_the_ends_only(self):
        for text, mask in MASKS:
            with self.subTest(text=text):
                self.assertEqual(masking.mask_phone(text), mask)

    def test_a_mask_never_shows_most_of_a_number(self):
        for length in range(3, 13):
            number = ("2468013579" * 2)[:length]
            shown = sum(char.isdigit() for char in masking.mask_phone(number))
            self.assertLessEqual(shown, length * 2 / 3, number)

    def test_identity_numbers(self):
        for text, number, mask in IDENTITIES:
            with self.subTest(text=text[:20]):
                self.assertEqual(masking.normalize_identity(text), number)
                self.assertEqual(masking.mask_identity(text), mask)

    def test_the_birthday_of_an_identity_number_is_hidden(self):
        self.assertNotIn("1990", masking.mask_identity("110101199003071234"))

    def test_names_show_one_character_and_hide_their_length(self):
        table = {
            "王小明": "王**",
            "王": "王**",
            "John Smith": "J**",
            "\u202e王小明": "王**",
            " 𠮷野 ": "𠮷**",
            "": "",
            None: "",
        }
        self.assertEqual({name: masking.mask_name(name) for name in table}, table)

    def test_a_cell_with_several_numbers_is_split(self):
        numbers = masking.split_phones("13812345678/13812345679、010-62345678转801")
        self.assertEqual(
            [phone.text for phone in numbers],
            ["13812345678", "13812345679", "01062345678#801"],
        )
        self.assertEqual(masking.split_phones("无"), [])

    def test_links_dial_the_extension_after_a_pause(self):
        self.assertEqual(
            masking.normalize_phone("010-62345678-801").tel, "tel:01062345678,801"
        )
        self.assertEqual(
            masking.normalize_phone("+852 91234567").tel, "tel:+85291234567"
        )

    def test_random_text_never_raises(self):
        dice = random.Random(20260301)
        alphabet = string.printable + "转分机＋０１２٣٤*\0\ud800\u202e\u200d𠮷"
        for _round in range(3000):
            text = "".join(dice.choices(alphabet, k=dice.randrange(80)))
            masking.split_phones(text)
            masking.mask_name(text)
            for kind in ("phone", "identity"):
                parsed = masking.parse(kind, text)
                self.assertTrue(parsed is None or parsed.text != parsed.mask)


@tagged("post_install", "-at_install")
class TestCrypto(BaseCase):
    OLD = "old-secret-of-forty-characters-or-so-0001"
    NEW = "new-secret-of-forty-characters-or-so-0002"

    def test_a_value_is_encrypted_and_comes_back(self):
        ring = crypto.Keyring([self.NEW], "fallback")
        cipher = ring.encrypt("13812345678")
        self.assertNotIn("13812345678", cipher)
        self.assertNotEqual(cipher, ring.encrypt("13812345678"))
        self.assertEqual(ring.decrypt(ring.current_id, cipher), "13812345678")

    def test_an_old_key_still_reads_and_finds(self):
        old = crypto.Keyring([self.OLD], "fallback")
        both = crypto.Keyring([self.NEW, self.OLD], "fallback")
        cipher = old.encrypt("13812345678")
        self.assertEqual(both.decrypt(old.current_id, cipher), "13812345678")
        self.assertIn(old.digest("phone", "1"), both.digests("phone", "1"))
        self.assertNotEqual(old.digest("phone", "1"), both.digest("phone", "1"))

    def test_a_missing_key_is_told_from_a_damaged_value(self):
        old = crypto.Keyring([self.OLD], "fallback")
        new = crypto.Keyring([self.NEW], "fallback")
        for ring, cipher, code in (
            (new, old.encrypt("1"), "missing"),
            (old, "nonsense", "damaged"),
        ):
            with self.assertRaises(crypto.KeyProblem) as caught:
                ring.decrypt(old.current_id, cipher)
            self.assertEqual(caught.exception.code, code)

    def test_without_a_key_hashes_are_still_keyed(self):
        one = crypto.Keyring([], "secret of one database")
        two = crypto.Keyring([], "secret of another database")
        self.assertNotEqual(one.digest("phone", "1"), two.digest("phone", "1"))
        self.assertEqual(one.current_id, "")
        self.assertEqual(one.encrypt("1"), "1")

    def test_kinds_have_different_hashes(self):
        ring = crypto.Keyring([self.NEW], "fallback")
        self.assertNotEqual(ring.digest("phone", "1"), ring.digest("identity", "1"))

    def test_keys_come_from_the_environment_or_a_file(self):
        self.assertEqual(crypto.read_secrets({}), [])
        self.assertEqual(
            crypto.read_secrets({crypto.KEY_VARIABLE: f"{self.NEW}, {self.OLD}\n"}),
            [self.NEW, self.OLD],
        )
        with self.assertRaises(crypto.KeyProblem) as caught:
            crypto.read_secrets({crypto.KEY_FILE_VARIABLE: "/nowhere/at/all"})
        self.assertEqual(caught.exception.code, "unreadable")
        with self.assertRaises(crypto.KeyProblem) as caught:
            crypto.read_secrets({crypto.KEY_VARIABLE: "short"})
        self.assertEqual(caught.exception.code, "short")

    def test_secrets_do_not_show_in_messages(self):
        ring = crypto.Keyring([self.NEW], "fallback")
        self.assertNotIn(self.NEW, repr(vars(ring.current)) + repr(ring))
