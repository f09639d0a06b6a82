import { browser } from "@web/core/browser/browser";
import { isIOS } from "@web/core/browser/feature_detection";

const HAND_OVER_MS = 2000;

/**
 * Hands a `tel:` link to the telephone. A link followed in the page itself would
 * tell every open form that the page is left, so the link is opened in a frame;
 * iOS dials from the page only, and announces nothing.
 */
export function dial(uri) {
    if (isIOS()) {
        browser.location.href = uri;
        return;
    }
    const frame = document.createElement("iframe");
    frame.hidden = true;
    frame.src = uri;
    document.body.append(frame);
    browser.setTimeout(() => frame.remove(), HAND_OVER_MS);
}
