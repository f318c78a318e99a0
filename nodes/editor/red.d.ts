/** The part of Node-RED's editor API that our dialogs use. */
export {};

declare global {
  const RED: EditorRed;

  interface EditorRed {
    nodes: {
      registerType<T extends object>(type: string, definition: NodeDefinition<T>): void;
      node(id: string): EditorNode | null;
      eachConfig(visit: (node: EditorNode) => unknown): void;
      eachNode(visit: (node: EditorNode) => unknown): void;
      /** A new id. */
      id(): string;
      /** Adds nodes as a flow file has them. */
      import(nodes: object[], options?: { applyNodeDefaults?: boolean; markChanged?: boolean }): unknown;
      /** Ids of all flows, in the order of their tabs. */
      getWorkspaceOrder(): string[];
      workspace(id: string): EditorWorkspace | undefined;
      filterNodes(filter: { z: string }): EditorNode[];
      groups(flow: string): object[];
      /** Whether something waits for a deploy. */
      dirty(): boolean;
      dirty(isDirty: boolean): void;
    };
    workspaces: { active(): string; delete(flow: EditorWorkspace): void };
    /** Language of the editor, as `de` or `en-US`. */
    i18n: { lang(): string };
    _(key: string, substitutions?: Record<string, unknown>): string;
    /** A message to whoever sits at the editor; `modal`: nothing else goes on before it is closed. */
    notify(
      text: string | JQuery,
      options: {
        type?: "warning";
        modal?: boolean;
        fixed?: boolean;
        buttons?: { text: string; class?: string; click(): void }[];
      },
    ): { close(): void };
    history: { push(event: EditorChange): void };
    settings: { apiRootUrl?: string };
    /** Copies a text; `element` shows `told` for a moment. */
    clipboard: { copyText(text: string, element?: JQuery, told?: string): void };
    editor: {
      validateNode(node: EditorNode): void;
      createEditor(options: { id: string; mode: string; value: string }): CodeEditor;
      editConfig(parent: string, type: string, id: string, prefix?: string): void;
    };
  }

  /** Ace or Monaco behind Ace's interface. */
  interface CodeEditor {
    getValue(): string;
    setValue(value: string, cursor?: number): void;
    getSession(): { on(event: "change", listener: () => void): void };
    destroy(): void;
    focus(): void;
    resize(): void;
  }

  /** What can be undone. */
  type EditorChange =
    | { t: "add"; nodes: string[]; dirty: boolean }
    | { t: "edit"; node: EditorNode; changes: Record<string, unknown>; changed: boolean; dirty: boolean };

  /** A flow as the editor holds it. */
  interface EditorWorkspace {
    id: string;
    info?: string;
  }

  /** A node as the editor holds it; its properties are those of its type's defaults. */
  interface EditorNode {
    id: string;
    type: string;
    name?: string;
    [property: string]: unknown;
  }

  interface DefaultProperty<V> {
    value: V;
    label?: string;
    required?: boolean;
    /** Type of the config node that the property refers to. */
    type?: string;
    /** Which config nodes of that type are offered. */
    filter?: (node: EditorNode) => boolean;
    validate?: (this: EditorNode, value: unknown, options?: object) => boolean | string;
  }

  interface NodeDefinition<T extends object> {
    category: string;
    defaults: { [K in keyof T]: DefaultProperty<T[K]> };
    /** Whether it counts as unused while no other node refers to it. */
    hasUsers?: boolean;
    credentials?: Record<string, { type: "text" | "password" }>;
    color?: string;
    icon?: string;
    inputs?: 0 | 1;
    outputs?: number;
    inputLabels?: string | string[] | ((index: number) => string);
    outputLabels?: string | string[] | ((index: number) => string);
    align?: "left" | "right";
    paletteLabel?: string | (() => string);
    label: (this: T & EditorNode & Localised) => string;
    labelStyle?: (this: T & EditorNode & Localised) => string;
    oneditprepare?: (this: T & EditorNode & Localised) => void;
    oneditsave?: (this: T & EditorNode & Localised) => void;
    oneditcancel?: (this: T & EditorNode & Localised) => void;
    oneditdelete?: (this: T & EditorNode & Localised) => void;
    oneditresize?: (this: T & EditorNode & Localised, size: { width: number; height: number }) => void;
  }

  interface Localised {
    _(key: string, substitutions?: Record<string, unknown>): string;
  }

  interface TypedInputOptions {
    type?: string;
    default?: string;
    types?: (string | object)[];
    typeField?: string | JQuery;
  }

  interface EditableListOptions<Row> {
    addItem(container: JQuery, index: number, row: Row): void;
    removeItem?(row: Row): void;
    removable?: boolean;
    sortable?: boolean;
    height?: number | "auto";
    addButton?: boolean | string;
    header?: JQuery;
  }

  interface JQuery {
    typedInput(options: TypedInputOptions): this;
    typedInput(method: "value" | "type"): string;
    typedInput(method: "value" | "type", value: string): this;
    editableList<Row>(options: EditableListOptions<Row>): this;
    editableList(method: "items"): JQuery;
    editableList<Row>(method: "addItem", row: Row): this;
    editableList(method: "height", height: number): this;
    treeList(method: "select", entry: object | undefined): this;
  }
}
