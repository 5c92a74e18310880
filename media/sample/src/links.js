import { slug } from './text.js';

/** The links of a Markdown document, with the line they are on, from 1. */
export function linksIn(markdown) {
  return markdown
    .split('\n')
    .flatMap((text, index) =>
      [...text.matchAll(/\[[^\]]+\]\(([^)\s]+)\)/g)].map((match) => ({ target: match[1], line: index + 1 })),
    );
}

/** The slugs of its headings. */
export function headingsIn(markdown) {
  return [...markdown.matchAll(/^#+\s+(.+)$/gm)].map((match) => slug(match[1]));
}

/** Links that lead nowhere. `exists` says whether there is a file at a relative path. */
export function brokenLinks(markdown, exists) {
  const headings = headingsIn(markdown);
  return linksIn(markdown).filter(({ target }) => {
    if (/^[a-z]+:/.test(target)) return false;
    if (target.startsWith('#')) return !headings.includes(target.slice(1));
    return !exists(target);
  });
}
