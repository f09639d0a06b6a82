import { _t } from "@web/core/l10n/translation";
import { Component } from "@odoo/owl";
import { AnswerQueue } from "./answer_queue";

/** What the call screen does with everything that is typed: save it at once (P-9). */
export class SavingScreen extends Component {
    openQueues(id = this.taskId) {
        this.answers = new AnswerQueue((values) => this.sendAnswers(id, values));
        this.notes = new AnswerQueue((values) =>
            this.orm.silent.call("followup.task", "save_notes", [[id], values])
        );
        this.state.queues = [this.answers.state, this.notes.state];
    }
    async sendAnswers(id, values) {
        const result = await this.orm.silent.call("followup.task", "save_answers", [[id], values]);
        for (const key of Object.keys(values)) {
            delete this.state.errors[key];
            delete this.state.alerts[key];
        }
        Object.assign(this.state.errors, result.errors);
        for (const alert of result.alerts) {
            this.state.alerts[alert.question_id] = alert;
        }
        this.state.missing = this.state.missing.filter((key) => !(key in values));
    }
    async flush() {
        const saved = await Promise.all([this.answers.flush(), this.notes.flush()]);
        return saved.every(Boolean);
    }
    /** What is not saved, of both queues, as the bar says it. */
    get saving() {
        const queues = this.state.queues;
        return {
            count: queues.reduce((sum, queue) => sum + queue.count, 0),
            problem: queues.map((queue) => queue.problem).find(Boolean) || "",
        };
    }
    get unsaved() {
        return this.answers.waiting.size + this.notes.waiting.size;
    }
    /** Nothing is left behind while the connection is down; the user is told. */
    async isSaved() {
        const saved = await this.flush();
        if (!saved) {
            this.notification.add(_t("Some answers are not saved yet."), { type: "warning" });
        }
        return saved;
    }
    onBeforeUnload(ev) {
        if (this.unsaved) {
            this.flush();
            ev.preventDefault();
            ev.returnValue = "";
        }
    }
    note(name, ev) {
        this.screen.health[name] = ev.target.value;
        this.notes.put(name, ev.target.value || false);
    }
}
