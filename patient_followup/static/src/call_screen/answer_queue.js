import { reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";

const TYPING_MS = 500;
const RETRY_MS = [1000, 2000, 5000, 10000];

/**
 * What was typed and is not saved yet. Everything goes to the server at once; what
 * could not be sent is shown as unsaved and sent again. It lives in this window
 * only: nothing of a patient is kept in the browser.
 */
export class AnswerQueue {
    /** @param {(values: Object) => Promise<any>} send */
    constructor(send) {
        this.send = send;
        this.waiting = new Map();
        this.running = null;
        this.tries = 0;
        this.state = reactive({ count: 0, saving: false, problem: "" });
    }
    put(key, value, delay = TYPING_MS) {
        this.waiting.set(key, value);
        this.state.count = this.waiting.size;
        this.schedule(delay);
    }
    schedule(delay) {
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(() => this.flush(), delay);
    }
    /**
     * Send what waits; resolves to false while there is no connection. What the
     * server refuses stays on the screen with its reason and holds nobody up.
     */
    async flush() {
        browser.clearTimeout(this.timer);
        while (this.running) {
            await this.running;
        }
        if (!this.waiting.size) {
            return true;
        }
        this.running = this.sendWaiting();
        const done = await this.running;
        this.running = null;
        return done && (this.waiting.size && !this.state.problem ? this.flush() : true);
    }
    async sendWaiting() {
        const batch = new Map(this.waiting);
        this.state.saving = true;
        try {
            await this.send(Object.fromEntries(batch));
            this.forget(batch);
            return true;
        } catch (error) {
            return this.fail(error);
        } finally {
            this.state.saving = false;
        }
    }
    forget(batch) {
        for (const [key, value] of batch) {
            if (this.waiting.get(key) === value) {
                this.waiting.delete(key);
            }
        }
        this.tries = 0;
        this.state.count = this.waiting.size;
        this.state.problem = "";
    }
    /** Without a connection try again by itself; else say why it is refused, true. */
    fail(error) {
        const offline = error instanceof ConnectionLostError || !error.data;
        this.state.problem = offline ? "offline" : error.data.message;
        if (offline) {
            this.schedule(RETRY_MS[Math.min(this.tries++, RETRY_MS.length - 1)]);
        }
        return !offline;
    }
    stop() {
        browser.clearTimeout(this.timer);
    }
}
