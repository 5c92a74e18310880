/** Second half of "present first, render second": plain rows become the editor's objects. */
import { MarkdownString, ThemeColor, ThemeIcon } from 'vscode';
import type { RowIcon, TooltipLine } from './present/row.ts';

export function themeIcon({ id, color }: RowIcon): ThemeIcon {
  return color === undefined ? new ThemeIcon(id) : new ThemeIcon(id, new ThemeColor(color));
}

/** Every text is escaped: titles and errors come from agents, and a tooltip can hold links to commands. */
export function tooltipOf(lines: readonly TooltipLine[]): MarkdownString {
  const markdown = new MarkdownString('', false);
  markdown.isTrusted = false;
  markdown.supportHtml = false;
  lines.forEach(({ lead, text }, index) => {
    if (index > 0) markdown.appendMarkdown('\n\n');
    if (lead !== undefined) {
      markdown.appendMarkdown('**');
      markdown.appendText(text === '' ? lead : `${lead}:`);
      markdown.appendMarkdown('** ');
    }
    if (text !== '') markdown.appendText(text);
  });
  return markdown;
}
