const CHOICES = ["simple_choice", "multiple_choice"];

export function isChoice(question) {
    return CHOICES.includes(question.type);
}
export function isTyped(question) {
    return !isChoice(question) && question.type !== "scale";
}
export function isMissing(value) {
    return Boolean(value && typeof value === "object" && !Array.isArray(value));
}
export function isAnswered(value) {
    return !(value === undefined || value === null || value === "" || value?.length === 0);
}
/** The questions that are asked, in their order: those whose trigger was chosen. */
export function visibleQuestions(questions, answers, aliases) {
    const chosen = new Set();
    return questions.filter((question) => {
        const { trigger } = question;
        if (trigger && !trigger.answer_ids.some((id) => chosen.has(id))) {
            return false;
        }
        const value = answers[question.id];
        if (isChoice(question) && Array.isArray(value)) {
            for (const id of value) {
                chosen.add(id);
                for (const alias of aliases[question.id] || []) {
                    chosen.add(alias.choices[id]);
                }
            }
        }
        return true;
    });
}
/** The answer after a choice was pressed: one of several toggles, "none" stands alone. */
export function toggleChoice(question, value, choice) {
    const ids = Array.isArray(value) ? value : [];
    if (ids.includes(choice.id)) {
        return ids.filter((id) => id !== choice.id);
    }
    if (question.type === "simple_choice" || choice.exclusive) {
        return [choice.id];
    }
    const exclusive = question.choices.filter((row) => row.exclusive).map((row) => row.id);
    return [...ids.filter((id) => !exclusive.includes(id)), choice.id];
}
export function scaleValues(question) {
    const values = [];
    for (let value = question.min; value <= question.max; value++) {
        values.push(value);
    }
    return values;
}
