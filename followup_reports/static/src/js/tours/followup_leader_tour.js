import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { lookAt, throughMenu } from "@patient_followup/js/tours/followup_menu_steps";

const FROZEN = "followup_reports.followup_report_menu_frozen";

/** A leader: reports to sign, figures, rewards to decide, what waits for release. */
registry.category("web_tour.tours").add("followup_leader", {
    url: "/odoo/followup-reports",
    steps: () => [
        ...lookAt(".o_searchview", _t("Each report is computed once. Open one to read and sign it.")),
        ...throughMenu(
            "followup_reports.followup_report_menu_live",
            "followup_reports.followup_report_menu_task_summary",
            _t("The same figures as they stand today.")
        ),
        ...throughMenu(
            "followup_reports.followup_report_menu_assessment",
            "followup_reports.followup_report_menu_ledger",
            _t("Nothing is paid or deducted before you decide; the reason is kept.")
        ),
        ...throughMenu(
            FROZEN,
            "followup_reports.followup_report_menu_release",
            _t("What others prepared is published only when you release it.")
        ),
    ],
});
