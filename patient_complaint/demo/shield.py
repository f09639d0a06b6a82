# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Words of the demo's investigations."""

RECORD = ("record", "护理记录单（第3—5页）", "换药时间与患者所述一致，未见告知记录。")
INTERVIEW = ("interview", "与患者家属面谈", "家属表示护士态度急躁，事后没有解释。")
FILE = ("file", "投诉人来信扫描件", "来信一页。")
LETTER = "尊敬的院领导：……"
PERSON = "患者家属"
CUSTODY = ("sealed", "医务科档案柜")
QUESTION_NURSE = "请说明当天下午换药的经过，以及您对患者说了什么。"
QUESTION_DOCTOR = "请说明术前谈话由谁进行、用时多久、谈了哪些风险。"
ANSWER_DOCTOR = "术前一天由我与家属谈话约二十分钟，谈了麻醉与出血风险，有签字。"
