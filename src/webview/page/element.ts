/** A few words for making elements. Text goes in as text, so that nothing from outside can become markup. */

export type Child = Node | string;

/** @param attributes written as they are; an empty text sets the attribute, undefined leaves it out */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

export function svgElement(
  name: 'svg' | 'line' | 'circle',
  attributes: Readonly<Record<string, string>>,
  ...children: readonly Node[]
): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

/** Writes only what is another text: what is left alone costs no layout and disturbs no reader. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

export function setAttribute(target: Element, name: string, value: string): void {
  if (target.getAttribute(name) !== value) target.setAttribute(name, value);
}

/** Makes `children` the children of `parent`; those that stay where they are are not touched. */
export function setChildren(parent: Element, children: readonly Element[]): void {
  children.forEach((child, index) => {
    const present = parent.children[index];
    if (present !== child) parent.insertBefore(child, present ?? null);
  });
  while (parent.children.length > children.length) parent.lastElementChild?.remove();
}

function setAttributes(target: Element, attributes: Readonly<Record<string, string | undefined>>): void {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) target.setAttribute(key, value);
  }
}
