import type { FailurePage } from "../admin/types/meter-page-types.ts";
import { reveal } from "./looks.ts";

/** Asks the runtime; rejects with why not, in words. The editor adds the user's token to jQuery's requests. */
export function ask<T>(method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<T> {
  return new Promise((resolve, reject: (failure: FailurePage) => void) => {
    $.ajax({
      method,
      url: `ev-charging/${path}`,
      // What is no JSON is not taken.
      ...((body || method === "POST") && { data: JSON.stringify(body ?? {}), contentType: "application/json" }),
    }).then(
      (page: T) => resolve(page),
      (answer: JQuery.jqXHR) => reject(failureOf(answer)),
    );
  });
}

/**
 * Saves a text of the runtime as a file; rejects with why not. Through a request, because a link would not carry the user's token.
 * @param start what the file begins with
 */
export async function saveFile(path: string, name: string, start = ""): Promise<void> {
  let text: string;
  try {
    text = await $.ajax({ url: `ev-charging/${path}`, dataType: "text" });
  } catch (answer) {
    throw failureOf(answer as JQuery.jqXHR);
  }
  const parts = text.startsWith(start) ? [text] : [start, text];
  const url = URL.createObjectURL(new Blob(parts, { type: "application/octet-stream" }));
  $("<a>").attr({ href: url, download: name }).get(0)?.click();
  window.setTimeout(() => URL.revokeObjectURL(url), 1000);
}

function failureOf({ responseText, status, statusText }: JQuery.jqXHR): FailurePage {
  try {
    const { message, code = "" } = JSON.parse(responseText) as Partial<FailurePage>;
    if (message) return { code, message };
  } catch {
    // The answer does not come from our pages.
  }
  return { code: "", message: status ? `${status} ${statusText}` : "Node-RED does not answer" };
}

/** Saves bytes of the runtime as a file under the name that the runtime gives; rejects with why not. */
export async function saveBytes(path: string, otherwise: string): Promise<void> {
  const { data, name } = await new Promise<{ data: Blob; name: string }>((resolve, reject) => {
    // Without a type of its own jQuery would take an HTML page for text, and fail.
    $.ajax({ url: `ev-charging/${path}`, dataType: "binary", xhrFields: { responseType: "blob" } }).then(
      (blob: Blob, _status: string, answer: JQuery.jqXHR) => {
        const given = /filename="([^"]+)"/.exec(answer.getResponseHeader("Content-Disposition") ?? "")?.[1];
        resolve({ data: blob, name: given ?? otherwise });
      },
      ({ status, statusText }: JQuery.jqXHR) => reject({ code: "", message: `${status} ${statusText}` }),
    );
  });
  const url = URL.createObjectURL(data);
  $("<a>").attr({ href: url, download: name }).get(0)?.click();
  window.setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** Sends a file as it is; rejects with why not. @param sent is told how many percent have gone */
export function sendBytes<T>(path: string, file: Blob, sent: (percent: number) => void): Promise<T> {
  return new Promise((resolve, reject: (failure: FailurePage) => void) => {
    const xhr = (): XMLHttpRequest => {
      const made = new XMLHttpRequest();
      made.upload.addEventListener("progress", ({ loaded, total }) => sent(Math.floor((100 * loaded) / (total || 1))));
      return made;
    };
    const body = { data: file, contentType: "application/octet-stream", processData: false };
    $.ajax({ method: "PUT", url: `ev-charging/${path}`, xhr, ...body }).then(
      (page: T) => resolve(page),
      (answer: JQuery.jqXHR) => reject(failureOf(answer)),
    );
  });
}

/**
 * Does something slow whose result stands in a box: shows that it runs, then what `work` puts there, or why it failed.
 * @param hintOf what to do about a failure, by its code; empty = nothing is known
 */
export async function showWork(
  box: JQuery,
  running: string,
  hintOf: (code: string) => string,
  work: () => Promise<void>,
): Promise<void> {
  box.empty().append($("<p>").append($("<i>").addClass("fa fa-spinner fa-spin"), ` ${running}`));
  try {
    await work();
  } catch (failure) {
    const { message, code } = failure as FailurePage;
    const hint = code ? hintOf(code) : "";
    box.empty().append($("<p>").addClass("ev-wrong").text(message), hint && $("<p>").text(hint));
  }
  reveal(box);
}
