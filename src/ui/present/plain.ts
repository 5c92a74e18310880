/** Text from outside on its way into places where the editor would read markup. */

/** For pick lists and progress titles, which turn `$(name)` into an icon. */
export function withoutIcons(text: string): string {
  return text.replaceAll('$(', '\\$(');
}

/** For notifications, which turn `[text](address)` into a link, even to a command. */
export function withoutLinks(text: string): string {
  return text.replaceAll('](', '] (');
}
