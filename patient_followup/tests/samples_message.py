# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A message of each level and the text it is made of."""


def make_messages(cls):
    template = cls.env["followup.message.template"].create(
        {
            "name": "Sample",
            "code": "sample",
            "company_id": cls.company.id,
            "body": "{hospital}",
            "neutral_body": "{hospital}",
        }
    )
    texts = {
        "name": "Like it",
        "code": "like",
        "company_id": cls.company.id,
        "body": "{hospital}",
        "neutral_body": "{hospital}",
    }
    cls._sample(template, "sequence", texts)
    for variant in ("", "@2"):
        task = cls.samples[f"followup.task{variant}"][0]
        message = cls.env["followup.message"]._queue(
            task, "sample", method="letter", version=variant
        )
        vals = {
            "company_id": cls.company.id,
            "patient_id": task.patient_id.id,
            "res_model": task._name,
            "res_id": task.id,
            "code": "sample",
            "method": "letter",
            "key": f"like{variant}",
            "reference": f"like{variant}",
        }
        cls._sample(message, "reason", vals, variant)
