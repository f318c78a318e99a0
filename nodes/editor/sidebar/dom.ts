/** Making elements. Whatever comes from outside gets into the page as text, never as markup. */

const SVG = "http://www.w3.org/2000/svg";

type Attributes = Readonly<Record<string, string | number | null>>;

/** An HTML element with a class, and text or elements in it. */
export function html<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  ...content: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...content);
  return element;
}

/** An SVG element with attributes; a missing one is left out. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...content: (Node | string)[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null) element.setAttribute(name, String(value));
  }
  element.append(...content);
  return element;
}

/** Puts a text in place of another; the page is left alone where it is the same. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets an attribute where it differs; null takes it away. */
export function mark(element: Element, name: string, value: string | number | null): void {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

/** Hides an element, or shows it. */
export function hide(element: HTMLElement, isHidden: boolean): void {
  if (element.hidden !== isHidden) element.hidden = isHidden;
}

/** A button that looks like a link, or like the editor's small ones. */
export function button(className: string, text: string, act: () => void): HTMLButtonElement {
  const made = html("button", className, text);
  made.type = "button";
  made.addEventListener("click", (event) => {
    event.stopPropagation();
    act();
  });
  return made;
}
