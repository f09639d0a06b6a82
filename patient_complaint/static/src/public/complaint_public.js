/** @odoo-module ignore **/
// Pages of complaints. Everything works without it; it says at once that a file is too
// large, instead of after minutes of sending, and lets a file be fetched again.
(function () {
    "use strict";

    // What is wrong with the chosen files, in the words the page brought along.
    function judge(input) {
        const files = [...input.files];
        const words = (name) => input.parentElement.querySelector(name).textContent;
        if (files.length > Number(input.dataset.maxFiles)) {
            return words(".too-many");
        }
        const limit = Number(input.dataset.maxBytes);
        return files.some((file) => file.size > limit) ? words(".too-large") : "";
    }

    for (const input of document.querySelectorAll("input[type=file]")) {
        input.addEventListener("change", () => {
            const line = input.parentElement.querySelector(".file-error");
            const problem = judge(input);
            input.setCustomValidity(problem);
            line.textContent = problem;
            line.hidden = !problem;
        });
    }

    // A download leaves the page as it is: its button may be pressed again.
    for (const form of document.querySelectorAll("form.download")) {
        form.addEventListener("submit", () => {
            setTimeout(() => delete form.dataset.sent, 2000);
        });
    }
})();
