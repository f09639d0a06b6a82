# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What complainants and the office of the demo wrote on the page."""

QUESTIONS = (
    "请问调查进行到哪一步了？我母亲还在等答复。",
    "补充一点：当天是上午十点左右，三号诊室门口。",
    "收费清单我已经找到了，需要我送过来吗？",
)
ANSWERS = (
    "您好，我们正在核对当天的记录，答复前会再与您联系。",
    "谢谢，已转给调查人员。",
)
RATINGS = (("5", "accepted", "处理得很及时，谢谢。"), ("4", False, "态度很好。"))
