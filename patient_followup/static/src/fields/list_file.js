import { registry } from "@web/core/registry";
import { getDataURLFromFile } from "@web/core/utils/urls";
import { BinaryField, binaryField } from "@web/views/fields/binary/binary_field";

/** A file field that also takes a file dropped onto it. */
export class ListFileField extends BinaryField {
    static template = "patient_followup.ListFileField";

    async onDrop(ev) {
        const file = ev.dataTransfer?.files[0];
        if (!file || this.props.readonly) {
            return;
        }
        const url = await getDataURLFromFile(file);
        await this.update({ data: url.split(",")[1], name: file.name });
    }
}

registry.category("fields").add("followup_list_file", {
    ...binaryField,
    component: ListFileField,
});
