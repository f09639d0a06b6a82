# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import time
import zipfile
from datetime import date, datetime, timedelta, timezone

import openpyxl

from odoo.tests import BaseCase, tagged

from ..tools import lace, listing, values
from ..tools.spreadsheet import write_xlsx
from ..tools.stay import Cleaner
from ..tools.tabular import (
    MAX_ROWS,
    TableError,
    neutralise,
    read_table,
    write_csv,
)
from ..tools.values import BadValue
from ..tools.working_time import USUAL_WEEK, WorkCalendar

SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
BOOK = (
    '<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>'
)
RELATIONS = '<Relationships><Relationship Id="r1" Target="{target}"/></Relationships>'


def xlsx(sheet, target="worksheets/sheet1.xml", **parts):
    """Return a minimal spreadsheet around the XML of its one sheet."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", parts.get("book", BOOK))
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS.format(target=target))
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        if "strings" in parts:
            archive.writestr("xl/sharedStrings.xml", parts["strings"])
        if "styles" in parts:
            archive.writestr("xl/styles.xml", parts["styles"])
    return stream.getvalue()


class TableCase(BaseCase):
    def _cells(self, data, hints=()):
        return [row.cells for row in read_table(data, hints)]

    def _assert_refused(self, data, code, row=None):
        with self.assertRaises(TableError) as caught:
            read_table(data)
        self.assertEqual(caught.exception.code, code)
        if row:
            self.assertEqual(caught.exception.row, row)


@tagged("post_install", "-at_install")
class TestCsv(TableCase):
    def test_encodings(self):
        text = "姓名,科室\n张三,心血管内科\n"
        expected = [["姓名", "科室"], ["张三", "心血管内科"]]
        for encoding in (
            "utf-8",
            "utf-8-sig",
            "gb18030",
            "utf-16",
            "utf-16-le",
            "utf-16-be",
        ):
            with self.subTest(encoding=encoding):
                self.assertEqual(self._cells(text.encode(encoding)), expected)

    def test_big5_is_told_from_gb18030_by_known_headers(self):
        text = "姓名,科別,出院日期\n張三,內科,2026-11-20\n"
        cells = self._cells(text.encode("big5"), hints=("姓名", "科別", "出院日期"))
        self.assertEqual(cells[0], ["姓名", "科別", "出院日期"])

    def test_a_rare_character_of_four_bytes(self):
        self.assertEqual(self._cells("姓名,a\n𠮷,1".encode("gb18030"))[1][0], "𠮷")

    def test_separators_and_line_ends(self):
        table = [
            "a,b\r\n1,2\r\n",
            "a;b\n1;2\n",
            "a\tb\r1\t2",
            "a|b\r\n1|2\n",
            "a，b\n1，2",
        ]
        for text in table:
            with self.subTest(text=text):
                self.assertEqual(self._cells(text.encode()), [["a", "b"], ["1", "2"]])

    def test_mixed_line_ends_and_blank_lines_keep_row_numbers(self):
        rows = read_table(b"a,b\r\n1,2\n\n3,4\r5,6\r\n")
        self.assertEqual([row.number for row in rows], [1, 2, 4, 5])

    def test_quotes_hold_separators_and_lines(self):
        self.assertEqual(
            self._cells(b'a,b\n"1,""x""\n2",3\n'), [["a", "b"], ['1,"x"\n2', "3"]]
        )

    def test_wrappers_and_blanks_around_cells_go(self):
        data = 'a,b,c\n="00123",\u3000 张三\u00a0,\t138\n'.encode()
        self.assertEqual(self._cells(data)[1], ["00123", "张三", "138"])

    def test_hostile_files(self):
        wide = ",".join("a" * 1000) + "\n"
        table = [
            (b"", "empty", None),
            (b"\n \n\t\n", "empty", None),
            (b'a,b\n"1,2\n3,4\n', "quotes", 2),
            (wide.encode(), "too_many_columns", 1),
            (b"a,b\n1," + b"x" * 40_000, "cell_too_long", 2),
            (b"a\n" * (MAX_ROWS + 2), "too_many_rows", MAX_ROWS + 1),
            (b"\x81\xff\xff\xff\n\x00\x81", "encoding", None),
            (b"%PDF-1.7", "format_unknown", None),
            (b"\xd0\xcf\x11\xe0\xa1\xb1", "format_xls", None),
            (b"\xef\xbb\xbf<HTML>", "format_html", None),
            (b"x" * (33 * 1024 * 1024), "too_big", None),
        ]
        for data, code, row in table:
            with self.subTest(code=code, start=data[:10]):
                self._assert_refused(data, code, row)

    def test_a_nul_byte_does_not_stop_the_reading(self):
        rows = self._cells(b"a,b\n1\x002,3\n")
        self.assertEqual(rows[1][1], "3")
        with self.assertRaises(BadValue):
            values.read_text(rows[1][0])

    def test_what_goes_out_is_no_formula(self):
        for text in (
            "=1+1",
            "+1",
            "-1",
            "@a",
            "\tx",
            "\rx",
            "＝1",
            "＋1",
            "－1",
            "＠a",
            " =1",
        ):
            with self.subTest(text=text):
                self.assertEqual(neutralise(text), "'" + text)
        self.assertEqual(neutralise("张三"), "张三")
        self.assertEqual(neutralise(-1), -1)
        self.assertEqual(write_csv([["=1", "a"]]), b"\xef\xbb\xbf'=1,a\r\n")


@tagged("post_install", "-at_install")
class TestXlsx(TableCase):
    def test_what_a_real_spreadsheet_holds(self):
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.append(["姓名", "入院", "出院", "电话", "编号", "有", "空"])
        sheet.append(
            [
                "张三",
                date(2026, 11, 10),
                datetime(2026, 11, 20, 9, 30),
                13800000001.0,
                12.5,
                True,
                None,
            ]
        )
        sheet["D2"].number_format = "0.00E+00"
        stream = io.BytesIO()
        book.save(stream)
        rows = read_table(stream.getvalue())
        self.assertEqual(
            rows[1].cells,
            ["张三", "2026-11-10", "2026-11-20 09:30:00", "13800000001", "12.5", "1"],
        )

    def test_own_files_come_back(self):
        rows = [["姓名", "数"], ["张三", 3], ["'=1", 4]]
        self.assertEqual(
            self._cells(write_xlsx(rows)), [["姓名", "数"], ["张三", "3"], ["'=1", "4"]]
        )

    def test_inline_rich_and_phonetic_texts(self):
        sheet = (
            SHEET + '<row r="2"><c r="B2" t="s"><v>0</v></c>'
            '<c r="C2" t="inlineStr"><is><t>x</t></is></c></row></worksheet>'
        )
        strings = (
            "<sst><si><r><t>张</t></r><r><t>三</t></r>"
            "<rPh><t>zhang</t></rPh></si></sst>"
        )
        rows = read_table(xlsx(sheet, strings=strings))
        self.assertEqual((rows[0].number, rows[0].cells), (2, ["", "张三", "x"]))

    def test_dates_since_1904(self):
        sheet = (
            SHEET
            + '<sheetData><row><c s="1"><v>44884</v></c></row></sheetData></worksheet>'
        )
        styles = (
            '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
            "</styleSheet>"
        )
        book = BOOK.replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
        self.assertEqual(
            self._cells(xlsx(sheet, styles=styles, book=book)), [["2026-11-20"]]
        )

    def test_the_first_visible_sheet_counts(self):
        book = openpyxl.Workbook()
        book.active.append(["hidden"])
        book.active.sheet_state = "hidden"
        book.create_sheet("b").append(["seen", "x"])
        stream = io.BytesIO()
        book.save(stream)
        self.assertEqual(self._cells(stream.getvalue()), [["seen", "x"]])

    def test_hostile_spreadsheets(self):
        cell = '<row r="{row}"><c r="{ref}"><v>1</v></c></row>'
        doctype = '<!DOCTYPE x [<!ENTITY a "aaaa">]>' + SHEET + "</worksheet>"
        table = [
            (xlsx(doctype), "bomb"),
            (xlsx(SHEET + cell.format(row=1, ref="ZZ1")), "too_many_columns"),
            (xlsx(SHEET + cell.format(row=1, ref="ZZZZZZ1")), "broken"),
            (xlsx(SHEET + '<row><c t="s"><v>7</v></c></row></worksheet>'), "broken"),
            (xlsx(SHEET + "<row>"), "broken"),
            (xlsx(SHEET, target="../../../etc/passwd"), "broken"),
            (xlsx("not xml"), "broken"),
            (b"PK\x03\x04" + b"x" * 50, "broken"),
            (xlsx(SHEET + "</worksheet>"), "empty"),
        ]
        for data, code in table:
            with self.subTest(code=code, data=data[:40]):
                self._assert_refused(data, code)

    def test_a_spreadsheet_bomb_is_refused_at_once(self):
        """speed_and_safety 3.5"""
        row = "<row><c><v>1</v></c></row>" * 4_000_000  # 104 MB in 300 kB
        started = time.monotonic()
        data = xlsx(SHEET + row)
        packed = time.monotonic()
        self.assertLess(len(data), 1_000_000)
        self._assert_refused(data, "bomb")
        self.assertLess(time.monotonic() - packed, packed - started)

    def test_an_archive_that_lies_about_its_size(self):
        data = xlsx(SHEET + "<row><c><v>1</v></c></row>" * 100_000)
        real = (len(SHEET) + 26 * 100_000).to_bytes(4, "little")
        forged = data.replace(real, (100).to_bytes(4, "little"))
        self.assertNotEqual(data, forged)
        self._assert_refused(forged, "broken")

    def test_a_million_empty_formatted_rows_are_no_rows(self):
        empty = '<row r="9"><c r="A9" s="1"/></row>' * 20_000
        sheet = (
            SHEET + '<row r="1"><c r="A1"><v>1</v></c></row>' + empty + "</worksheet>"
        )
        self.assertEqual(self._cells(xlsx(sheet)), [["1"]])


@tagged("post_install", "-at_install")
class TestValues(BaseCase):
    def _code(self, reader, *args):
        with self.assertRaises(BadValue) as caught:
            reader(*args)
        return caught.exception.code

    def test_dates_in_many_forms(self):
        table = [
            ("2026-11-20", date(2026, 11, 20)),
            ("2026/1/2", date(2026, 1, 2)),
            ("2026.11.20", date(2026, 11, 20)),
            ("20261120", date(2026, 11, 20)),
            (20261120.0, date(2026, 11, 20)),
            ("2026年11月20日", date(2026, 11, 20)),
            ("２０２６年１１月２０日", date(2026, 11, 20)),
            ("2026年11月20日 14时30分", datetime(2026, 11, 20, 14, 30)),
            ("2026-11-20 14:30:59", datetime(2026, 11, 20, 14, 30, 59)),
            ("2026/11/20 2:30 PM", datetime(2026, 11, 20, 14, 30)),
            ("2026-11-20 下午2:30", datetime(2026, 11, 20, 14, 30)),
            ("2026-11-20T14:30:00.000", datetime(2026, 11, 20, 14, 30)),
            ("20261120143059", datetime(2026, 11, 20, 14, 30, 59)),
            ("2026-11-20 24:00", datetime(2026, 11, 21)),
            ("21/11/2026", date(2026, 11, 21)),
            ("46346", date(2026, 11, 20)),
            (46346.5, datetime(2026, 11, 20, 12)),
            ("2024-02-29", date(2024, 2, 29)),
            ("-", None),
            ("", None),
            (None, None),
            (False, None),
        ]
        for value, expected in table:
            with self.subTest(value=value):
                self.assertEqual(values.read_moment(value), expected)

    def test_dates_with_zone(self):
        moment = values.read_moment("2026-11-20T14:30:00+08:00")
        self.assertEqual(moment.astimezone(timezone.utc).hour, 6)

    def test_no_dates(self):
        table = [
            ("2026-02-30", "no_such_date"),
            ("2026-13-01", "no_such_date"),
            ("2025-02-29", "no_such_date"),
            ("2026-11-20 25:00", "no_such_date"),
            ("0001-01-01", "date_range"),
            ("9999-12-31", "date_range"),
            ("0000-01-01", "no_such_date"),
            ("03/04/2026", "ambiguous_date"),
            ("soon", "bad_date"),
            ("2026-11", "bad_date"),
            ("2026-11-20 noon", "bad_date"),
            ("2026-11-20T10:00+99:99", "bad_date"),
            ("\ud800", "bad_text"),
            ([1], "bad_text"),
            ("1" * 200, "too_long"),
        ]
        for value, code in table:
            with self.subTest(value=value):
                self.assertEqual(self._code(values.read_moment, value), code)

    def test_order_of_day_and_month_by_profile(self):
        self.assertEqual(values.read_moment("03/04/2026", "dmy"), date(2026, 4, 3))
        self.assertEqual(values.read_moment("03/04/2026", "mdy"), date(2026, 3, 4))

    def test_words(self):
        table = [
            (values.read_sex, "男", "male"),
            (values.read_sex, "F", "female"),
            (values.read_sex, "2", "female"),
            (values.read_sex, 1.0, "male"),
            (values.read_sex, "1-男", "male"),
            (values.read_sex, "", "unknown"),
            (values.read_disposition, "医嘱离院", "home"),
            (values.read_disposition, "醫囑離院", "home"),
            (values.read_disposition, "1", "home"),
            (values.read_disposition, "医嘱转院", "transfer"),
            (values.read_disposition, "3", "transfer"),
            (values.read_disposition, "非医嘱离院", "ama"),
            (values.read_disposition, "4", "ama"),
            (values.read_disposition, "死亡", "deceased"),
            (values.read_disposition, "9.其他", "other"),
            (values.read_disposition, "", False),
            (values.read_relation, "", "self"),
            (values.read_relation, "妻子", "spouse"),
            (values.read_relation, "父", "parent"),
            (values.read_relation, "儿子", "child"),
            (values.read_relation, "姑姑", "other"),
            (values.read_class, "门诊", "outpatient"),
            (values.read_state, "撤销出院", "open"),
        ]
        for reader, value, expected in table:
            with self.subTest(value=value):
                self.assertEqual(reader(value), expected)

    def test_phones(self):
        table = [
            (13800000001.0, ["13800000001"]),
            ("13800000001.0", ["13800000001"]),
            ("138 0000 0001", ["13800000001"]),
            ("１３８００００００１１", ["13800000011"]),
            ("+86 13800000001", ["13800000001"]),
            ("13800000001/13800000002", ["13800000001", "13800000002"]),
            ("13800000001、13800000002", ["13800000001", "13800000002"]),
            ("儿子13800000001", ["13800000001"]),
            ("无", []),
            ("", []),
            (None, []),
        ]
        for value, expected in table:
            with self.subTest(value=value):
                self.assertEqual(values.read_phones(value), expected)
        for value, code in [
            ("1.38E+10", "damaged_number"),
            ("138****0001", "masked_number"),
            ("12", "bad_phone"),
            ("none given", "bad_phone"),
        ]:
            with self.subTest(value=value):
                self.assertEqual(self._code(values.read_phones, value), code)

    def test_identity_numbers(self):
        self.assertEqual(
            values.read_id_number("11010519491231002x"), "11010519491231002X"
        )
        self.assertEqual(
            values.birth_and_sex("11010519491231002X"), (date(1949, 12, 31), "female")
        )
        for value, code in [
            ("110105194912310021", "bad_id_number"),
            ("1.10105E+17", "damaged_number"),
            ("110105194912310000", "damaged_number"),
            ("1101051949****002X", "masked_number"),
        ]:
            with self.subTest(value=value):
                self.assertEqual(self._code(values.read_id_number, value), code)

    def test_known_part_of_lace(self):
        table = [
            (0, "", 0),
            (1, "I10", 1),
            (3, "I10", 3),
            (5, "I50.9", 6),
            (13, "E11.9", 6),
            (20, "C34.1", 9),
            (20, "C78.0", 11),
        ]
        for days, code, points in table:
            with self.subTest(days=days, code=code):
                self.assertEqual(lace.known_points(days, code), points)


@tagged("post_install", "-at_install")
class TestListing(BaseCase):
    index = listing.alias_index(
        {
            "patient_name": ["姓名"],
            "department": ["科室", "出院科室"],
            "inpatient_number": ["住院号"],
            "visit_count": ["住院次数"],
            "discharge_date": ["出院日期"],
            "phone": ["联系电话", "手机"],
            "contact_relation": ["联系人关系"],
            "contact_phone": ["联系人电话"],
        }
    )

    def _rows(self, *lines):
        return read_table("\n".join(lines).encode())

    def test_the_header_is_found_below_titles(self):
        rows = self._rows(
            "出院病人一览表",
            "打印：2026-11-21,第1页",
            "序号,姓名*,出院 科室",
            "1,甲,内科",
        )
        header = listing.find_header(rows, self.index)
        self.assertEqual(header.index, 2)
        self.assertEqual(header.columns, {"patient_name": [1], "department": [2]})
        self.assertEqual(header.unknown, ["序号"])

    def test_headers_are_known_without_marks_width_and_remarks(self):
        for title in (
            "出院日期",
            " 出院日期*",
            "出院日期（必填）",
            "出院_日期:",
            "出院日期[YMD]",
        ):
            with self.subTest(title=title):
                self.assertEqual(self.index[listing.normalise(title)], "discharge_date")

    def test_a_list_without_known_headers_has_none(self):
        self.assertIsNone(listing.find_header(self._rows("a,b", "1,2"), self.index))

    def test_number_of_the_stay(self):
        """D-14"""
        table = [
            ({"visit_number": "V1", "inpatient_number": "Z1"}, "V1"),
            ({"inpatient_number": "Z1", "visit_count": "2"}, "Z1-2"),
            ({"inpatient_number": "Z1", "visit_count": "第2次"}, "Z1-2"),
            ({"inpatient_number": "Z1", "visit_count": "2.0"}, "Z1-2"),
            ({"inpatient_number": "Z1"}, "Z1"),
            ({"card_number": "M1", "visit_date": "2026-11-20 09:15"}, "M1-20261120"),
            ({"card_number": "M1"}, ""),
        ]
        for cells, expected in table:
            with self.subTest(cells=cells):
                self.assertEqual(listing.stay_number(cells), expected)

    def test_whose_number_it_is(self):
        own = {"phone": "1", "contact_relation": "妻子", "contact_name": "乙"}
        self.assertEqual(
            listing.to_row(own, "his", "inpatient")["contacts"],
            [{"phone": "1", "relation": "妻子", "name": "乙"}],
        )
        both = {**own, "contact_phone": "2"}
        self.assertEqual(
            listing.to_row(both, "his", "inpatient")["contacts"],
            [
                {"phone": "1", "relation": "", "name": ""},
                {"phone": "2", "relation": "妻子", "name": "乙"},
            ],
        )

    def test_a_missing_column_is_no_key(self):
        row = listing.to_row({"patient_name": "甲"}, "his", "inpatient")
        self.assertEqual(
            row,
            {
                "source": "his",
                "number": "",
                "patient_name": "甲",
                "encounter_class": "inpatient",
            },
        )


@tagged("post_install", "-at_install")
class TestStay(BaseCase):
    def test_thousands_of_broken_rows_never_raise(self):
        cleaner = Cleaner(WorkCalendar("Asia/Shanghai", USUAL_WEEK), date(2026, 11, 23))
        poison = [
            None, "", 0, 1, -1, 1.5, float("nan"), float("inf"), True, [], {}, "x\x00",
            "\ud800", "9" * 5000, "2026-02-30", "0001-01-01", date(1, 1, 1),
            datetime(9999, 12, 31, 23, 59), timedelta(1), b"x", [[]], [{}],
            [{"phone": {}}],
            [{"phone": "\x00"}], object(), "١٢٣", "²", "٢٠٢٦-١١-٢٠",
        ]  # fmt: skip
        fields = sorted(
            {
                "source", "number", "mrn", "patient_name", "sex", "birthdate",
                "id_number", "encounter_class", "department", "attending",
                "admission_date", "discharge_date", "procedure_date", "disposition",
                "state", "contacts", "address", "caller_note",
            }
        )  # fmt: skip
        for field in fields:
            for value in poison:
                row = {"number": "1", "patient_name": "甲", field: value}
                with self.subTest(field=field, value=repr(value)[:40]):
                    cleaner.clean(0, row)
        for row in (None, 1, "x", [], {1: 2}, {None: 1}):
            self.assertTrue(cleaner.clean(0, row).errors)
