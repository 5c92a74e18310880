/** Texts to read, made when someone first asks: documents and tooltips. */
export { logText, resultText } from './documentText.ts';
export { meaningsText } from './meaningsText.ts';
export { pastText } from './pastText.ts';
export { readTail } from './tail.ts';
export { treeDocument } from './treeDocument.ts';
export { whyDocument } from './whyDocument.ts';
export { taskTooltip } from '../present/taskTooltip.ts';
export { tripTooltip } from '../present/tripTooltip.ts';
export { workspaceTooltip } from '../present/workspaceTooltip.ts';
