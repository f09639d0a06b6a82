import { registry } from "@web/core/registry";
import { ListArchParser } from "@web/views/list/list_arch_parser";
import { listView } from "@web/views/list/list_view";

/** Rows that say all there is to say: a click opens no form. */
class RowsOnlyArchParser extends ListArchParser {
    parse(...args) {
        return { ...super.parse(...args), noOpen: true };
    }
}

registry.category("views").add("followup_rows_only", {
    ...listView,
    ArchParser: RowsOnlyArchParser,
});
