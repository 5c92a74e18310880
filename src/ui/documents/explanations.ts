/** The documents that explain, read when the first one is opened. */
export { meaningsText } from './meaningsText.ts';
export { whyDocument } from './whyDocument.ts';
