/**
 * Starts every text the integration suite prints. All of the editor's own log takes the same way out of the
 * window; by this mark, invisible on a terminal, the launcher tells the two apart.
 */
export const outputMark = '\u2063\u2064\u2063';
