import { _t } from "@web/core/l10n/translation";
import { deserializeDate, deserializeDateTime, formatDate, formatDateTime } from "@web/core/l10n/dates";
import { localization } from "@web/core/l10n/localization";

/** Moments of the server in the words of the user. */
export function day(value) {
    return value ? formatDate(deserializeDate(value)) : "";
}
export function moment(value) {
    const format = localization.dateTimeFormat.replace(":ss", "");
    return value ? formatDateTime(deserializeDateTime(value), { format }) : "";
}
export function minutes(seconds) {
    return seconds ? _t("%s min", Math.max(1, Math.round(seconds / 60))) : "";
}
