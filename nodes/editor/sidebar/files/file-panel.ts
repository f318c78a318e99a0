import type { FilePage } from "../../../admin/types/maintenance-page-types.ts";
import type { FailurePage } from "../../../admin/types/meter-page-types.ts";
import type { OperationDone } from "../../../admin/types/operation-page-types.ts";
import type { StaffFilesPage } from "../../../admin/types/staff-file-types.ts";
import { ask, saveBytes, sendBytes } from "../../requests.ts";
import { choice, labelled } from "../charger-acts.ts";
import { button, hide, html, mark, say } from "../dom.ts";
import { Section } from "../section.ts";
import { dayAndTime, type SidebarWords } from "../words.ts";

/** How often the list is asked for while it is unfolded, ms. */
const AGAIN_MS = 5000;

/** Files of chargers, the report, and firmware for them: folded, asked for when it is opened; its words are those of the site. */
export class FilePanel {
  readonly section: Section;
  readonly #site: () => string;
  readonly #said = html("div", "ev-ov-said");
  readonly #forms = html("div", "ev-ov-acts-body");
  readonly #rows = html("ul", "ev-ov-list");
  /** For what the forms stand there: what somebody chose stays while the list is asked for anew. */
  #drawn = "";
  /** What is chosen, which stays while the forms are drawn anew. */
  #charger = "";
  #firmware = "";
  /** The last end that was told. */
  #told: number | null = null;
  #timer: number | undefined;

  constructor(words: SidebarWords, site: () => string) {
    this.#site = site;
    this.section = new Section(words("files.title"), "ev-ov-files");
    const { element, body } = this.section;
    element.open = false;
    mark(this.#said, "role", "status");
    body.append(this.#said, this.#forms, this.#rows);
    element.addEventListener("toggle", () => this.#toggled());
  }

  /** @param chargers how many the site has */
  show(chargers: number): void {
    hide(this.section.element, chargers === 0);
  }

  #toggled(): void {
    window.clearInterval(this.#timer);
    say(this.#said, "");
    this.#told = null;
    if (!this.section.element.open) return;
    this.#load();
    this.#timer = window.setInterval(() => this.#inSight() && this.#load(), AGAIN_MS);
  }

  #inSight(): boolean {
    return !document.hidden && this.section.element.offsetParent !== null;
  }

  #load(): void {
    const site = this.#site();
    ask<StaffFilesPage>("GET", `staff-files?site=${encodeURIComponent(site)}`).then(
      (page) => this.#draw(page, site),
      (failure: FailurePage) => this.#tell(false, failure.message),
    );
  }

  #draw(page: StaffFilesPage, site: string): void {
    const { words: w, last, received } = page;
    const n = last?.n ?? 0;
    // What ended before the section was opened is nobody's news.
    if (this.#told !== null && last && n > this.#told) this.#tell(last.ok, last.text);
    this.#told = n;
    const rows = received.map((file) => this.#row(file, w));
    const none = page.mayFetch ? [html("li", "ev-ov-note", w["noReceived"] ?? "")] : [];
    // A button that has the focus is not taken from under it.
    if (!this.#rows.contains(document.activeElement)) this.#rows.replaceChildren(...(rows.length > 0 ? rows : none));
    const drawn = JSON.stringify([site, page.chargers, page.firmware, page.mayFetch, page.mayInstall]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#forms.replaceChildren(...this.#fields(page));
  }

  #row({ chargePoint, name, bytes, changed }: FilePage, w: StaffFilesPage["words"]): HTMLElement {
    const query = new URLSearchParams({ site: this.#site(), chargePoint: chargePoint ?? "", name });
    const save = button("red-ui-button red-ui-button-small", filled(w["download"], { file: name }), () => {
      save.blur();
      this.#save(`files/received?${query}`, name);
    });
    const size = filled(w["fileSize"], { size: String(Math.round(bytes / 1024)) });
    const more = html("div", "ev-ov-note", [dayAndTime(changed), chargePoint, size].filter(Boolean).join(" · "));
    return html("li", "ev-ov-row", html("div", "ev-ov-grow", html("div", "ev-ov-foot", save), more));
  }

  #fields({ words: w, chargers, firmware, mayFetch, mayInstall }: StaffFilesPage): HTMLElement[] {
    const small = (word: string, act: () => void): HTMLButtonElement =>
      button("red-ui-button red-ui-button-small", w[word] ?? "", act);
    const site = encodeURIComponent(this.#site());
    const report = small("makeReport", () => this.#save(`maintenance-report?site=${site}`, "maintenance.html"));
    const parts: HTMLElement[] = [html("div", "ev-ov-foot", report)];
    const mayWrite = RED.user.hasPermission("ev-charging.write");
    if (!mayFetch || !mayWrite) return parts;
    const charger = choice(w["charger"], [["", w["choose"] ?? ""], ...chargers.map(pairOf)]);
    charger.value = this.#charger;
    charger.addEventListener("change", () => {
      this.#charger = charger.value;
    });
    const fetch = small("fetchDiagnostics", () => this.#order("diagnostics", { chargePoint: charger.value }));
    parts.push(labelled(w["charger"], charger), html("div", "ev-ov-foot", fetch));
    if (!mayInstall) return parts;
    parts.push(this.#drop(w));
    if (firmware.length === 0) return parts;
    const file = choice(w["firmwareFile"], [
      ["", w["choose"] ?? ""],
      ...firmware.map(({ name }) => [name, name] as const),
    ]);
    const install = small("installIt", () => {
      const called = charger.selectedOptions[0]?.text ?? "";
      const question = filled(w["installAsk"], { file: file.value, charger: called });
      const order = { chargePoint: charger.value, file: file.value };
      if (charger.value && file.value && window.confirm(question)) this.#order("install", order);
    });
    file.value = this.#firmware;
    const enable = (): void => {
      this.#firmware = file.value;
      install.disabled = !charger.value || !file.value;
    };
    for (const one of [charger, file]) one.addEventListener("change", enable);
    enable();
    parts.push(labelled(w["firmwareFile"], file), html("div", "ev-ov-foot", install));
    return parts;
  }

  /** A place to drop firmware on, or to choose it. */
  #drop(w: StaffFilesPage["words"]): HTMLElement {
    const chosen = html("input");
    chosen.type = "file";
    const place = html("label", "ev-ov-drop", html("span", "", w["dropFirmware"] ?? ""), chosen);
    const bring = (files: Dropped): void => {
      const file = files?.[0];
      if (!file) return;
      const shown = (percent: number): void =>
        this.#tell(true, filled(w["onItsWay"], { file: file.name, percent: String(percent) }));
      shown(0);
      const query = `site=${encodeURIComponent(this.#site())}`;
      sendBytes<FilePage>(`files/firmware/${encodeURIComponent(file.name)}?${query}`, file, shown).then(
        ({ name }) => {
          this.#firmware = name;
          this.#load();
        },
        (failure: FailurePage) => this.#tell(false, failure.message),
      );
    };
    chosen.addEventListener("change", () => bring(chosen.files));
    place.addEventListener("dragover", (event) => event.preventDefault());
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      // The editor would import it as a flow.
      event.stopPropagation();
      bring(event.dataTransfer?.files);
    });
    return place;
  }

  #save(path: string, name: string): void {
    saveBytes(path, name).catch((failure: FailurePage) => this.#tell(false, failure.message));
  }

  #order(name: "diagnostics" | "install", payload: object): void {
    say(this.#said, "…");
    ask<OperationDone>("POST", "staff-files", { site: this.#site(), name, payload }).then(
      ({ ok, text }) => this.#tell(ok, text),
      (failure: FailurePage) => this.#tell(false, failure.message),
    );
  }

  #tell(isDone: boolean, text: string): void {
    say(this.#said, text);
    this.#said.classList.toggle("ev-ov-problem", !isDone);
    this.#said.classList.toggle("ev-ov-added", isDone);
  }
}

type Dropped = FileList | null | undefined;

function pairOf({ chargePoint, name }: StaffFilesPage["chargers"][number]): [string, string] {
  return [chargePoint, name];
}

function filled(text: string | undefined, values: Readonly<Record<string, string>>): string {
  return (text ?? "").replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
