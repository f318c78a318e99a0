/** What is to be said of the folder in which a site keeps its records. */
import type { DataFolderPage } from "../admin/types/dialog-page-types.ts";
import type { FailurePage } from "../admin/types/meter-page-types.ts";
import { textIn } from "./fields.ts";
import { ask } from "./requests.ts";
import { wordsOf } from "./words.ts";

const FIELD = "#node-config-input-dataDir";
/** So long after the last key. */
const LOOK_AFTER_MS = 400;
/** Below, a disk is as good as full. */
const LITTLE_MB = 500;

const word = wordsOf("ev-site", "ev-site.folder");

/** Looks at the folder that stands in the dialog, now and whenever it changes. @param id of the site's node */
export function watchDataFolder(box: JQuery, id: string): void {
  // Who may not change anything is told nothing of disks.
  if (!RED.user.hasPermission("ev-charging.write")) return;
  let timer: number | undefined;
  const look = () => {
    const dataDir = textIn(FIELD);
    if (dataDir.startsWith("${")) {
      box.empty();
      return;
    }
    ask<DataFolderPage>("POST", "data-folders", { id, dataDir }).then(
      (page) => {
        // An answer to what was typed before tells nothing.
        if (dataDir === textIn(FIELD)) show(box, page);
      },
      ({ message }: FailurePage) => box.empty().append($("<p>").addClass("ev-wrong").text(message)),
    );
  };
  $(FIELD).on("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(look, LOOK_AFTER_MS);
  });
  look();
}

function show(box: JQuery, { folder, state, freeMB, usedMB, isPassing, driver }: DataFolderPage): void {
  const isWrong = state === "readOnly" || state === "noFolder";
  const disk = freeMB === null || isWrong ? "" : word("free", { gb: Math.round(freeMB / 100) / 10 });
  box.empty().append(
    $("<p>").append($("<code>").text(folder)),
    $("<p>")
      .toggleClass("ev-wrong", isWrong)
      .text(
        [word(state, { usedMB }), disk, word(driver === "node:sqlite" ? "native" : "wasm")].filter(Boolean).join(" "),
      ),
  );
  if (freeMB !== null && freeMB < LITTLE_MB) box.append($("<div>").addClass("ev-warn").text(word("little")));
  if (isPassing) box.append($("<div>").addClass("ev-warn").text(word("passing")));
}
