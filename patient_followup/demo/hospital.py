# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tables of the invented hospital group behind the demo (no real person)."""

from typing import NamedTuple


class Ward(NamedTuple):
    """A department of the demo and what its patients have."""

    key: str  # xml id of the department: `demo_department_<key>`
    stays: int
    encounter_class: str
    ages: tuple  # youngest, oldest (years)
    sex: str  # "female", "male" or "" for both
    days: tuple  # shortest, longest stay (days)
    cases: tuple  # (ICD-10, diagnosis, operation or "")
    doctors: tuple  # employee names


WARDS = (
    Ward(
        "cardiology",
        70,
        "inpatient",
        (42, 88),
        "",
        (4, 14),
        (
            ("I10.x00", "高血压病3级", ""),
            ("I25.103", "冠状动脉粥样硬化性心脏病", "冠状动脉造影术"),
            ("I21.401", "急性非ST段抬高型心肌梗死", "冠状动脉支架植入术"),
            ("I50.900", "慢性心力衰竭", ""),
            ("I48.x01", "阵发性心房颤动", "心房颤动射频消融术"),
        ),
        ("陈志远", "林晓峰"),
    ),
    Ward(
        "neurosurgery",
        45,
        "inpatient",
        (18, 80),
        "",
        (7, 28),
        (
            ("I61.900", "脑出血", "颅内血肿清除术"),
            ("D32.000", "脑膜瘤", "脑膜瘤切除术"),
            ("I67.100", "颅内动脉瘤", "动脉瘤夹闭术"),
            ("S06.500", "创伤性硬膜下出血", "钻孔引流术"),
        ),
        ("赵建国", "孙立新"),
    ),
    Ward(
        "obstetrics",
        60,
        "inpatient",
        (21, 41),
        "female",
        (3, 6),
        (
            ("O80.000", "单胎顺产", ""),
            ("O82.000", "经选择性剖宫产术的分娩", "子宫下段剖宫产术"),
            ("O24.400", "妊娠期糖尿病", ""),
            ("O14.000", "轻度先兆子痫", ""),
        ),
        ("吴秀兰", "郑雅琴"),
    ),
    Ward(
        "general_surgery",
        50,
        "inpatient",
        (16, 82),
        "",
        (3, 12),
        (
            ("K80.100", "胆囊结石伴慢性胆囊炎", "腹腔镜胆囊切除术"),
            ("K35.800", "急性阑尾炎", "腹腔镜阑尾切除术"),
            ("K40.900", "腹股沟疝", "腹股沟疝无张力修补术"),
            ("E04.100", "甲状腺结节", "甲状腺部分切除术"),
        ),
        ("周海涛", "徐明亮"),
    ),
    Ward(
        "endocrinology",
        40,
        "inpatient",
        (30, 85),
        "",
        (5, 12),
        (
            ("E11.900", "2型糖尿病", ""),
            ("E11.400", "2型糖尿病伴神经并发症", ""),
            ("E05.900", "甲状腺功能亢进症", ""),
        ),
        ("黄丽华",),
    ),
    Ward(
        "oncology",
        30,
        "inpatient",
        (35, 84),
        "",
        (3, 18),
        (
            ("C34.900", "支气管肺恶性肿瘤", ""),
            ("C50.900", "乳腺恶性肿瘤", "乳腺癌改良根治术"),
            ("C16.900", "胃恶性肿瘤", "胃癌根治术"),
            ("Z51.100", "恶性肿瘤化学治疗", ""),
        ),
        ("马文静",),
    ),
    Ward(
        "outpatient",
        30,
        "outpatient",
        (6, 78),
        "",
        (0, 0),
        (
            ("J06.900", "急性上呼吸道感染", ""),
            ("K29.500", "慢性胃炎", ""),
            ("M54.500", "腰痛", ""),
        ),
        ("高志强",),
    ),
    Ward(
        "checkup",
        25,
        "checkup",
        (22, 66),
        "",
        (0, 0),
        (("Z00.000", "健康体检", ""),),
        ("罗敏",),
    ),
    Ward(
        "east_orthopaedics",
        30,
        "inpatient",
        (14, 86),
        "",
        (5, 20),
        (
            ("S72.000", "股骨颈骨折", "人工股骨头置换术"),
            ("M17.100", "膝关节骨性关节炎", "全膝关节置换术"),
            ("M51.200", "腰椎间盘突出症", "椎间孔镜髓核摘除术"),
        ),
        ("梁振华",),
    ),
    Ward(
        "east_respiratory",
        20,
        "inpatient",
        (28, 88),
        "",
        (4, 14),
        (
            ("J44.100", "慢性阻塞性肺疾病急性加重", ""),
            ("J18.900", "肺炎", ""),
            ("J45.900", "支气管哮喘", ""),
        ),
        ("谢春梅",),
    ),
)

# when calls are made, the last two in the evening
CALL_HOURS = (8.5, 9.25, 10, 10.75, 14.25, 15, 15.75, 16.5, 18.25, 19)

# department key: name in zh_CN and zh_TW
DEPARTMENT_NAMES = {
    "cardiology": ("心血管内科", "心血管內科"),
    "neurosurgery": ("神经外科", "神經外科"),
    "obstetrics": ("产科", "產科"),
    "general_surgery": ("普通外科", "普通外科"),
    "endocrinology": ("内分泌科", "內分泌科"),
    "oncology": ("肿瘤科", "腫瘤科"),
    "outpatient": ("门诊部", "門診部"),
    "checkup": ("体检中心", "體檢中心"),
    "centre": ("随访中心", "隨訪中心"),
    "east_orthopaedics": ("骨科", "骨科"),
    "east_respiratory": ("呼吸内科", "呼吸內科"),
}

# the demo's own protocol and its steps
SURGERY_NAMES = (
    ("手术后随访", "手術後隨訪"),
    ("术后 1 周随访", "術後 1 週隨訪"),
    ("术后 1 个月随访", "術後 1 個月隨訪"),
)

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾"
GIVEN = {
    "male": (
        "伟 亮 磊 军 勇 杰 涛 超 明 刚 平 辉 诚 飞 波 斌 宇 浩 凯 健 俊 "
        "建华 志明 国强 文斌 海涛 德福 永安 家豪 子轩 天佑"
    ).split(),
    "female": (
        "芳 娜 敏 静 丽 艳 娟 霞 秀英 燕 玲 桂英 婷 雪 慧 莹 倩 "
        "淑珍 玉兰 美玲 雅婷 思琪 欣怡 春花 晓燕 凤英 月华"
    ).split(),
}
STREETS = ("人民路", "中山路", "解放路", "建设路", "和平街", "文化路", "花园街")
EMPLOYERS = ("市第一中学", "纺织厂", "公交公司", "退休", "个体经营", "农业", "供电局")
OCCUPATIONS = ("教师", "工人", "驾驶员", "退休人员", "个体户", "农民", "职员")
RESULTS = ("治愈", "好转", "好转", "好转", "未愈")
NOTES = (
    "恢复良好，按时服药，已提醒复查时间。",
    "伤口愈合好，无红肿，饮食睡眠正常。",
    "血压控制平稳，建议继续监测并低盐饮食。",
    "偶有头晕，已告知注意事项，不适随诊。",
    "对护理服务满意，无特殊需求。",
)
