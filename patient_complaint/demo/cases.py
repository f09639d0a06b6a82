# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Invented cases of the demo hospital, as their office heard them.

First line: days ago, how far it came, kind, channel, category, harm, department, who
complains (a number; the same number is the same person, 0 nobody knows). Second: words.
"""

from collections import namedtuple

Row = namedtuple("Row", "ago end kind channel category harm department person text")

LINES = """
0.04 received complaint phone process_waiting none cardiology 1
    急诊等了四个小时没人解释原因。
0.1 received complaint onsite service_attitude none general_surgery 2
    护士换药时态度生硬，训斥老人。
0.2 received complaint hotline cost_charge none outpatient 3
    同一项检查被收了两次费。
0.3 received complaint web process_discharge none outpatient 10
    病历复印窗口中午没有人，再次反映。
0.4 received suggestion box environment_facility none oncology 0
    希望住院部增加开水房。
0.5 received complaint social service_privacy none obstetrics 4
    检查室门没关，外面的人都能看到。
0.6 received praise letter other_other none obstetrics 5
    感谢产科夜班团队的细心照顾。
0.8 received complaint followup medical_medication minor cardiology 6
    出院带药与医嘱不一致，回家后头晕。
0.9 received inquiry email cost_insurance none outpatient 7
    请问异地医保结算需要哪些材料？
2.2 received complaint email process_discharge none neurosurgery 8
    出院小结迟迟没有拿到。
1.1 triage complaint web environment_hygiene none neurosurgery 0
    病房卫生间连续两天没有打扫。
1.2 triage complaint phone service_communication minor general_surgery 9
    术前没有说明手术风险。
1.3 triage complaint onsite process_discharge none outpatient 10
    病历复印窗口中午无人。
1.4 triage inquiry phone process_appointment none checkup 11
    体检预约可以改期吗？
1.5 triage complaint authority medical_treatment moderate general_surgery 12
    术后切口反复感染。
1.6 triage suggestion web environment_facility none cardiology 13
    建议走廊加装扶手。
2 triage complaint hotline cost_charge none outpatient 3
    退费申请三周没有到账。
1.8 triage praise phone service_attitude none endocrinology 14
    护士长每天来讲解饮食，非常感谢。
3 investigate complaint authority medical_diagnosis moderate general_surgery 15
    漏诊阑尾炎，转院后手术。
3.5 investigate complaint phone medical_nursing moderate cardiology 16
    输液外渗，手背肿胀一周。
4 investigate complaint onsite service_attitude none cardiology 17
    医生查房不耐烦，不回答问题。
4.5 plan complaint letter service_privacy none obstetrics 18
    多人病房里公开谈论病情。
5 plan complaint onsite medical_diagnosis minor oncology 19
    检查报告延误，影响化疗安排。
5 plan complaint hotline medical_medication moderate cardiology 6
    护士发错药，幸好及时发现。
6 freeze complaint hotline environment_facility severe neurosurgery 20
    老人在湿滑的走廊摔倒骨折。
5.5 freeze complaint phone medical_treatment moderate general_surgery 21
    认为手术指征不足，要求鉴定。
4.5 extend complaint letter medical_nursing minor obstetrics 22
    新生儿红臀，认为护理不周。
6 extend complaint onsite medical_treatment minor neurosurgery 23
    康复训练安排一再推迟。
12 late complaint web process_waiting none cardiology 24
    平板运动试验预约等了三周。
15 late complaint phone medical_nursing minor general_surgery 25
    引流管脱落后一小时才处理。
6 resolve complaint phone service_communication none cardiology 26
    病情变化没有及时告知家属。
7 resolve complaint email medical_medication minor obstetrics 27
    过敏史已告知，仍开了同类药。
6.5 submit complaint onsite service_attitude none cardiology 28
    夜班呼叫铃无人应答。
7 submit complaint authority medical_safety moderate neurosurgery 29
    核对身份不严，险些用错血。
8 submit complaint hotline medical_treatment severe general_surgery 30
    术中损伤胆管，再次手术。
7.5 submit complaint phone cost_charge none obstetrics 31
    未使用的耗材被收费。
8 approved complaint letter service_communication none obstetrics 32
    剖宫产原因说明不清。
9 approved complaint phone medical_nursing minor cardiology 33
    压疮护理交接遗漏。
3 answer complaint phone service_privacy none checkup 34
    体检报告邮寄到错误地址。
4 answer complaint box environment_food none cardiology 0
    食堂饭菜太凉。
5 answer complaint web process_appointment none outpatient 35
    网上预约付费后显示失败。
2.5 answer suggestion email process_discharge none outpatient 36
    建议出院结算多开窗口。
10 answer_full complaint onsite service_attitude none neurosurgery 37
    会诊医生言语不当。
11 refused complaint phone medical_treatment minor obstetrics 38
    侧切伤口愈合差，不接受解释。
12 rectify complaint phone process_waiting none cardiology 39
    心电图室排队无序。
13 rectify complaint hotline environment_hygiene none general_surgery 40
    换药室垃圾满溢。
14 rectify complaint onsite medical_medication minor cardiology 41
    出院用药说明字太小看不清。
15 check complaint web process_waiting none cardiology 24
    门诊复查等候超过三小时。
16 check complaint letter service_privacy none obstetrics 42
    产检隐私帘破损。
38 close complaint web process_appointment none outpatient 43
    预约号被取消没有通知。
50 close praise social service_attitude none endocrinology 44
    医生耐心解答，非常满意。
65 close complaint box environment_facility none oncology 0
    病房空调噪声太大。
80 close complaint phone service_communication none checkup 45
    体检结果电话里说不清楚。
22 told complaint phone service_attitude none cardiology 62
    夜班护士接铃慢，态度冷淡。
23 told complaint onsite process_appointment none outpatient 63
    分诊台让重新排队取号。
24 told complaint phone service_communication none general_surgery 64
    手术推迟没有人说明原因。
26 told complaint onsite process_discharge none cardiology 65
    出院手续跑了三个窗口。
28 told complaint web cost_charge none outpatient 66
    退号费用一周没有退回。
30 told complaint web environment_facility none cardiology 67
    病房呼叫铃按下去没有反应。
30 told complaint onsite environment_facility none general_surgery 68
    病房热水供应不足。
33 told complaint phone service_attitude none outpatient 69
    导诊回答问题不耐烦。
34 told complaint phone service_communication none cardiology 70
    术后能不能下床，两位护士说法不同。
36 told complaint web service_attitude none general_surgery 71
    护工语气生硬。
38 told complaint letter cost_charge none cardiology 72
    监护费多计了一天。
38 told complaint onsite environment_facility none outpatient 73
    自助机连续三天打印不了报告。
42 told complaint email environment_hygiene none cardiology 74
    卫生间地面积水没有人处理。
42 told complaint phone process_discharge none general_surgery 75
    出院证明日期写错，往返两次。
43 told complaint social process_discharge none outpatient 76
    盖章窗口提前半小时关门。
46 told complaint onsite service_privacy none cardiology 77
    查房时当着其他家属说病情。
48 told complaint onsite cost_charge none general_surgery 78
    耗材费用明细看不懂，无人解释。
48 told complaint phone service_communication none outpatient 79
    检查前没有告知要空腹。
50 told complaint phone process_appointment none cardiology 80
    复诊号约不上，电话打不通。
53 told complaint web cost_insurance none outpatient 81
    异地医保不能直接结算，无人解释。
54 told complaint web environment_food none cardiology 82
    低盐餐送成了普通餐。
54 told complaint letter environment_hygiene none general_surgery 83
    换药室地面有血迹未及时清理。
58 told complaint social service_attitude none cardiology 84
    陪护询问检查时间被训斥。
58 told complaint onsite environment_hygiene none outpatient 85
    候诊大厅垃圾桶溢出。
60 told complaint phone service_privacy none general_surgery 86
    换药时没有拉隔帘。
62 told complaint phone cost_insurance none cardiology 87
    慢病报销材料前后要求不一致。
63 told complaint phone service_privacy none outpatient 88
    叫号屏显示患者全名。
66 told complaint onsite service_communication none cardiology 89
    换药名称没有告知，回家后不敢吃。
66 told complaint web process_waiting none general_surgery 90
    入院等床位五小时。
68 told complaint email process_appointment none outpatient 91
    改期后没有收到通知，白跑一趟。
70 told complaint web environment_facility none cardiology 92
    候诊区座椅坏了两个月。
72 told complaint email environment_food none general_surgery 93
    术后流食送晚了两小时。
73 told complaint onsite service_attitude none outpatient 94
    收费员摔单据。
74 told complaint phone process_discharge none cardiology 95
    周末出院没有人办理结算。
78 told complaint letter environment_hygiene none cardiology 96
    床单有污渍，要求两次才更换。
78 told complaint onsite service_communication none general_surgery 97
    引流管护理没有教家属。
78 told complaint web environment_facility none outpatient 98
    母婴室门锁损坏。
82 told complaint phone cost_charge none cardiology 99
    出院清单与每日清单对不上。
83 told complaint phone cost_charge none outpatient 100
    同一张处方扣了两次款。
84 told complaint phone service_attitude none general_surgery 101
    家属询问术中情况被打断。
86 told complaint web process_appointment none cardiology 102
    动态心电图的预约两次被取消。
88 told complaint onsite service_communication none outpatient 103
    报告领取时间说法不一。
90 told complaint letter service_privacy none cardiology 104
    护士站白板上写着患者诊断。
90 told complaint social environment_facility none general_surgery 105
    电梯等候时间太长。
93 told complaint letter environment_food none outpatient 106
    门诊餐厅饭菜价格没有标出。
18 close_right complaint phone medical_nursing minor general_surgery 46
    换药时间不固定。
22 revisit complaint onsite service_attitude none obstetrics 47
    候诊时被护士呵斥。
26 revisit complaint phone process_discharge none cardiology 53
    出院带药等了半天。
28 revisit_bad complaint hotline cost_charge none outpatient 3
    住院押金退还太慢。
24 reopen complaint phone service_communication none neurosurgery 49
    答复与病历记录不一致。
95 withdraw complaint phone integrity_gift none general_surgery 50
    投诉护工索要红包，后系误会。
70 not_accept complaint letter other_other none outpatient 51
    要求医院赔偿停车场外的剐蹭。
5.5 submit complaint web process_waiting none cardiology 57
    候诊叫号停了半小时没有人说明。
6.2 submit complaint onsite service_attitude none cardiology 61
    门诊看诊不到两分钟，语气不好。
9 submit_paid complaint authority medical_safety severe neurosurgery 58
    术后转运途中坠床，再次出血。
30 close_full complaint hotline medical_treatment severe general_surgery 54
    术后腹腔遗留纱布，再次手术取出。
34 close_full complaint onsite medical_medication moderate cardiology 55
    抗凝药剂量没有交代清楚，复查时出血。
"""
PLAIN = [line.strip() for line in LINES.strip().splitlines()]
ROWS = [
    Row(float(ago), *words, text)
    for (ago, *words), text in zip(map(str.split, PLAIN[::2]), PLAIN[1::2], strict=True)
]
# what the complainant hears first, second ...
WORDS = {
    "acknowledgement": "已收到您的反映，一个工作日内会有专人联系。",
    "plan": "已告知调查安排和预计答复时间。",
    "extension": "需要补充材料，已向您说明延期原因和新的日期。",
    "answer": "已说明情况并致歉，落实改进。",
}
TEAM = (
    ("investigator", "medical"),
    ("officer", "nursing"),
    ("specialist", "administrative"),
)
HEADS = ("head", "head_neurosurgery", "head_obstetrics", "head_surgery")
FINDINGS = ("upheld", "partly", "upheld", "not_upheld", "partly")
EVIDENCE = "病历与护理记录调阅，当班人员谈话记录"
IMMEDIATE = "已放置警示牌并清理地面，通知当班医生查看。"
REMEDY = "由科主任当面说明并致歉，相关流程当月整改。"
PAID = (60000, "经医调委调解，一次性补偿后续治疗费用。")
WITHDRAWN = "家属来电说明系误会。"
NOT_ACCEPTED = "不属于医院职责范围，已告知向交管部门反映。"
REFUSED = "不认可科室的说明，要求医疗鉴定。"
REPEATED = "病历复印窗口中午没有人，再次反映。"
REOPENED = "家属提供了新的病历资料。"
# what is put right: kind, words, proof
ACTIONS = (
    ("immediate", "当日补开窗口并安排导诊员维持秩序。", "窗口已增开，见现场照片说明。"),
    ("corrective", "修订交接班清单，增加专项核对。", "清单已修订并在晨会培训。"),
    ("preventive", "每季度组织一次沟通技巧培训。", "第一期已完成，签到表存科室。"),
    ("improvement", "重新设计出院带药说明单，字号加大。", "新版说明单已启用。"),
)
CHECKED = "抽查五名患者，均未再遇到同类问题。"
NO_EFFECT = "抽查时仍有两名患者等候超过一小时。"
# rounds: department, where, findings (indicator, words, how it was put right)
ROUNDS = (
    (
        "cardiology",
        "心内科护士站",
        (
            ("greeting", "两名护士未佩戴胸牌", "当场佩戴"),
            ("hygiene", "开水间地面湿滑", ""),
        ),
    ),
    (
        "outpatient",
        "门诊收费大厅",
        (("queue", "中午仅开一个窗口", ""), ("guide", "二楼指示牌脱落", "当场固定")),
    ),
    ("obstetrics", "产科病区", (("privacy", "三号房隔帘缺失", ""),)),
)
CAMPAIGN = {
    "goal": "三个月内同类投诉下降一半，平均等候不超过四十分钟。",
    "milestones": ("完成流程梳理", "分时段预约上线", "患者回访评价"),
}
OPINION = "走廊扶手由总务科本月安装完毕。"
