/** @odoo-module ignore **/
// The patient's page. Everything works without it, except that the link must then be
// pasted; it hides what is not asked and saves answers as they are given.
(function () {
    "use strict";

    const root = document.documentElement;
    const SIZES = ["", "large", "largest"];
    const RETRY = 4000;

    function remembered() {
        try {
            return window.localStorage.getItem("followup-size") || "";
        } catch {
            return "";
        }
    }

    function remember(size) {
        try {
            window.localStorage.setItem("followup-size", size);
        } catch {
            // a private window keeps nothing
        }
    }

    function startSize() {
        const button = document.querySelector(".size");
        let size = remembered();
        const show = () => {
            root.classList.remove("large", "largest");
            if (size) {
                root.classList.add(size);
            }
        };
        if (button) {
            button.hidden = false;
            button.addEventListener("click", () => {
                size = SIZES[(SIZES.indexOf(size) + 1) % SIZES.length];
                remember(size);
                show();
            });
        }
        show();
    }

    // The token stands behind "#": no browser sends it by itself. It is taken out
    // of the address, and of the history, before it is posted.
    function startOpen() {
        const form = document.getElementById("open");
        if (!form || window.location.hash.length < 20) {
            return;
        }
        form.elements.token.value = window.location.hash;
        window.history.replaceState(null, "", window.location.pathname);
        form.hidden = true;
        document.querySelector(".waiting").hidden = false;
        form.submit();
    }

    // One tap is one post.
    function startForms() {
        for (const form of document.forms) {
            form.addEventListener("submit", (ev) => {
                if (form.dataset.sent) {
                    ev.preventDefault();
                }
                form.dataset.sent = "1";
            });
        }
        window.addEventListener("pageshow", () => {
            for (const form of document.forms) {
                delete form.dataset.sent;
            }
        });
    }

    function inputsOf(question) {
        return [...question.querySelectorAll("input:not([type=hidden]), textarea")];
    }

    function chosenIds(form) {
        const ids = new Set();
        for (const input of form.querySelectorAll(".question:not([hidden]) input:checked")) {
            ids.add(input.value);
        }
        return ids;
    }

    // Questions that follow from an answer are shown when it is chosen; one pass in
    // their order, as a question hidden now hides those behind it.
    function showAsked(form) {
        for (const question of form.querySelectorAll(".question[data-when]")) {
            question.hidden = true;
        }
        for (const question of form.querySelectorAll(".question[data-when]")) {
            const chosen = chosenIds(form);
            question.hidden = !question.dataset.when.split(" ").some((id) => chosen.has(id));
            for (const field of question.querySelectorAll("input, textarea")) {
                field.disabled = question.hidden;
            }
        }
    }

    // "None of these" and "I do not know" stand alone.
    function keepAlone(question, input) {
        if (input.type !== "checkbox" && input.type !== "radio") {
            return inputsOf(question)
                .filter((other) => other.dataset.alone && input.value)
                .forEach((other) => (other.checked = false));
        }
        if (!input.checked) {
            return;
        }
        for (const other of inputsOf(question)) {
            if (other === input) {
                continue;
            }
            if (input.dataset.alone && other.type !== "radio" && other.type !== "checkbox") {
                other.value = "";
            } else if (input.dataset.alone || other.dataset.alone) {
                other.checked = false;
            }
        }
    }

    function valueOf(question) {
        const inputs = inputsOf(question);
        const checked = inputs.filter((input) => input.checked).map((input) => input.value);
        for (const name of ["refused", "unknown"]) {
            if (checked.includes(name)) {
                return { [name]: true };
            }
        }
        const written = inputs.find((i) => i.type !== "radio" && i.type !== "checkbox");
        if (written) {
            return written.value || null;
        }
        return checked;
    }

    class Saver {
        constructor(form) {
            this.form = form;
            this.state = form.querySelector(".state");
            this.waiting = {};
            this.busy = false;
        }

        keep(question) {
            this.waiting[question.id] = valueOf(question);
            this.send();
        }

        say(name) {
            this.state.textContent = this.form.querySelector(`.states .${name}`).textContent;
        }

        async send() {
            if (this.busy || !Object.keys(this.waiting).length) {
                return;
            }
            const sent = this.waiting;
            this.waiting = {};
            this.busy = true;
            this.say("saving");
            let again = false;
            try {
                const response = await this.post(sent);
                if (response.status === 429 || response.status >= 500) {
                    throw new Error("later");
                }
                const result = await response.json();
                this.show(sent, result);
            } catch {
                this.waiting = Object.assign({}, sent, this.waiting);
                this.say("failed");
                again = true;
            }
            this.busy = false;
            if (again) {
                window.setTimeout(() => this.send(), RETRY);
            } else {
                this.send();
            }
        }

        post(answers) {
            const fields = this.form.elements;
            const body = new URLSearchParams({
                csrf_token: fields.csrf_token.value,
                key: fields.key.value,
                who: fields.who.value,
                answers: JSON.stringify(answers),
            });
            return fetch("/followup/save", { method: "POST", body });
        }

        show(sent, result) {
            if (result.gone) {
                this.say("gone");
                return;
            }
            for (const id of Object.keys(sent)) {
                const place = document.getElementById(id + "-error");
                const error = result.errors[id.slice(1)];
                place.textContent = error || "";
                place.hidden = !error;
            }
            this.say("saved");
            this.alarm(result.alerts);
        }

        alarm(alerts) {
            const box = document.getElementById("alerts");
            const shown = box.querySelector(".words");
            const words = alerts.join("\n");
            if (shown.dataset.words === words) {
                return;
            }
            shown.dataset.words = words;
            shown.replaceChildren(
                ...alerts.map((text) => {
                    const line = document.createElement("p");
                    line.textContent = text;
                    return line;
                })
            );
            box.hidden = !alerts.length;
            if (alerts.length) {
                box.scrollIntoView({ block: "center" });
            }
        }
    }

    function startQuestionnaire() {
        const form = document.getElementById("questionnaire");
        if (!form) {
            return;
        }
        const saver = new Saver(form);
        showAsked(form);
        form.addEventListener("change", (ev) => {
            const question = ev.target.closest(".question");
            if (question.id) {
                keepAlone(question, ev.target);
                showAsked(form);
                saver.keep(question);
            }
        });
        const wrong = form.querySelector(".error:not([hidden])");
        if (wrong) {
            wrong.closest(".question").scrollIntoView({ block: "center" });
        }
    }

    function start() {
        root.classList.add("scripted");
        startSize();
        startOpen();
        window.addEventListener("hashchange", startOpen);
        startForms();
        startQuestionnaire();
    }

    if (document.readyState === "loading") {
        document.addEventListener("DOMContentLoaded", start);
    } else {
        start();
    }
})();
