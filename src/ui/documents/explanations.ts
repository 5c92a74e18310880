/** Texts to read, made when someone first asks: documents and tooltips. */
export { pageText, pageVersion } from './pageText.ts';
export { taskTooltip } from '../present/taskTooltip.ts';
export { tripTooltip } from '../present/tripTooltip.ts';
export { workspaceTooltip } from '../present/workspaceTooltip.ts';
