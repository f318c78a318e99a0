import type { FailurePage } from "../admin/types/meter-page-types.ts";

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

function failureOf({ responseJSON, status, statusText }: JQuery.jqXHR): FailurePage {
  const told = responseJSON as Partial<FailurePage> | undefined;
  if (told?.message) return { code: told.code ?? "", message: told.message };
  return { code: "", message: status ? `${status} ${statusText}` : "Node-RED does not answer" };
}
