/** What a row of the tree shows, before any editor object exists. Plain data, so that two of them can be compared. */

/** A codicon and, where it helps, a theme colour; the words of the row always say the same. */
export interface RowIcon {
  readonly id: string;
  /** Id of a theme colour. */
  readonly color?: string;
}

export interface Row {
  readonly label: string;
  readonly description: string;
  /** Absent for rows that need none. */
  readonly icon?: RowIcon;
  /** What a screen reader says in place of label and description. */
  readonly spoken: string;
  /** Words separated by spaces; menus look for them with a regular expression. */
  readonly context: string;
  /** What opens when the row is chosen. */
  readonly opens?: 'log' | 'result' | 'history' | 'more';
}

/**
 * A line of a tooltip. All of it is text from outside, so it is data and never markup: the renderer escapes it.
 */
export interface TooltipLine {
  /** Set in bold before the text. */
  readonly lead?: string;
  readonly text: string;
}
