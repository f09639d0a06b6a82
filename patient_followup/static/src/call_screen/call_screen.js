import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { dial } from "@patient_followup/core/dial";
import { revealedNumbers } from "@patient_followup/core/revealed_numbers";
import {
    onWillDestroy,
    onWillStart,
    onWillUpdateProps,
    status,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { CallForm } from "./call_form";
import { CallIdentity, RESULT_KEYS } from "./call_identity";
import { CallTimer } from "./call_timer";
import { SavingScreen } from "./saving_screen";
import { day, minutes, moment } from "./words";

const { DateTime } = luxon;
const OPEN_STATES = ["planned", "ready", "in_progress", "waiting", "unreachable"];
const WATCHED = ["state", "attempt_count", "red_flag", "can_call"];
const LATER_MINUTES = 60;
/** What belongs to one patient and is forgotten with the next. */
const NEW_CALL = () => ({
    prepare: false,
    errors: {},
    alerts: {},
    missing: [],
    callback: null,
    adviceKind: null,
});

/** The whole call on one screen (design 8.2): who and why, the questions, the help. */
export class CallScreen extends SavingScreen {
    static template = "patient_followup.CallScreen";
    static components = { CallForm, CallIdentity, CallTimer };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.root = useRef("root");
        Object.assign(this, { day, minutes, moment });
        this.resultKeys = Object.fromEntries(
            Object.entries(RESULT_KEYS).map(([key, result]) => [result, key.toUpperCase()])
        );
        this.revealed = useState(revealedNumbers);
        this.state = useState({
            screen: null,
            aids: null,
            busy: false,
            offset: 0,
            search: "",
            inviting: false,
            // each call asks anew who is there: a new card, which takes the keys
            calls: 0,
            queues: [],
            ...NEW_CALL(),
        });
        this.openQueues();
        useSetupAction({
            beforeLeave: () => this.isSaved(),
            beforeUnload: (ev) => this.onBeforeUnload(ev),
        });
        // before the keys of the pager, and while a text is written
        const mine = { bypassEditableProtection: true, isAvailable: () => this.holds };
        useHotkey("alt+n", () => this.finish(), mine);
        useHotkey("alt+f", () => this.flagFirst(), mine);
        useExternalListener(document, "visibilitychange", () => this.flush());
        onWillStart(() => this.load());
        onWillUpdateProps((next) => this.onRecord(next.record));
        onWillDestroy(() => {
            this.flush();
            this.answers.stop();
            this.notes.stop();
        });
    }

    // ------------------------------------------------------------
    // LOADING
    // ------------------------------------------------------------

    get taskId() {
        return this.props.record.resId;
    }
    get screen() {
        return this.state.screen;
    }
    stamp(record) {
        return [record.resId, ...WATCHED.map((name) => record.data[name])].join();
    }
    async load(record = this.props.record) {
        const id = record.resId;
        this.loadedStamp = this.stamp(record);
        if (!id) {
            return;
        }
        const kwargs = { prepare: this.state.prepare };
        this.show(await this.orm.call("followup.task", "get_call_screen", [[id]], kwargs));
        if (this.aidsOf !== id) {
            this.aidsOf = id;
            this.state.aids = await this.orm.call("followup.task", "get_call_aids", [[id]]);
        }
    }
    show(screen) {
        this.state.offset = deserializeDateTime(screen.now).toMillis() - DateTime.now().toMillis();
        this.state.screen = screen;
    }
    /** Another patient, or something the buttons of the header did. */
    async onRecord(record) {
        if (this.stamp(record) === this.loadedStamp) {
            return;
        }
        if (record.resId !== this.screen?.task.id) {
            await this.flush();
            this.openQueues(record.resId);
            Object.assign(this.state, NEW_CALL());
        }
        await this.load(record);
    }
    /** Show what changed, in the header too. */
    async refresh() {
        try {
            await this.props.record.load();
        } catch (error) {
            // the call was finished meanwhile: nobody looks at it any more
            if (status(this) === "destroyed") {
                return;
            }
            throw error;
        }
        await this.load();
    }
    /** Call a method of the task; one at a time, everything typed saved before. */
    async run(method, args = [], kwargs = {}) {
        if (this.state.busy) {
            return undefined;
        }
        this.state.busy = true;
        try {
            if (!(await this.isSaved())) {
                return undefined;
            }
            return await this.orm.call("followup.task", method, [[this.taskId], ...args], kwargs);
        } finally {
            this.state.busy = false;
        }
    }
    async runScreen(method, ...args) {
        const screen = await this.run(method, args);
        if (screen) {
            this.show(screen);
        }
        return screen;
    }

    // ------------------------------------------------------------
    // WHAT IS SHOWN
    // ------------------------------------------------------------

    label(key, value) {
        return Object.fromEntries(this.screen.labels[key])[value] || "";
    }
    get isOpen() {
        return OPEN_STATES.includes(this.screen.task.state);
    }
    get isMine() {
        return this.isOpen && this.screen.task.can_call;
    }
    /** A new form where the questions change, so that typed text is never lost. */
    get formKey() {
        const ids = this.screen.form.questions.map((question) => question.id);
        return [this.screen.task.id, this.isAnswering, ...ids].join();
    }
    get holds() {
        return Boolean(this.screen && this.isMine && this.screen.task.held);
    }
    get isAnswering() {
        return this.isMine && this.screen.task.held && this.screen.identity.may_tell;
    }
    get asksIdentity() {
        const { task, identity, call } = this.screen;
        return this.isMine && task.spoken && task.held && !identity.checked && Boolean(call || task.reached);
    }
    get hasNotes() {
        const { health } = this.screen;
        return Boolean(health.outcome_note || health.advice_note || health.advice.length);
    }
    get isBarred() {
        const { identity } = this.screen;
        return this.isMine && identity.checked && !identity.may_tell;
    }
    get calledContact() {
        const { call, contacts } = this.screen;
        return call && contacts.find((row) => row.id === call.contact_id);
    }
    get results() {
        const early = ["no_answer", "busy", "off", "wrong_number", "message_left", "callback", "refused"];
        const names = this.screen.identity.checked ? ["callback", "refused"] : early;
        return this.screen.labels.result.filter(([value]) => names.includes(value));
    }
    get directory() {
        const wanted = this.state.search.trim().toLowerCase();
        return this.state.aids.directory.filter((row) =>
            wanted ? `${row.name} ${row.text}`.toLowerCase().includes(wanted) : row.own
        );
    }
    get advice() {
        return this.state.aids.templates.filter((row) => row.kind === this.state.adviceKind);
    }
    isGiven(template) {
        return this.screen.health.advice.some((row) => row.text === template.text);
    }

    // ------------------------------------------------------------
    // CALLING
    // ------------------------------------------------------------

    async prepare() {
        this.state.prepare = true;
        await this.load();
    }
    async call(contact) {
        const answer = await this.run("action_call", [contact.id]);
        if (answer) {
            this.state.prepare = false;
            this.revealed[contact.id] = answer.phone;
            dial(answer.tel);
            await this.refresh();
            this.state.calls++;
        }
    }
    async incoming() {
        if (await this.runScreen("begin_incoming")) {
            await this.refresh();
            this.state.calls++;
        }
    }
    async confirmIdentity(items, speaker, contactId) {
        if (await this.runScreen("confirm_identity", items, speaker, contactId)) {
            await this.refresh();
        }
    }
    async hangUp(result) {
        if (result === "callback" && !this.state.callback) {
            const later = DateTime.local().plus({ minutes: LATER_MINUTES });
            this.state.callback = later.toFormat("yyyy-MM-dd'T'HH:mm");
            return;
        }
        const kwargs = {};
        if (result === "callback") {
            const moment = DateTime.fromISO(this.state.callback);
            kwargs.callback_at = moment.toUTC().toFormat("yyyy-MM-dd HH:mm:ss");
        }
        const answer = await this.run("hang_up", [result], kwargs);
        if (answer) {
            this.state.callback = null;
            await this.follow(answer.action);
        }
    }
    async finish(force = false) {
        if (!this.isAnswering) {
            return;
        }
        const answer = await this.run("finish_call", [], { force });
        if (!answer) {
            return;
        }
        this.state.missing = answer.missing.map((id) => this.askedAs(id));
        if (!answer.missing.length) {
            await this.follow(answer.action);
        }
    }
    /** The question on the screen that stands for one of a joined call. */
    askedAs(id) {
        const { aliases } = this.screen.form;
        const shown = Object.keys(aliases).find((key) => aliases[key].some((row) => row.id === id));
        return shown ? Number(shown) : id;
    }
    /** Go to the next patient, or show what became of this one. */
    async follow(action) {
        if (action) {
            await this.action.doAction(action);
        }
        if (!action || action.tag === "display_notification") {
            await this.refresh();
        }
    }
    focusEnd() {
        const fields = this.root.el.querySelectorAll(".o_followup_outcome_note, .o_followup_finish");
        fields[0]?.focus();
    }
    onKeydown(ev) {
        if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey) && !ev.isComposing) {
            ev.preventDefault();
            this.finish();
        }
    }

    // ------------------------------------------------------------
    // BESIDE
    // ------------------------------------------------------------

    async openDialog(model, name, context = {}) {
        await this.flush();
        await this.action.doAction(
            {
                type: "ir.actions.act_window",
                name,
                res_model: model,
                views: [[false, "form"]],
                target: "new",
                context: { default_task_id: this.taskId, ...context },
            },
            { onClose: () => this.refresh() }
        );
    }
    flag(alert) {
        const context = alert?.concern_type ? { default_concern_type: alert.concern_type } : {};
        if (alert?.label) {
            context.default_text = alert.label;
        }
        return this.openDialog("followup.task.flag", _t("Red Flag"), context);
    }
    flagFirst() {
        return this.flag(Object.values(this.state.alerts)[0]);
    }
    ask() {
        this.chooseOutcome("answer_later");
        return this.openDialog("followup.task.ask", _t("Ask a Specialist"));
    }
    opinion() {
        return this.openDialog("followup.task.opinion", _t("Opinion, Suggestion or Praise"));
    }
    chooseOutcome(value) {
        this.screen.task.call_outcome = value;
        this.notes.put("call_outcome", value, 0);
    }
    /** Free times in a dialog: an expert, or a re-check from the day agreed on. */
    async book(outcome) {
        this.chooseOutcome(outcome);
        await this.flush();
        const action = await this.run("action_book", [outcome]);
        if (action) {
            await this.action.doAction(action, { onClose: () => this.refresh() });
        }
    }
    recheck() {
        this.chooseOutcome("recheck");
        this.root.el.querySelector(".o_followup_next_visit")?.focus();
    }
    async openTask(id) {
        await this.flush();
        await this.action.doAction(await this.orm.call("followup.task", "action_open", [[id]]));
    }
    invite(ev) {
        const id = Number(ev.target.value);
        this.state.inviting = false;
        if (id) {
            this.runScreen("invite_senior", id);
        }
    }
}

registry.category("view_widgets").add("followup_call_screen", {
    component: CallScreen,
    fieldDependencies: [
        { name: "state", type: "selection" },
        { name: "attempt_count", type: "integer" },
        { name: "red_flag", type: "boolean" },
        { name: "can_call", type: "boolean" },
    ],
});
