# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Merging patients: everything moves to one record, by sets, without loss."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

# taken from the merged record where the kept one says nothing
FILLED_FIELDS = (
    "birthdate",
    "employer",
    "occupation",
    "address",
    "lang",
    "preferred_method",
)
# tables that name a record by model and id
NAMED_RECORDS = (("mail_message", "model"), ("ir_attachment", "res_model"))


class FollowupPatient(models.Model):
    _inherit = "followup.patient"

    def _merge(self, others, reason=None):
        """Move all that hangs on `others` to this patient and archive them.

        Rows are repointed by SQL: sealed ones keep their digests (D-4), and no
        row is lost to a rule of the caller, who must manage the centre.
        """
        self.ensure_one()
        others -= self
        self._check_may_merge()
        self._check_mergeable(others)
        (self | others).lock_for_update()
        self.env.flush_all()
        self._merge_contacts(others)
        moved = _repoint(self, others.ids)
        self._repoint_named(others.ids)
        self._merge_relations(others.ids)
        self.env.invalidate_all()
        self._announce(moved)
        self._fill_from(others)
        self._close_merged(others, reason)
        return self

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    @api.model
    def _may_merge(self):
        return self.env.su or self.env.user.has_group(
            "patient_followup.followup_group_centre_manager"
        )

    def _check_may_merge(self):
        if not self._may_merge():
            raise AccessError(
                self.env._("Only the manager of the follow-up centre merges patients.")
            )

    def _check_mergeable(self, others):
        (self | others).check_access("write")
        if not others:
            raise UserError(self.env._("Choose at least two patients to merge."))
        if len((self | others).company_id) > 1:
            raise UserError(
                self.env._("Patients of different hospitals cannot be merged.")
            )
        if (self | others).merged_into_id or not self.active:
            raise UserError(
                self.env._("One of these records was merged or archived before.")
            )

    # ------------------------------------------------------------
    # MOVING
    # ------------------------------------------------------------

    def _merge_contacts(self, others):
        """Keep each number once and one primary one."""
        # sudo: deleting a double contact needs no more than the right to merge
        contacts = others.contact_ids.sudo()
        mine = self.contact_ids
        kept = {key: contact_id for contact_id, key in self._contact_keys(mine).items()}
        doubles = contacts.browse()
        for contact_id, key in self._contact_keys(contacts).items():
            if key in kept:
                contact = contacts.browse(contact_id)
                _repoint(contacts.browse(kept[key]), [contact_id])
                doubles |= contact
            else:
                kept[key] = contact_id
        contacts.write({"is_primary": False})
        self.env.flush_all()
        doubles.unlink()
        if not mine.filtered("is_primary"):
            candidates = contacts - doubles
            (candidates | mine)._in_order()[:1].write({"is_primary": True})
        self.env.flush_all()

    def _contact_keys(self, contacts):
        return contacts._protected_keys("phone")

    def _repoint_named(self, other_ids):
        for table, column in NAMED_RECORDS:
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET res_id = %s WHERE %s = %s AND res_id IN %s",
                    SQL.identifier(table),
                    self.id,
                    SQL.identifier(column),
                    self._name,
                    tuple(other_ids),
                )
            )
        # sudo: followers of a record are closed to callers
        followers = self.env["mail.followers"].sudo()
        rows = followers.search(
            [("res_model", "=", self._name), ("res_id", "in", other_ids)]
        )
        partners = rows.partner_id
        rows.unlink()
        self.message_subscribe(partners.ids)

    def _merge_relations(self, other_ids):
        for table, mine, theirs in _relations_of(self.env, self._name):
            params = {
                "table": SQL.identifier(table),
                "mine": SQL.identifier(mine),
                "theirs": SQL.identifier(theirs),
                "target": self.id,
                "others": tuple(other_ids),
            }
            self.env.cr.execute(
                SQL(
                    "INSERT INTO %(table)s (%(mine)s, %(theirs)s)"
                    " SELECT %(target)s, %(theirs)s FROM %(table)s"
                    " WHERE %(mine)s IN %(others)s ON CONFLICT DO NOTHING",
                    **params,
                )
            )
            self.env.cr.execute(
                SQL("DELETE FROM %(table)s WHERE %(mine)s IN %(others)s", **params)
            )

    def _announce(self, moved):
        """Let stored values that depend on the patient follow him."""
        for (model, name), ids in moved.items():
            # sudo: rows of every department were moved
            self.env[model].sudo().browse(ids).modified([name])
        self.env.flush_all()

    # ------------------------------------------------------------
    # CLOSING
    # ------------------------------------------------------------

    def _fill_from(self, others):
        vals = {}
        for name in FILLED_FIELDS:
            source = next((other for other in others if other[name]), None)
            if source and not self[name]:
                vals[name] = source[name]
        if self.sex == "unknown":
            known = others.filtered(lambda other: other.sex != "unknown")
            vals["sex"] = known[:1].sex or "unknown"
        if not self.mrn and (source := others.filtered("mrn")[:1]):
            vals["mrn"] = source.mrn
            source.mrn = False
            source.flush_recordset(["mrn"])
        vals["centre_visible"] = any((self | others).mapped("centre_visible"))
        self._take_identity(others)
        # a ban or a death known to one record holds for the person
        banned = others.filtered("do_not_contact")[:1]
        if banned and not self.do_not_contact:
            vals["do_not_contact"] = True
            vals["do_not_contact_reason"] = banned.do_not_contact_reason
        if not self.deceased_date and (dead := others.filtered("deceased_date")[:1]):
            vals["deceased_date"] = dead.deceased_date
        self._guarded().write(vals)
        if self.contact_blocked:
            self._stop_follow_up()

    def _take_identity(self, others):
        source = others.filtered("id_number_masked")[:1]
        if not source or self.id_number_masked:
            return
        # sudo: nobody has access to the store; the right to merge is checked
        store = self.env["followup.protected.value"].sudo()
        self.id_number = store._reveal(self._name, source.id, "id_number")

    def _close_merged(self, others, reason):
        others._guarded().write(
            {"active": False, "merged_into_id": self.id, "possible_duplicate": False}
        )
        self._drop_settled_flags()
        self.env["followup.access.log"]._log("merge", others, reason=reason)
        bodies = {
            other.id: self.env._("Merged into record %(id)s.", id=self.id)
            for other in others
        }
        bodies[self.id] = self.env._(
            "Merged with record %(ids)s.", ids=", ".join(map(str, others.ids))
        )
        (self | others)._message_log_batch(bodies)

    def _get_best_known(self):
        """Propose to keep the record that is numbered and has most stays."""
        return self.sorted(
            lambda patient: (not patient.mrn, -len(patient.encounter_ids), patient.id)
        )[:1]

    def _get_survivor(self):
        """Return the records that stand for these ones after merges."""
        survivors = self.browse()
        for patient in self:
            while patient.merged_into_id:
                patient = patient.merged_into_id
            survivors |= patient
        return survivors


def _repoint(record, other_ids):
    """Repoint every link to `other_ids`; return `{(model, field): ids}`."""
    moved = {}
    for model, field in _links_to(record.env, record._name):
        record.env.cr.execute(
            SQL(
                "UPDATE %(table)s SET %(column)s = %(target)s"
                " WHERE %(column)s IN %(others)s RETURNING id",
                table=SQL.identifier(model._table),
                column=SQL.identifier(field.name),
                target=record.id,
                others=tuple(other_ids),
            )
        )
        if ids := [row[0] for row in record.env.cr.fetchall()]:
            moved[model._name, field.name] = ids
    return moved


def _links_to(env, comodel):
    """Yield (model, stored many2one field) of every table pointing to `comodel`."""
    for name, model in env.registry.items():
        if model._abstract or model._transient or not model._auto:
            continue
        for field in model._fields.values():
            if (
                field.type == "many2one"
                and field.comodel_name == comodel
                and field.store
                and field.column_type
                and not field.inherited
                and not field.company_dependent
            ):
                yield env[name], field


def _relations_of(env, comodel):
    """Return {(table, column of `comodel`, other column)} of stored many2many."""
    found = set()
    for model in env.registry.values():
        if model._abstract or model._transient:
            continue
        for field in model._fields.values():
            if field.type != "many2many" or not field.store or not field.relation:
                continue
            if model._name == comodel:
                found.add((field.relation, field.column1, field.column2))
            if field.comodel_name == comodel:
                found.add((field.relation, field.column2, field.column1))
    return found
