import type { CopyView, Difference, SettingRow, SettingsPage } from "../../../../lib/maintenance/settings/types.ts";
import type { FailurePage } from "../../../admin/types/meter-page-types.ts";
import type { SettingsDone } from "../../../admin/types/settings-page-types.ts";
import { ask } from "../../requests.ts";
import { button, hide, html, mark, say } from "../dom.ts";
import { dayAndTime, type SidebarWords } from "../words.ts";
import { CopyList } from "./copy-list.ts";
import { KeyList } from "./key-list.ts";

/** While a copy runs, its results are looked at this often, ms. */
const LOOK_MS = 2000;

/** As `settings/list` answers. */
interface Listed {
  chargers: { chargePoint: string; charger: string; model: string | null; online: boolean }[];
  copies: CopyView[];
}

/** The settings of one charger: folded, asked for when it is opened. */
export class SettingsPanel {
  readonly element = html("details", "ev-ov-settings");
  readonly #chargePoint: string;
  readonly #site: () => string;
  readonly #words: SidebarWords;
  readonly #said = html("div");
  readonly #about = html("div", "ev-ov-note");
  readonly #advice = html("div", "ev-ov-problem");
  readonly #keys: KeyList;
  readonly #other = html("select", "ev-ov-zones");
  readonly #upload = html("input");
  readonly #compared = html("div", "ev-ov-note");
  readonly #copying = html("div");
  readonly #targets = html("div", "ev-ov-targets");
  readonly #restart = html("input");
  readonly #copies: CopyList;
  readonly #body: HTMLElement;
  #listed: Listed = { chargers: [], copies: [] };
  #mayChange = false;
  /** The file that is compared with, as text; null = none. */
  #file: string | null = null;
  #timer: number | undefined;
  /** A second press of a button does nothing before the first one is done. */
  #isActing = false;

  constructor(chargePoint: string, site: () => string, words: SidebarWords) {
    this.#chargePoint = chargePoint;
    this.#site = site;
    this.#words = words;
    this.#keys = new KeyList(words, {
      set: (row, value) => void this.#once(() => this.#set(row, value)),
      chosen: () => this.#drawCopying(),
    });
    this.#copies = new CopyList(words, (name, id) => void this.#once(() => this.#decide(name, id)));
    mark(this.#said, "role", "status");
    const summary = html("summary", "ev-ov-note", words("settings.title"));
    mark(summary, "aria-label", `${words("settings.title")}: ${chargePoint}`);
    this.#body = html("div", "", this.#about, this.#advice, this.#keys.element, this.#tools(), this.#compared);
    this.#body.append(this.#copying, this.#copies.element);
    this.element.append(summary, this.#said);
    this.element.addEventListener("toggle", () => (this.element.open ? void this.#open() : this.#close()));
  }

  /** Saving and comparing. */
  #tools(): HTMLElement {
    const w = this.#words;
    const save = button("red-ui-button red-ui-button-small", w("settings.file"), () => void this.#save());
    mark(this.#other, "aria-label", w("settings.compare"));
    this.#other.addEventListener("change", () => void this.#compare());
    this.#upload.type = "file";
    this.#upload.accept = ".json,application/json";
    this.#upload.hidden = true;
    mark(this.#upload, "aria-label", w("settings.fromFile"));
    this.#upload.addEventListener("change", () => void this.#compareFile());
    const label = html("label", "", html("span", "", w("settings.compare")), this.#other);
    return html("div", "ev-ov-foot", save, label, this.#upload);
  }

  async #open(): Promise<void> {
    this.element.append(this.#body);
    say(this.#said, "…");
    await this.#list();
    await this.#read();
    if (this.element.open) this.#timer ??= window.setInterval(() => this.#look(), LOOK_MS);
  }

  #close(): void {
    window.clearInterval(this.#timer);
    this.#timer = undefined;
    this.#body.remove();
    this.#keys.forget();
    say(this.#said, "");
  }

  #look(): void {
    if (!this.element.isConnected) this.#close();
    else if (this.#listed.copies.some(({ ended }) => ended === null)) void this.#list();
  }

  async #list(): Promise<void> {
    const listed = await this.#ask<Listed>("list", {});
    if (!listed) return;
    this.#listed = listed;
    this.#copies.show(listed.copies, this.#mayChange);
    const others = listed.chargers.filter(({ chargePoint }) => chargePoint !== this.#chargePoint);
    const options: [string, string][] = [
      ["", this.#words("settings.nobody")],
      ["file", this.#words("settings.fromFile")],
      ...others.map(({ chargePoint, charger }): [string, string] => [`to ${chargePoint}`, charger]),
    ];
    if (this.#other.options.length === options.length) return;
    const { value } = this.#other;
    this.#other.replaceChildren(...options.map(([id, text]) => new Option(text, id)));
    this.#other.value = options.some(([id]) => id === value) ? value : "";
    this.#drawCopying();
  }

  async #read(): Promise<void> {
    const page = await this.#ask<SettingsPage>("read", { chargePoint: this.#chargePoint });
    if (!page) return;
    const w = this.#words;
    const time = dayAndTime(page.ts);
    const about = [page.model, page.firmware, w(page.fresh ? "settings.read" : "settings.away", { time })];
    say(this.#said, "");
    say(this.#about, [...about, this.#mayChange ? "" : w("settings.mayNot")].filter(Boolean).join(" · "));
    const missing = page.missing.length > 0 ? [`${w("settings.missing")} ${page.missing.join(", ")}`] : [];
    say(this.#advice, [...page.advice, ...missing].join(" · "));
    this.#keys.show(page, this.#mayChange);
  }

  async #once(work: () => Promise<void>): Promise<void> {
    if (this.#isActing) return;
    this.#isActing = true;
    await work().finally(() => {
      this.#isActing = false;
    });
  }

  async #set(row: SettingRow, value: string): Promise<void> {
    const risky = row.kept || row.own === "address" || row.own === "identity";
    if (risky && !window.confirm(this.#words("settings.setAll"))) return;
    const wish = { chargePoint: this.#chargePoint, key: row.key, value, ...(risky && { force: true }) };
    const text = await this.#act("change", wish);
    if (text === null) return;
    this.#keys.forget(row.key);
    await this.#read();
    this.#tell(true, text);
  }

  async #save(): Promise<void> {
    const file = await this.#ask<{ name: string; data: string }>("file", { chargePoint: this.#chargePoint });
    if (!file) return;
    const url = URL.createObjectURL(new Blob([file.data], { type: "application/json" }));
    const link = html("a");
    link.href = url;
    link.download = file.name;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(url), 1000);
  }

  async #compare(): Promise<void> {
    const chosen = this.#other.value;
    hide(this.#upload, chosen !== "file");
    this.#file = null;
    say(this.#compared, "");
    if (!chosen.startsWith("to ")) this.#keys.compare(null, false);
    else await this.#show({ from: this.#chargePoint, to: chosen.slice("to ".length) }, false);
  }

  async #compareFile(): Promise<void> {
    const file = this.#upload.files?.[0];
    if (!file) return;
    this.#file = await file.text();
    await this.#show({ from: this.#file, to: this.#chargePoint }, true);
  }

  async #show(sides: object, fromFile: boolean): Promise<void> {
    const told = await this.#ask<{ keys: Difference[] }>("compare", sides);
    if (!told) this.#file = null;
    const differ = (told?.keys ?? []).filter(({ state }) => state !== "same").length;
    say(this.#compared, told ? this.#words("settings.differ", { n: differ }) : "");
    this.#keys.compare(told?.keys ?? null, fromFile && told !== null);
  }

  /** Where the chosen keys go. */
  #drawCopying(): void {
    const n = this.#keys.chosen.length;
    const w = this.#words;
    if (n === 0) {
      this.#copying.replaceChildren();
      return;
    }
    const start = button(
      "red-ui-button red-ui-button-small",
      w("settings.start"),
      () => void this.#once(() => this.#copy()),
    );
    this.#restart.type = "checkbox";
    const restart = html("label", "", this.#restart, w("settings.restart"));
    const title = html("div", "ev-ov-strong", w(this.#file === null ? "settings.copyTo" : "settings.copyFrom", { n }));
    const to = this.#file === null ? [this.#all(), this.#targets] : [];
    if (this.#targets.childElementCount === 0) this.#fillTargets();
    this.#copying.replaceChildren(title, ...to, restart, html("div", "ev-ov-foot", start));
  }

  #fillTargets(): void {
    const others = this.#listed.chargers.filter(({ chargePoint }) => chargePoint !== this.#chargePoint);
    this.#targets.replaceChildren(
      ...others.map(({ chargePoint, charger, model }) => {
        const box = html("input");
        box.type = "checkbox";
        box.value = chargePoint;
        box.dataset["model"] = model ?? "";
        return html("label", "", box, [charger, model].filter(Boolean).join(" · "));
      }),
    );
  }

  #all(): HTMLElement {
    const model = this.#listed.chargers.find(({ chargePoint }) => chargePoint === this.#chargePoint)?.model ?? "";
    return button("red-ui-button red-ui-button-small", this.#words("settings.all"), () => {
      for (const box of this.#boxes()) box.checked = box.dataset["model"] === model;
    });
  }

  #boxes(): HTMLInputElement[] {
    return [...this.#targets.querySelectorAll("input")];
  }

  async #copy(): Promise<void> {
    const chosen = this.#boxes().flatMap(({ checked, value }) => (checked ? [value] : []));
    const text = await this.#act("copy", {
      from: this.#file ?? this.#chargePoint,
      keys: this.#keys.chosen,
      to: this.#file === null ? chosen : [this.#chargePoint],
      restart: this.#restart.checked,
    });
    if (text === null) return;
    this.#tell(true, text);
    this.#other.value = "";
    await this.#compare();
    await this.#list();
  }

  async #decide(name: "goOn" | "giveUp", id: number): Promise<void> {
    const text = await this.#act(name, { id });
    if (text !== null) this.#tell(true, text);
    await this.#list();
  }

  /** @returns what was done, in words; null where it was refused, which is told */
  async #act(name: string, payload: object): Promise<string | null> {
    const done = await this.#send("settings", name, payload);
    return done?.ok ? (done.text ?? "") : null;
  }

  async #ask<T>(name: string, payload: object): Promise<T | null> {
    const done = await this.#send<T>("settings/ask", name, payload);
    return done?.ok ? (done.payload ?? null) : null;
  }

  async #send<T>(path: string, name: string, payload: object): Promise<SettingsDone<T> | null> {
    try {
      const done = await ask<SettingsDone<T>>("POST", path, { site: this.#site(), name, payload });
      this.#mayChange = done.mayChange && RED.user.hasPermission("ev-charging.write");
      if (!done.ok) this.#tell(false, done.text ?? "");
      return done;
    } catch (failure) {
      this.#tell(false, (failure as FailurePage).message);
      return null;
    }
  }

  #tell(isDone: boolean, text: string): void {
    say(this.#said, text);
    this.#said.classList.toggle("ev-ov-problem", !isDone);
    this.#said.classList.toggle("ev-ov-added", isDone);
  }
}
