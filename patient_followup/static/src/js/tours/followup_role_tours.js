import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { lookAt, throughMenu } from "./followup_menu_steps";

const tours = registry.category("web_tour.tours");
const SUPERVISION = "patient_followup.followup_menu_supervision";
const QUALITY = "patient_followup.followup_menu_quality";
const CONFIGURATION = "patient_followup.followup_menu_configuration";

/** A doctor: his own patients, the call, what the patient asks him. */
tours.add("followup_doctor", {
    url: "/odoo/my-follow-up-calls",
    steps: () => [
        {
            trigger: ".o_kanban_record button[name='action_open']",
            content: _t("Your patients, the most urgent first. Call from here."),
            tooltipPosition: "left",
            run: "click",
        },
        {
            trigger: ".o_followup_contact .o_followup_call_button",
            content: _t("Read who he is, then call: the number is shown and your look is logged."),
            tooltipPosition: "left",
            run: "click",
        },
    ],
});

/** A department head: what is late, who calls, what patients raised, what was verified. */
tours.add("followup_head", {
    url: "/odoo/late-follow-up-calls",
    steps: () => [
        ...throughMenu(
            SUPERVISION,
            "patient_followup.followup_menu_distribute",
            _t("Late calls stand first. Calls nobody has yet are given out here.")
        ),
        ...throughMenu(
            SUPERVISION,
            "patient_followup.followup_menu_concerns",
            _t("Red flags and questions of your patients wait here for an answer.")
        ),
        ...throughMenu(
            QUALITY,
            "patient_followup.followup_menu_verdicts",
            _t("What the verification found of your calls; you may appeal in time.")
        ),
        ...lookAt(".o_searchview", _t("Search and filter here; a saved search is a favourite.")),
    ],
});

/** An inspector: draw a sample, see the verdicts, look at attempts. */
tours.add("followup_inspector", {
    url: "/odoo/followup-samples",
    steps: () => [
        ...lookAt(".o_searchview", _t("Samples are drawn by chance; the same seed draws the same list.")),
        ...throughMenu(
            QUALITY,
            "patient_followup.followup_menu_verdicts",
            _t("Ring drawn patients and write down what they say; heads may appeal.")
        ),
        ...throughMenu(
            "patient_followup.followup_menu_reporting",
            "patient_followup.followup_menu_attempt_analysis",
            _t("Who called when, and with what result.")
        ),
    ],
});

/** An administrator: teams, protocols, and what they plan. */
tours.add("followup_administrator", {
    url: "/odoo/followup-teams",
    steps: () => [
        ...lookAt(".o_searchview", _t("Begin with the teams: who calls in which department.")),
        ...throughMenu(
            CONFIGURATION,
            "patient_followup.followup_menu_protocol",
            _t("Choose the protocols of your hospital and activate them.")
        ),
        ...throughMenu(
            CONFIGURATION,
            "patient_followup.followup_menu_attempt_policy",
            _t("How often and at which hours patients are called.")
        ),
    ],
});
