import { withForms } from "../lib/words/plural.ts";
import { editorLanguage } from "./editor/numbers.ts";
import { giveHeight } from "./editor/sidebar/height.ts";
import { Panel } from "./editor/sidebar/panel.ts";
import { addShortcut } from "./editor/sidebar/shortcut.ts";

const TAB = "ev-charging";
const SHOW = "ev-charging:show-sidebar";

RED.plugins.registerPlugin("ev-overview", {
  type: "ev-charging-sidebar",
  onadd() {
    const words = (key: string, values: Record<string, unknown> = {}) =>
      withForms(editorLanguage(), this._(`ev-overview.${key}`, values), values);
    const name = words("title");
    addShortcut(RED, SHOW, words("show"), () => RED.sidebar.show(TAB));
    const { element } = new Panel(words);
    RED.sidebar.addTab({
      id: TAB,
      label: words("label"),
      name,
      iconClass: "fa fa-plug",
      content: element,
      onchange: () => requestAnimationFrame(() => giveHeight(element)),
      enableOnEdit: true,
      action: SHOW,
    });
  },
});
