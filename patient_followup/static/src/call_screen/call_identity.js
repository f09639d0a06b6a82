import { Component, onMounted, useRef, useState } from "@odoo/owl";

const SOMEBODY = "somebody";
/** One key per way in which a call ends before anybody was spoken to. */
export const RESULT_KEYS = {
    n: "no_answer",
    b: "busy",
    o: "off",
    w: "wrong_number",
    l: "callback",
    m: "message_left",
};

/** Who is on the phone: two right details before anything medical is said. */
export class CallIdentity extends Component {
    static template = "patient_followup.CallIdentity";
    static props = {
        identity: Object,
        contacts: Array,
        labels: Object,
        call: { optional: true },
        onConfirm: Function,
        onResult: Function,
    };

    setup() {
        this.root = useRef("root");
        const dialled = this.props.contacts.find((row) => row.id === this.props.call?.contact_id);
        const relative = dialled && dialled.relation !== "self";
        this.state = useState({ items: [], speaker: relative ? dialled.id : 0 });
        onMounted(() => !this.env.isSmall && this.root.el.focus({ preventScroll: true }));
    }
    get relatives() {
        return this.props.contacts.filter((row) => row.relation !== "self");
    }
    get needed() {
        return Math.min(this.props.identity.needed, this.props.identity.facts.length);
    }
    get isReady() {
        return this.state.items.length >= this.needed;
    }
    get isSilent() {
        const { speaker } = this.state;
        if (speaker === SOMEBODY) {
            return true;
        }
        return speaker ? !this.relatives.find((row) => row.id === speaker)?.told : false;
    }
    get speakers() {
        return [
            { id: 0, label: Object.fromEntries(this.props.labels.relation).self },
            ...this.relatives.map((row) => ({ id: row.id, label: this.relativeLabel(row) })),
            { id: SOMEBODY },
        ];
    }
    relativeLabel(contact) {
        const relation = Object.fromEntries(this.props.labels.relation)[contact.relation];
        return contact.name ? `${contact.name} · ${relation}` : relation;
    }
    speak(id) {
        this.state.speaker = id;
    }
    toggle(code) {
        const { items } = this.state;
        this.state.items = items.includes(code)
            ? items.filter((item) => item !== code)
            : [...items, code];
    }
    confirm() {
        if (!this.isReady) {
            return;
        }
        const { speaker, items } = this.state;
        this.props.onConfirm(
            [...items],
            speaker ? "relative" : "patient",
            typeof speaker === "number" && speaker ? speaker : null
        );
    }
    onKeydown(ev) {
        if (ev.altKey || ev.ctrlKey || ev.metaKey || ev.target.tagName === "INPUT") {
            return;
        }
        const key = ev.key.toLowerCase();
        const fact = this.props.identity.facts[Number(key) - 1];
        if (fact) {
            this.toggle(fact.code);
        } else if (key === "enter") {
            this.confirm();
        } else if (this.props.call && RESULT_KEYS[key]) {
            this.props.onResult(RESULT_KEYS[key]);
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }
}
