/**
 * Steps that lead through the menus of a role: they need no patients, so the guided
 * tour of an empty hospital is the same.
 */
/** Wait in a test until the screen behind a menu is there; people see it themselves. */
const settle = {
    isActive: ["auto"],
    trigger: ".o_action_manager .o_view_controller",
    run: () => new Promise((resolve) => setTimeout(resolve, 700)),
};

/**
 * @param {string} section xml id of a menu of the bar
 * @param {string} entry xml id of a menu below it
 * @param {string} content what it is for
 */
export function throughMenu(section, entry, content) {
    return [
        settle,
        {
            trigger: `.o_menu_sections [data-menu-xmlid='${section}']`,
            content,
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: `.o-dropdown--menu [data-menu-xmlid='${entry}']`,
            content,
            tooltipPosition: "right",
            run: "click",
        },
    ];
}

/** The last step: something to look at on the screen that opened. */
export function lookAt(trigger, content) {
    return [settle, { trigger, content, tooltipPosition: "bottom", run: "click" }];
}
