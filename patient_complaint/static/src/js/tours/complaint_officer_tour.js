import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { lookAt, throughMenu } from "@patient_followup/js/tours/followup_menu_steps";

const CASES = "patient_complaint.complaint_menu_cases";

/** A complaint officer: the board, his cases, approvals, rectification. */
registry.category("web_tour.tours").add("complaint_officer", {
    url: "/odoo/complaints",
    steps: () => [
        ...lookAt(".o_searchview", _t("Cases stand by step; the strip shows which clock ends next.")),
        ...throughMenu(
            CASES,
            "patient_complaint.complaint_menu_mine",
            _t("What waits for you, the nearest deadline first.")
        ),
        ...throughMenu(
            CASES,
            "patient_complaint.complaint_menu_approval",
            _t("Whose decision a resolution waits for.")
        ),
        ...throughMenu(
            "patient_complaint.complaint_menu_rectification",
            "patient_complaint.complaint_menu_action",
            _t("What was promised: nothing closes before it is done and checked.")
        ),
    ],
});
