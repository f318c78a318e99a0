/**
 * Makes many things one stop of the Tab key: the arrow keys, Home and End move between them (WAI-ARIA Authoring Practices, roving
 * tabindex). New ones are taken in as they get the focus.
 * @param selector what can be moved to
 */
export function roving(container: Element, selector: string): void {
  const all = (): HTMLElement[] => [...container.querySelectorAll<HTMLElement>(selector)].filter(isShown);
  container.addEventListener("keydown", (event) => {
    const { key, target } = event as KeyboardEvent;
    const items = all();
    const at = items.indexOf((target as Element).closest<HTMLElement>(selector)!);
    const to = at < 0 ? undefined : items[next(key, at, items.length)];
    if (!to) return;
    event.preventDefault();
    to.focus();
    to.scrollIntoView({ block: "nearest" });
  });
  container.addEventListener("focusin", (event) => {
    const item = (event.target as Element).closest(selector);
    if (item) give(container, selector, item);
  });
}

/** After a change of what there is: exactly one of them can be reached by Tab. */
export function keepOneStop(container: Element, selector: string): void {
  const items = container.querySelectorAll(selector);
  const held = [...items].find((item) => item.getAttribute("tabindex") === "0") ?? items[0];
  if (held) give(container, selector, held);
}

function give(container: Element, selector: string, stop: Element): void {
  for (const item of container.querySelectorAll(`${selector}[tabindex="0"]`))
    if (item !== stop) item.setAttribute("tabindex", "-1");
  if (stop.getAttribute("tabindex") !== "0") stop.setAttribute("tabindex", "0");
}

function next(key: string, at: number, count: number): number {
  if (key === "ArrowDown" || key === "ArrowRight") return Math.min(at + 1, count - 1);
  if (key === "ArrowUp" || key === "ArrowLeft") return Math.max(at - 1, 0);
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : -1;
}

function isShown(element: HTMLElement): boolean {
  return element.closest("[hidden]") === null;
}
