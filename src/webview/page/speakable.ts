/**
 * Imported before uPlot, which writes numbers in `navigator.language` from the moment it is loaded. On a machine whose
 * locale is `C` that is `en-US@posix`, which the browser itself refuses, and there would be no page at all.
 */
import { localeOf } from '../present/formats.ts';

/** The language of the reader that numbers can be written in. */
export const locale = localeOf([navigator.language, ...navigator.languages]);

if (locale !== navigator.language) Object.defineProperty(navigator, 'language', { value: locale });
