/**
 * How the lines of a chart differ: by dashes and width, so that no colour is needed to tell them apart. The colours
 * are in the style sheet.
 */
export interface LineStyle {
  readonly dash: readonly number[];
  readonly width: number;
}

export const lineStyles: readonly [LineStyle, LineStyle, LineStyle, LineStyle] = [
  { dash: [], width: 2 },
  { dash: [7, 4], width: 2 },
  { dash: [2, 3], width: 2 },
  { dash: [9, 3, 2, 3], width: 2 },
];

export function lineStyle(index: number): LineStyle {
  return lineStyles[index % lineStyles.length] ?? lineStyles[0];
}
