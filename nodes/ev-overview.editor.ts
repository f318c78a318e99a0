import { Panel } from "./editor/sidebar/panel.ts";
import { addShortcut } from "./editor/sidebar/shortcut.ts";

const TAB = "ev-charging";
const SHOW = "ev-charging:show-sidebar";

RED.plugins.registerPlugin("ev-overview", {
  type: "ev-charging-sidebar",
  onadd() {
    const words = (key: string, values?: Record<string, unknown>) => this._(`ev-overview.${key}`, values);
    const name = words("title");
    addShortcut(RED, SHOW, words("show"), () => RED.sidebar.show(TAB));
    RED.sidebar.addTab({
      id: TAB,
      label: words("label"),
      name,
      iconClass: "fa fa-plug",
      content: new Panel(words).element,
      enableOnEdit: true,
      action: SHOW,
    });
  },
});
