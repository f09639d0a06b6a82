import { registry } from "@web/core/registry";
import { FloatField, floatField } from "@web/views/fields/float/float_field";
import { IntegerField, integerField } from "@web/views/fields/integer/integer_field";

/** Numbers of which 0 says "not set": an empty place says it better than "0.0". */
const blankZero = (Field) =>
    class extends Field {
        get formattedValue() {
            return this.value ? super.formattedValue : "";
        }
    };

registry.category("fields").add("followup_blank_float", {
    ...floatField,
    component: blankZero(FloatField),
});
registry.category("fields").add("followup_blank_integer", {
    ...integerField,
    component: blankZero(IntegerField),
});
