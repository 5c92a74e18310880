/** The words of a text: runs of letters, marks and digits, in any script. */
export function wordsOf(text) {
  return text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

export function countWords(text) {
  return wordsOf(text).length;
}

/** The address of a heading: lower case, words joined by hyphens. */
export function slug(heading) {
  return wordsOf(heading.toLowerCase()).join('-');
}
