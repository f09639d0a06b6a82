# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read the values that hospital systems send: dates, numbers and words.

Every reader takes what came (text, number, None) and returns the clean value or
raises `BadValue` with a code; the caller knows row and field and says it in words.
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache

from . import masking

UTC = timezone.utc

FIRST_YEAR = 1900
LAST_YEAR = 2200
MAX_TEXT = 4000
EDGES = " \t\r\n\f\v\ufeff\u00a0\u3000\u200b\u200c\u200d\u200e\u200f\u2060"
# surrogates and control characters other than tab and line ends
_WHOLE = re.compile(r"^(\d+)\.0$")
BAD_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


class BadValue(ValueError):
    """A value that cannot be taken, with a code and what is wrong with it."""

    def __init__(self, code, value=None):
        super().__init__(code)
        self.code = code
        self.value = value


def read_text(value, limit=MAX_TEXT):
    """Return stripped text, "" for nothing."""
    if value is None or value is False:
        return ""
    if isinstance(value, (dict, list, tuple, set)):
        raise BadValue("bad_text")
    text = str(value).strip(EDGES)
    if not text.isprintable() and BAD_TEXT.search(text):
        raise BadValue("bad_text")
    if len(text) > limit:
        raise BadValue("too_long", limit)
    return text


def read_number(value):
    """Return a record number as text: 12345.0 is 12345, blanks inside go."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = read_text(value, 100)
    if text.isascii() and text.isalnum():
        return text
    text = "".join(unicodedata.normalize("NFKC", text).split())
    return _WHOLE.sub(r"\1", text) if text.endswith(".0") else text


# ------------------------------------------------------------
# DATES
# ------------------------------------------------------------

_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_DAY_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?(?:\.0)?")
_TIME = re.compile(
    r"[T\s]*(上午|下午|AM|PM)?\s*(\d{1,2})[:：时時点點](\d{1,2})?[:：分]?"
    r"(?:(\d{1,2})(?:\.\d+)?)?[秒]?\s*(AM|PM)?\s*(Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
EXCEL_BASE = datetime(1899, 12, 30)


def read_moment(value, order="ymd"):
    """Return a date, a naive local datetime, an aware one, or None for nothing.

    :param order: how "03/04/2026" is meant: "dmy", "mdy", or refused by "ymd"
    """
    if value is None or value is False:
        return None
    if isinstance(value, (datetime, date)):
        return _check_year(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = read_text(value, 100)
    if _ISO_DAY.fullmatch(text):
        return _build(text.split("-"), ())
    return _read_moment_text(text, order)


@lru_cache(maxsize=4096)
def _read_moment_text(text, order):
    # a list repeats few days thousands of times, hence the cache
    text = unicodedata.normalize("NFKC", text)
    if not text or text in ("-", "/", "--", "无", "無", "0"):
        return None
    if _SERIAL.fullmatch(text):
        return _from_serial(float(text))
    if match := _COMPACT.fullmatch(text):
        return _build(match.groups()[:3], match.groups()[3:])
    return _read_written(text, order)


def _read_written(text, order):
    if match := _DAY.match(text):
        numbers = match.groups()
    elif match := _DAY_LAST.match(text):
        first, second, year = match.groups()
        numbers = _order_day(first, second, year, order)
    else:
        raise BadValue("bad_date", text)
    rest = text[match.end() :].strip()
    if not rest:
        return _build(numbers, ())
    clock = _TIME.fullmatch(rest)
    if not clock:
        raise BadValue("bad_date", text)
    half, hour, minute, second, half_after, zone = clock.groups()
    hour = _full_hour(int(hour), half or half_after)
    return _build(numbers, (hour, minute, second), zone)


def _order_day(first, second, year, order):
    if int(first) > 12 or order == "dmy":
        return year, second, first
    if int(second) > 12 or order == "mdy":
        return year, first, second
    if first == second:
        return year, first, second
    raise BadValue("ambiguous_date", f"{first}/{second}/{year}")


def _full_hour(hour, half):
    half = (half or "").upper()
    if half in ("下午", "PM") and hour < 12:
        return hour + 12
    if half in ("上午", "AM") and hour == 12:
        return 0
    return hour


def _build(day, clock, zone=None):
    try:
        built = date(*map(int, day))
        if clock and clock[0] is not None:
            hour, minute, second = (int(part or 0) for part in clock)
            if (hour, minute, second) == (24, 0, 0):
                built = datetime.combine(built, time()) + timedelta(days=1)
            else:
                built = datetime.combine(built, time(hour, minute, second))
    except (ValueError, OverflowError) as error:
        raise BadValue("no_such_date", "-".join(map(str, day))) from error
    if zone:
        built = built.replace(tzinfo=_zone(zone))
    return _check_year(built)


def _zone(text):
    if text.upper() == "Z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    if minutes >= 24 * 60:
        raise BadValue("bad_date", text)
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _from_serial(serial):
    moment = EXCEL_BASE + timedelta(seconds=round(serial * 86400))
    return _check_year(moment.date() if serial.is_integer() else moment)


def _check_year(value):
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise BadValue("date_range", value.year)
    return value


def read_day(value, order="ymd"):
    """Return a date, or None for nothing; a time of day is cut off."""
    moment = read_moment(value, order)
    return moment.date() if isinstance(moment, datetime) else moment


# ------------------------------------------------------------
# WORDS
# ------------------------------------------------------------

SEXES = {
    "male": "1 m male man 男 男性 男婴",
    "female": "2 f female woman 女 女性 女婴",
    "unknown": "0 unknown u 未知 不详 不詳 未知的性别",
    "other": "9 other 其他 未说明 未說明 未说明的性别",
}
DISPOSITIONS = {
    "home": (
        "1 home 医嘱离院 醫囑離院 遵医嘱离院 正常出院 常规出院 "
        "出院 治愈出院 好转出院 回家"
    ),
    "transfer": (
        "2 3 transfer 医嘱转院 醫囑轉院 转院 轉院 医嘱转社区卫生服务机构/乡镇卫生院 "
        "医嘱转社区 转社区 医嘱转社区卫生服务机构 医嘱转社区卫生服务机构(乡镇卫生院)"
    ),
    "ama": "4 ama 非医嘱离院 非醫囑離院 自动出院 自動出院 自动离院 放弃治疗 自行离院",
    "deceased": "5 deceased dead died expired 死亡 临床死亡 院内死亡",
    "other": "9 other 其他 其它",
}
RELATIONS = {
    "self": "0 self patient 本人 本人或户主 自己 患者本人 患者",
    "spouse": "1 spouse husband wife 配偶 夫妻 夫 妻 丈夫 妻子 爱人 老公 老婆 夫妇",
    "parent": "5 parent father mother 父母 父亲 母亲 父 母 父子 母子 爸爸 妈妈 父親",
    "child": (
        "2 3 child son daughter 子女 子 女 儿子 女儿 兒子 女兒 儿女 长子 次子 长女 次女"
    ),
    "other": (
        "4 6 7 8 other 其他 其它 亲属 家属 家屬 兄弟 姐妹 兄弟姐妹 兄 弟 姐 妹 "
        "哥哥 姐姐 弟弟 妹妹 祖父母 孙子女 外孙子女 朋友 同事 监护人 "
        "儿媳 女婿 护工 邻居"
    ),
}
CLASSES = {
    "inpatient": "inpatient 住院 出院 住院患者 出院患者",
    "outpatient": "outpatient 门诊 門診 门诊患者 急诊 门急诊",
    "checkup": "checkup 体检 體檢 健康体检 健康檢查",
    "commissioned": "commissioned 委托 委託 单位委托",
}
STATES = {
    "cancelled": "cancelled void 作废 作廢 取消 取消入院 撤销入院 退院",
    "open": "open 在院 住院中 撤销出院 撤銷出院 取消出院 召回 出院召回",
    "discharged": "discharged 出院 已出院 离院",
}


def _index(words):
    return {word: key for key, names in words.items() for word in names.split()}


_SEX, _DISPOSITION, _RELATION, _CLASS, _STATE = map(
    _index, (SEXES, DISPOSITIONS, RELATIONS, CLASSES, STATES)
)


def _word(value):
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = unicodedata.normalize("NFKC", read_text(value, 100)).lower()
    # "1-医嘱离院", "1.男" and "男性 " are common
    return "".join(text.split())


def _read_word(value, index, code):
    if isinstance(value, str) and value in index:
        return index[value]
    text = _word(value)
    if not text:
        return False
    for candidate in (text, re.sub(r"^\d+[-.、:_]?", "", text)):
        if candidate in index:
            return index[candidate]
    raise BadValue(code, text)


def read_sex(value):
    return _read_word(value, _SEX, "unknown_sex") or "unknown"


def read_disposition(value):
    return _read_word(value, _DISPOSITION, "unknown_disposition")


def read_class(value):
    return _read_word(value, _CLASS, "unknown_class")


def read_state(value):
    return _read_word(value, _STATE, "unknown_state")


def read_relation(value):
    """Return the relation; a word nobody listed is another relative."""
    try:
        return _read_word(value, _RELATION, "unknown_relation") or "self"
    except BadValue as error:
        if error.code != "unknown_relation":
            raise
        return "other"


# ------------------------------------------------------------
# PHONES AND IDENTITY NUMBERS
# ------------------------------------------------------------

_DAMAGED = re.compile(r"\d(?:\.\d+)?e\+?\d+", re.IGNORECASE)
_PHONE_SPLIT = re.compile(r"[/、;；,，|\n]|\s{2,}|或")


def read_phones(value):
    """Return the numbers of a cell; several may stand in one.

    :raise BadValue: `damaged_number` where a spreadsheet rounded it away,
        `bad_phone` where it is no number
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = unicodedata.normalize("NFKC", read_text(value, 200))
    if masking.is_mobile(text):
        return [text]
    if _DAMAGED.fullmatch(text):
        raise BadValue("damaged_number")
    if text in ("-", "--", "无", "無", "不详", "0"):
        return []
    return [
        number for part in _PHONE_SPLIT.split(text) if (number := _read_phone(part))
    ]


def _read_phone(text):
    text = re.sub(r"\.0$", "", text.strip())
    if not text:
        return ""
    if "*" in text:
        raise BadValue("masked_number")
    # remarks such as "儿子 13800000001" stand around many numbers
    bare = re.sub(r"[^\d+#x转轉()-]", "", text.lower())
    parsed = masking.parse("phone", bare)
    if not parsed:
        raise BadValue("bad_phone")
    return parsed.text


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


def read_id_number(value):
    """Return an identity or passport number in capitals, "" for nothing."""
    text = read_number(value).upper()
    if _DAMAGED.fullmatch(text) or re.fullmatch(r"\d{15}000", text):
        raise BadValue("damaged_number")  # a spreadsheet keeps 15 digits
    if "*" in text:
        raise BadValue("masked_number")
    if text in ("-", "无", "無", "不详", "0"):
        return ""
    if re.fullmatch(r"\d{17}[\dX]", text):
        total = sum(int(a) * b for a, b in zip(text, _WEIGHTS, strict=False))
        if _CHECK[total % 11] != text[-1]:
            raise BadValue("bad_id_number")
    return text


def birth_and_sex(id_number):
    """Return (birthdate, sex) that a resident identity number tells, or Nones."""
    match = re.fullmatch(r"\d{6}(\d{4})(\d{2})(\d{2})\d{2}(\d)[\dX]", id_number or "")
    if not match:
        return None, None
    year, month, day, serial = map(int, match.groups())
    try:
        birthdate = _check_year(date(year, month, day))
    except ValueError:
        return None, None
    return birthdate, "male" if serial % 2 else "female"
