import { _t } from "@web/core/l10n/translation";
import { loadBundle } from "@web/core/assets";
import { formatDate } from "@web/core/l10n/dates";
import { getColor } from "@web/core/colors/colors";
import { cookie } from "@web/core/browser/cookie";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import {
    Component,
    onWillStart,
    onWillUnmount,
    onWillUpdateProps,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";

const { DateTime } = luxon;
const DARK = cookie.get("color_scheme") === "dark";
const INK = DARK ? "#E4E4E4" : "#374151";
const GRID = DARK ? "rgba(255,255,255,.15)" : "rgba(0,0,0,.08)";
const ALARM = DARK ? "#ff6b6b" : "#b02a37";
const DAY = 86400000;
const TARGET = "rgba(25,135,84,.15)";

/** Fills the target and draws the limits of alarm behind the line. */
const bands = {
    id: "followupBands",
    beforeDatasetsDraw(chart, _args, options) {
        const { ctx, chartArea, scales } = chart;
        const { left, right, top, bottom } = chartArea;
        const at = (value) => scales.y.getPixelForValue(value);
        ctx.save();
        if (options.target) {
            const high = options.target.high ? Math.max(at(options.target.high), top) : top;
            const low = options.target.low ? Math.min(at(options.target.low), bottom) : bottom;
            ctx.fillStyle = TARGET;
            ctx.fillRect(left, high, right - left, Math.max(low - high, 0));
        }
        ctx.strokeStyle = ALARM;
        ctx.setLineDash([4, 4]);
        for (const limit of Object.values(options.plausible || {})) {
            const y = limit ? at(limit) : null;
            if (y !== null && y >= top && y <= bottom) {
                ctx.beginPath();
                ctx.moveTo(left, y);
                ctx.lineTo(right, y);
                ctx.stroke();
            }
        }
        ctx.restore();
    },
};

/** How the patient does over time: a line, and the same values as a table. */
export class ResponseTrend extends Component {
    static template = "patient_followup.ResponseTrend";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.canvas = useRef("canvas");
        this.state = useState({ trend: null, failed: false });
        this.chart = null;
        onWillStart(() =>
            Promise.all([loadBundle("web.chartjs_lib"), this.load(this.props.record.resId)])
        );
        onWillUpdateProps(async (next) => {
            if (next.record.resId !== this.props.record.resId) {
                await this.load(next.record.resId);
            }
        });
        useEffect(
            () => this.draw(),
            () => [this.state.trend]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    async load(patientId, metric = null) {
        if (!patientId) {
            this.state.trend = null;
            return;
        }
        this.state.trend = await this.orm.call(
            "followup.patient",
            "get_response_trend",
            [[patientId]],
            { metric }
        );
    }

    get trend() {
        return this.state.trend;
    }
    get points() {
        return this.trend?.points || [];
    }
    get rows() {
        return [...this.points].reverse();
    }
    get targetText() {
        const { low, high } = this.trend.target || {};
        const unit = this.trend.unit;
        if (low && high) {
            return _t("Target: %(low)s to %(high)s %(unit)s", { low, high, unit });
        }
        if (low) {
            return _t("Target: at least %(low)s %(unit)s", { low, unit });
        }
        return high ? _t("Target: at most %(high)s %(unit)s", { high, unit }) : "";
    }
    get chartLabel() {
        return _t("%(label)s over time; the values are in the table below.", {
            label: this.trend.label,
        });
    }

    formatDay(point) {
        return formatDate(DateTime.fromISO(point.day));
    }
    formatValue(point) {
        return `${Number(point.value.toFixed(1))} ${this.trend.unit}`;
    }
    describe(point) {
        const words = [];
        if (point.alert) {
            words.push(_t("Alarming"));
        }
        if (point.in_target !== null) {
            words.push(point.in_target ? _t("Within target") : _t("Outside target"));
        }
        return words.join(" · ");
    }

    onMetric(ev) {
        return this.load(this.props.record.resId, ev.target.value);
    }

    draw() {
        this.chart?.destroy();
        this.chart = null;
        if (!this.canvas.el || !this.points.length) {
            return;
        }
        const color = getColor(0, cookie.get("color_scheme"));
        this.chart = new window.Chart(this.canvas.el, {
            type: "line",
            data: {
                datasets: [
                    {
                        data: this.points.map((point) => ({
                            x: DateTime.fromISO(point.day).toMillis(),
                            y: point.value,
                        })),
                        borderColor: color,
                        backgroundColor: color,
                        pointBackgroundColor: this.points.map((p) => (p.alert ? ALARM : color)),
                        pointBorderColor: this.points.map((p) => (p.alert ? ALARM : color)),
                        pointRadius: this.points.map((p) => (p.alert ? 6 : 4)),
                        pointStyle: this.points.map((p) => (p.alert ? "triangle" : "circle")),
                        tension: 0.2,
                    },
                ],
            },
            options: this.getOptions(),
            plugins: [bands],
        });
    }

    getOptions() {
        const { target, plausible } = this.trend;
        const limits = Object.values(target || {}).filter(Boolean);
        const values = [...this.points.map((point) => point.value), ...limits];
        const low = Math.min(...values);
        const high = Math.max(...values);
        const days = this.points.map((point) => DateTime.fromISO(point.day).toMillis());
        const first = Math.min(...days);
        const last = Math.max(...days);
        const side = (last - first || 7 * DAY) * 0.03;
        const margin = (high - low || Math.abs(high) || 1) * 0.1;
        return {
            maintainAspectRatio: false,
            animation: false,
            scales: {
                x: {
                    type: "linear",
                    min: first - side,
                    max: last + side,
                    grid: { color: GRID },
                    ticks: {
                        color: INK,
                        maxRotation: 0,
                        autoSkip: true,
                        maxTicksLimit: 6,
                        callback: (value) => formatDate(DateTime.fromMillis(value)),
                    },
                },
                y: {
                    suggestedMin: low - margin,
                    suggestedMax: high + margin,
                    grid: { color: GRID },
                    ticks: { color: INK },
                    title: { display: Boolean(this.trend.unit), text: this.trend.unit, color: INK },
                },
            },
            plugins: {
                legend: { display: false },
                followupBands: { target, plausible },
                tooltip: {
                    displayColors: false,
                    callbacks: {
                        title: (items) => this.formatDay(this.points[items[0].dataIndex]),
                        label: (item) => {
                            const point = this.points[item.dataIndex];
                            return [this.formatValue(point), this.describe(point)].filter(Boolean);
                        },
                    },
                },
            },
        };
    }
}

registry.category("view_widgets").add("followup_trend", {
    component: ResponseTrend,
});
