/** The part of Node-RED's editor API that the sidebar uses, beside that of the dialogs. */
import type { Bindings } from "./shortcut.ts";

declare global {
  interface EditorRed {
    plugins: { registerPlugin(id: string, definition: { type: string; onadd(this: Localised): void }): void };
    sidebar: {
      addTab(options: {
        id: string;
        label: string;
        name: string;
        content: HTMLElement | JQuery;
        iconClass?: string;
        icon?: string;
        enableOnEdit?: boolean;
        pinned?: boolean;
        action?: string;
        /** Called when it is about to be shown. */
        onchange?: () => void;
      }): void;
      show(id: string): void;
    };
    actions: Bindings["actions"] & { invoke(name: string): void };
    keyboard: Bindings["keyboard"];
    comms: {
      subscribe(topic: string, callback: (topic: string, data: unknown) => void): void;
      send(topic: string, data: unknown): void;
      on(event: "connect", callback: () => void): void;
    };
    events: {
      on(event: string, callback: (data?: unknown) => void): void;
      emit(event: string): void;
      off(event: string, callback: (data?: unknown) => void): void;
    };
    view: { reveal(id: string): void };
    user: { hasPermission(permission: string): boolean };
  }
}
