/** As the editor's own tabs have it, with a letter that neither major uses; in the editor's settings people choose others. */
export const SHOW_KEYS = "ctrl-g a";

/** The part of the editor that knows actions and keys. */
export interface Bindings {
  actions: { add(name: string, handler: () => void, options?: { label: string }): void };
  keyboard: {
    /** Binds keys to an action, unless the user has bound others to it. */
    add(scope: string, keys: string, action: string): void;
    getShortcut(action: string): object | undefined;
  };
}

/** Adds an action, named in the list of keys, and binds keys to it unless the user or `editorTheme.keymap` of settings.js has bound others. */
export function addShortcut({ actions, keyboard }: Bindings, action: string, label: string, act: () => void): void {
  actions.add(action, act, { label });
  if (!keyboard.getShortcut(action)) keyboard.add("*", SHOW_KEYS, action);
}
