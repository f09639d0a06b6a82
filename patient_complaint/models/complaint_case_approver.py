# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who has to approve a resolution, found by the rules (C-15, I-8, D-8)."""

from odoo import models
from odoo.exceptions import UserError

from ..tools.approvals import Tier
from ..tools.lists import read_along, read_lists

GROUP = "patient_complaint.complaint_group_approver"
# lists of a case: who may see it, and who has a part in it
SHOWN_TO = ("approval_ids", "conflict_user_ids")
INVOLVED = (
    *("approver_user_ids", "handled_user_ids", "member_ids"),
    *("issue_ids", "issue_ids.category_id", "issue_ids.department_id"),
)


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    # ------------------------------------------------------------
    # TIERS
    # ------------------------------------------------------------

    def _read_ahead(self):
        """Read by two statements what submitting looks at first."""
        # sudo: only the cache is filled; every check still follows
        cases = self.sudo()
        read_lists(*((cases, name) for name in (*SHOWN_TO, "resolution_ids")))
        read_along(cases.resolution_ids, [("case_id", "in", cases.ids)], "case_id")

    def _get_rules(self, resolution):
        return self.env["complaint.approval.rule"]._for_case(self, resolution)

    def _get_tiers(self, resolution, rules):
        """Return the tiers a resolution needs now, the first to decide first."""
        self.ensure_one()
        tiers = []
        for same in rules.grouped(lambda rule: rule._get_tier_key()).values():
            # of rules that make one tier the strictest holds
            rule = same.sorted("minimum", reverse=True)[0]
            users, notes, short = self._find_approvers(rule, resolution)
            reasons = tuple(one._say_why() for one in same)
            together = all(same.mapped("may_bulk"))
            tiers.append(Tier(rule, reasons, users, tuple(notes), short, together))
        return tiers

    def _check_tiers(self, tiers):
        """Raise where somebody would have to decide who is not there."""
        if not tiers:
            raise UserError(
                self.env._(
                    "No approval rule fits %(name)s. Ask the administrator for a tier,"
                    " or for a rule that lets it pass.",
                    name=self.name,
                )
            )
        for tier in tiers:
            if tier.short:
                raise UserError(
                    self.env._(
                        "Nobody may decide the tier %(tier)s: %(why)s",
                        tier=tier.rule.name,
                        why="; ".join(tier.notes),
                    )
                )

    def _find_approvers(self, rule, resolution):
        """Return (who decides a tier, words about others, how many are missing).

        Goes on to the next superior where one is missing, in conflict or had a
        hand in it, until enough are found.
        """
        found = self.env["res.users"]
        notes = []
        for users, office in self._get_candidates(rule):
            if not users:
                notes.append(self.env._("%(office)s: vacant", office=office))
            able = self._filter_eligible(users, resolution)
            notes += [
                self._say_barred(user, office, resolution) for user in users - able
            ]
            found |= able
            if len(found) >= rule.minimum:
                return found, notes, 0
        return found, notes, rule.minimum - len(found)

    def _get_candidates(self, rule):
        """Yield (users, office in words), the first asked first."""
        # sudo: offices are settings; employees are hidden from most
        case = self.sudo()
        yield from getattr(case, f"_get_{rule.approver}_candidates")(rule)

    def _get_user_candidates(self, rule):
        yield rule.user_ids, rule.name
        yield from self._get_superiors("quality_office")

    def _get_group_candidates(self, rule):
        yield rule.group_id.all_user_ids, rule.group_id.name
        yield from self._get_superiors("quality_office")

    def _get_department_head_candidates(self, rule):
        units = self.department_id or self.issue_ids.department_id[:1]
        yield from self._get_heads(units)
        yield from self._get_superiors("quality_office")

    def _get_functional_head_candidates(self, rule):
        categories = self.issue_ids.category_id
        units = [category._get_department(self.company_id) for category in categories]
        yield from self._get_heads(self.env["hr.department"].union(*units)[:1])
        yield from self._get_superiors("quality_office")

    def _get_quality_office_candidates(self, rule):
        yield from self._get_superiors("quality_office")

    def _get_vice_president_candidates(self, rule):
        yield from self._get_superiors("vice_president")

    def _get_president_candidates(self, rule):
        yield self._get_office("president")
        yield self._get_office("vice_president")

    def _get_heads(self, department):
        """Yield the head of a department, then those above it."""
        while department:
            yield department._followup_manager(), department.name
            department = department.parent_id

    def _get_superiors(self, first):
        offices = ("quality_office", "vice_president", "president")
        for code in offices[offices.index(first) :]:
            yield self._get_office(code)

    def _get_office(self, code):
        """Return (holders, name) of an office of the hospital."""
        company = self.company_id
        holders = {
            "quality_office": company.complaint_quality_user_ids,
            "vice_president": company.complaint_vice_president_ids,
            "president": company.complaint_president_id,
        }
        rules = self.env["complaint.approval.rule"]._fields["approver"]
        return holders[code], dict(rules._description_selection(self.env))[code]

    # ------------------------------------------------------------
    # WHO MAY NOT
    # ------------------------------------------------------------

    def _filter_eligible(self, users, resolution):
        """Return those who may decide: outside the shield, not involved, able."""
        # sudo: roles and hospitals of others are hidden from most
        users = users.sudo().filtered(lambda user: self._has_approver_role(user))
        return self._filter_apart(users, resolution)

    def _filter_apart(self, users, resolution):
        """Return those of `users` who have no part in the case, role or not (I-8)."""
        barred = self._get_investigators() | self._get_proposers(resolution)
        return self._without_conflict(users.sudo(False) - barred.sudo(False))

    def _has_approver_role(self, user):
        return (
            user.active
            and user.has_group(GROUP)
            and self.company_id.id in user._get_company_ids()
        )

    def _get_investigators(self):
        """Return whoever looked into the matter."""
        # sudo: the team may be hidden from whoever asks
        case = self.sudo().with_context(active_test=False)
        users = case.owner_id | case.handled_user_ids
        if "member_ids" in case:
            users |= case.member_ids.user_id
        return users.sudo(False)

    def _get_proposers(self, resolution):
        # sudo: as above
        rows = resolution.sudo().with_context(active_test=False)
        return (rows.proposer_ids | rows.submitted_by_id).sudo(False)

    def _say_barred(self, user, office, resolution):
        """Return in words why a person does not decide."""
        _ = self.env._
        # sudo: the name of a colleague
        names = {"office": office, "user": user.sudo().name}
        if not self._without_conflict(user):
            return _("%(office)s: %(user)s is in conflict", **names)
        if user.sudo(False) in self._get_investigators():
            return _("%(office)s: %(user)s handles the case", **names)
        if user.sudo(False) in self._get_proposers(resolution):
            return _("%(office)s: %(user)s proposed it", **names)
        return _("%(office)s: %(user)s has no role to approve", **names)
