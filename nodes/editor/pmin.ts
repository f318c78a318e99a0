import { pminW, simultaneity } from "../../lib/dlm/inputs/outside/pmin.ts";
import { numberText } from "./numbers.ts";

/** The calculator of the smallest power by §14a EnWG in the dialog of ev-limit: its result fills the power field on request. */
export function preparePmin(node: Localised): void {
  const devices = $("#ev-limit-pmin-devices").val("1");
  const ems = $("#ev-limit-pmin-ems").prop("checked", true);
  const factor = $("#ev-limit-pmin-factor");
  const takeFactor = () => factor.val(String(simultaneity(Math.max(1, Number(devices.val())))));
  const show = () => {
    const watts = result();
    $("#ev-limit-pmin-factor-row").toggle(ems.is(":checked"));
    $("#ev-limit-pmin-result").text(
      watts === null ? "?" : node._("ev-limit.pmin.result", { watts: numberText(watts) }),
    );
    $("#ev-limit-pmin-use").prop("disabled", watts === null);
  };
  const result = (): number | null => {
    try {
      const behindEms = ems.is(":checked");
      return pminW({
        devices: Number(devices.val()),
        ems: behindEms,
        ...(behindEms && { factor: Number(factor.val()) }),
      });
    } catch {
      return null;
    }
  };
  devices.on("input change", () => {
    takeFactor();
    show();
  });
  factor.on("input change", show);
  ems.on("change", show);
  $("#ev-limit-pmin-use").on("click", () => {
    const watts = result();
    if (watts !== null) $("#node-input-powerW").val(numberText(watts)).trigger("change");
  });
  takeFactor();
  show();
}
