import { Component, onMounted, useEffect, useRef, useState } from "@odoo/owl";
import {
    isAnswered,
    isChoice,
    isMissing,
    isTyped,
    scaleValues,
    toggleChoice,
    visibleQuestions,
} from "./form_logic";

const TWO_DIGITS_MS = 800;
const INPUT_TYPES = { numerical_box: "text", char_box: "text", date: "date", datetime: "datetime-local" };

/** The questionnaire, answered by keyboard; every answer goes to the queue at once. */
export class CallForm extends Component {
    static template = "patient_followup.CallForm";
    static props = {
        form: Object,
        queue: Object,
        readonly: Boolean,
        errors: Object,
        alerts: Object,
        missing: Array,
        onDone: Function,
        onFlag: Function,
    };

    setup() {
        this.root = useRef("root");
        this.state = useState({ answers: { ...this.props.form.answers }, current: null });
        this.digits = { text: "", at: 0 };
        onMounted(() => this.focusFirst());
        useEffect(
            () => this.props.missing.length && this.focus(this.props.missing[0]),
            () => [this.props.missing]
        );
    }
    get questions() {
        const { questions, aliases } = this.props.form;
        return visibleQuestions(questions, this.state.answers, aliases);
    }
    get answeredCount() {
        return this.questions.filter((row) => this.isAnswered(row)).length;
    }
    isAnswered(question) {
        return isAnswered(this.state.answers[question.id]);
    }
    isTyped(question) {
        return isTyped(question);
    }
    value(question) {
        return this.state.answers[question.id];
    }
    typed(question) {
        const value = this.value(question);
        if (!isAnswered(value) || isMissing(value)) {
            return "";
        }
        return question.type === "datetime" ? String(value).replace(" ", "T") : value;
    }
    isRefused(question) {
        return Boolean(this.value(question)?.refused);
    }
    isUnknown(question) {
        return Boolean(this.value(question)?.unknown);
    }
    inputType(question) {
        return INPUT_TYPES[question.type];
    }
    options(question) {
        if (question.type === "scale") {
            return scaleValues(question).map((value) => ({ id: value, label: value, key: value }));
        }
        return question.choices.map((choice, index) => ({
            ...choice,
            key: index < 9 ? index + 1 : index === 9 ? 0 : "",
        }));
    }
    isChosen(question, option) {
        const value = this.value(question);
        return Array.isArray(value) ? value.includes(option.id) : value === option.id;
    }
    sectionTitle(question, index) {
        const before = this.questions[index - 1];
        if (before && before.page === question.page && before.survey === question.survey) {
            return "";
        }
        return question.page || question.survey;
    }

    // ------------------------------------------------------------
    // ANSWERS
    // ------------------------------------------------------------

    answer(question, value, delay) {
        if (this.props.readonly) {
            return;
        }
        this.state.answers[question.id] = value;
        this.props.queue.put(question.id, value ?? null, delay);
    }
    choose(question, option) {
        const value =
            question.type === "scale"
                ? option.id
                : toggleChoice(question, this.value(question), option);
        this.answer(question, value, 0);
    }
    type(question, ev) {
        this.answer(question, ev.target.value.replace("T", question.type === "datetime" ? " " : "T"));
    }
    miss(question, name) {
        const known = this.value(question)?.[name];
        this.answer(question, known ? null : { [name]: true }, 0);
    }

    // ------------------------------------------------------------
    // KEYS
    // ------------------------------------------------------------

    onKeydown(ev, question) {
        if (ev.isComposing || ev.keyCode === 229 || ev.altKey || ev.ctrlKey || ev.metaKey) {
            return;
        }
        const typing = ["INPUT", "TEXTAREA"].includes(ev.target.tagName);
        const handled = this.onMoveKey(ev, question, typing) || (!typing && this.onAnswerKey(ev, question));
        if (handled) {
            ev.preventDefault();
            ev.stopPropagation();
        }
    }
    onMoveKey(ev, question, typing) {
        const long = ev.target.tagName === "TEXTAREA";
        const picker = ["date", "datetime-local"].includes(ev.target.type);
        if (ev.key === "Enter") {
            if (long && ev.shiftKey) {
                return false;
            }
            return this.move(question, ev.shiftKey ? -1 : 1);
        }
        if (ev.key === "ArrowDown" && !long && !picker) {
            return this.move(question, 1);
        }
        if (ev.key === "ArrowUp" && !long && !picker) {
            return this.move(question, -1);
        }
        return false;
    }
    onAnswerKey(ev, question) {
        if (this.props.readonly) {
            return false;
        }
        const key = ev.key.toLowerCase();
        if (/^[0-9]$/.test(key)) {
            return this.onDigit(question, key);
        }
        if (key === "r" && question.allow_refused) {
            this.miss(question, "refused");
            return true;
        }
        if (key === "u" && question.allow_unknown) {
            this.miss(question, "unknown");
            return true;
        }
        if (key === "backspace" || key === "delete") {
            this.answer(question, null, 0);
            return true;
        }
        return false;
    }
    /** A scale to ten takes two digits pressed one after the other. */
    onDigit(question, digit) {
        const options = this.options(question);
        if (question.type === "scale") {
            const now = Date.now();
            const both = now - this.digits.at < TWO_DIGITS_MS ? this.digits.text + digit : digit;
            this.digits = { text: digit, at: now };
            const option =
                options.find((row) => row.id === Number(both)) ||
                options.find((row) => row.id === Number(digit));
            if (option) {
                this.choose(question, option);
            }
            return true;
        }
        const option = options.find((row) => String(row.key) === digit);
        if (option) {
            this.choose(question, option);
        }
        return true;
    }
    move(question, step) {
        this.props.queue.schedule(0);
        const rows = this.questions;
        const next = rows[rows.findIndex((row) => row.id === question.id) + step];
        if (next) {
            this.focus(next.id);
        } else if (step > 0) {
            this.props.onDone();
        }
        return true;
    }
    focusFirst() {
        const rows = this.questions;
        const first = rows.find((row) => !this.isAnswered(row));
        if (first && !this.props.readonly && !this.env.isSmall) {
            this.focus(first.id);
        }
    }
    focus(id) {
        const box = this.root.el?.querySelector(`[data-question="${id}"]`);
        if (!box) {
            return;
        }
        const question = this.questions.find((row) => row.id === id);
        const target = question && isTyped(question) ? box.querySelector("input, textarea") : box;
        (target || box).focus({ preventScroll: true });
        box.scrollIntoView({ block: "nearest", behavior: "instant" });
        this.state.current = id;
    }
    onFocus(question) {
        this.state.current = question.id;
    }
    isChoiceQuestion(question) {
        return isChoice(question);
    }
}
