/**
 * The little of a DOM element that functions running inside the page use. The library `dom` is not part of
 * this project's types, because the code under test has no page.
 */
export interface PageElement {
  readonly className: string;
  readonly textContent: string | null;
  getAttribute(name: string): string | null;
  querySelector(selector: string): PageElement | null;
}
