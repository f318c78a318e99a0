/** The dialog of a command: action, payload, and a form that keeps in step with the payload's JSON. */
import type { CommandPage } from "../../admin/types/command-page-types.ts";
import { textIn } from "../fields.ts";
import { wordsOf } from "../words.ts";
import { commandOf, loadCommands, loadKeys } from "./commands.ts";
import { PayloadForm } from "./payload-form.ts";

const words = wordsOf("ev-command");
const ACTION = "#node-input-action";
const PAYLOAD = "#node-input-payload";

export class CommandDialog {
  readonly #form: PayloadForm;
  /** What was filled in for each action since the dialog opened. */
  readonly #drafts = new Map<string, string>();
  #action: string;
  /** The JSON that the form stands for. */
  #shown = "";
  /** The last question for keys; answers to earlier ones come too late. */
  #asked = "";

  constructor(action: string, payload: string, payloadType: string) {
    this.#action = action;
    this.#form = new PayloadForm($("#ev-command-form"), (value) => this.#take(value));
    $(PAYLOAD).typedInput({ types: ["msg", "json", "jsonata"], typeField: "#node-input-payloadType" });
    $(PAYLOAD).typedInput("type", payloadType);
    $(PAYLOAD).typedInput("value", payload);
    this.#fillActions([]);
    $(PAYLOAD).on("change", () => this.#show());
    $(ACTION).on("change", () => this.#choose(String($(ACTION).val() ?? "")));
    $("#ev-command-fill-in").on("click", () => this.#fillIn());
    $("#node-input-chargePoint").on("change", () => this.#askForKeys());
    loadCommands().then(
      (commands) => {
        this.#fillActions(commands);
        this.#show();
      },
      ({ message }: { message: string }) => this.#say(words("form.unavailable", { message })),
    );
    this.#askForKeys();
  }

  #fillActions(commands: readonly CommandPage[]): void {
    const select = $(ACTION).empty();
    const option = (value: string, text: string) => $("<option>").val(value).text(text);
    select.append(option("", words("label.fromMessage")));
    for (const feature of new Set(commands.map((command) => command.feature))) {
      const group = $("<optgroup>").attr("label", words(`feature.${feature}`));
      for (const { action } of commands.filter((command) => command.feature === feature)) {
        group.append(option(action, action));
      }
      select.append(group);
    }
    if (this.#action && !commands.some(({ action }) => action === this.#action))
      select.append(option(this.#action, this.#action));
    select.val(this.#action);
  }

  #choose(action: string): void {
    if (action === this.#action) return;
    const isForm = $(PAYLOAD).typedInput("type") === "json";
    if (isForm) this.#drafts.set(this.#action, $(PAYLOAD).typedInput("value"));
    this.#action = action;
    if (isForm) this.#write(this.#drafts.get(action) ?? JSON.stringify(commandOf(action)?.sample ?? {}));
    this.#show();
  }

  /** From a payload of the message to one that is filled in here. */
  #fillIn(): void {
    const draft = this.#drafts.get(this.#action) ?? JSON.stringify(commandOf(this.#action)?.sample ?? {});
    $(PAYLOAD).typedInput("type", "json");
    this.#write(draft);
    this.#show();
  }

  /** The form has a new payload. */
  #take(payload: unknown): void {
    this.#write(JSON.stringify(payload));
  }

  #write(json: string): void {
    this.#shown = json;
    $(PAYLOAD).typedInput("value", json);
  }

  #show(): void {
    const command = commandOf(this.#action) ?? null;
    const isForm = $(PAYLOAD).typedInput("type") === "json";
    $("#ev-command-about").text(command?.description ?? "");
    $("#ev-command-offer").toggle(command !== null && !isForm);
    if (!command || !isForm) {
      this.#say("");
      this.#shown = "";
      this.#form.show(null);
      return;
    }
    this.#draw(command, $(PAYLOAD).typedInput("value"));
  }

  #draw(command: CommandPage, json: string): void {
    // What the form itself wrote is drawn already.
    if (json === this.#shown && $("#ev-command-form").attr("data-action") === command.action) return;
    const payload = parsed(json);
    const isObject = typeof payload === "object" && payload !== null && !Array.isArray(payload);
    this.#say(isObject ? "" : words("form.unreadable"));
    this.#shown = isObject ? json : "";
    $("#ev-command-form").attr("data-action", isObject ? command.action : "");
    this.#form.show(isObject ? command : null, payload);
  }

  #say(text: string): void {
    $("#ev-command-said")
      .text(text)
      .toggle(text !== "");
  }

  #askForKeys(): void {
    const identity = textIn("#node-input-chargePoint");
    const question = `${identity}\n${modelOf(identity)}`;
    if (question === this.#asked) return;
    this.#asked = question;
    void loadKeys(identity, modelOf(identity)).then(
      (page) => {
        if (question === this.#asked) this.#form.keys.offer(page);
      },
      // Without the keys the fields can be filled in all the same.
      () => {},
    );
  }
}

/** The model that the dialog of a charge point chose; empty where it is found out. */
function modelOf(identity: string): string {
  let model = "";
  const wanted = identity.toLowerCase();
  RED.nodes.eachConfig((node) => {
    if (node.type !== "ev-charge-point") return;
    const names = [node["identity"], ...(Array.isArray(node["aliases"]) ? (node["aliases"] as unknown[]) : [])];
    if (names.some((name) => String(name).toLowerCase() === wanted)) model = String(node["model"] ?? "");
  });
  return model === "auto" ? "" : model;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json || "{}");
  } catch {
    return null;
  }
}
