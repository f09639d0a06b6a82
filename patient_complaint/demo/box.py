# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Suggestion boxes of the demo: where they hang, and what was found in them."""

# department, where
BOXES = (("outpatient", "门诊一楼大厅服务台旁"), ("oncology", "住院楼五楼电梯口"))
# days ago, sheets counted, those registered so far: (kind, category, words)
ROUNDS = (
    (
        0.9,
        2,
        (
            ("suggestion", "environment_facility", "门诊饮水机旁请放一次性纸杯。"),
            ("praise", "service_attitude", "导诊台的志愿者非常耐心，谢谢。"),
        ),
    ),
    (0.1, 2, (("suggestion", "environment_food", "希望晚餐有软烂的饭菜。"),)),
)
OFFICE = {
    "complaint_office_phone": "010-55550120",
    "complaint_office_place": "门诊楼一楼102室",
    "complaint_office_hours": "周一至周日 8:00—17:30",
}
