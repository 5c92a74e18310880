/** What a message about an error offers to do, by code. */
import type { ErrorCode } from '../../core/errors.ts';
import type { ModelStanding } from './standingText.ts';

/** A button of a message and the command behind it. */
export interface MessageAction {
  readonly title: string;
  readonly command: string;
  readonly arguments?: readonly unknown[];
}

const showLog: MessageAction = { title: 'Show Podium Log', command: 'podium.showOutput' };
const tryAgain: MessageAction = { title: 'Try Again', command: 'podium.reopen' };
const openSettings: MessageAction = { title: 'Open Settings', command: 'podium.openSettings' };
const takeOver: MessageAction = { title: 'Take Over', command: 'podium.takeOver' };
const manageTrust: MessageAction = { title: 'Manage Workspace Trust', command: 'workbench.trust.manage' };

/** What can be done about models that are not asked. */
export const standingActions: Readonly<Partial<Record<ModelStanding['kind'], MessageAction>>> = {
  'not-allowed': { title: 'Allow…', command: 'podium.testConnection' },
  invalid: { title: 'Choose Model…', command: 'podium.chooseModel' },
};

/** Errors without an entry are a person's input: the sentence alone says what to do. */
const actions: Readonly<Partial<Record<ErrorCode, readonly MessageAction[]>>> = {
  'read-only': [takeOver],
  untrusted: [manageTrust],
  'unknown-agent': [openSettings],
  'invalid-setting': [openSettings],
  'missing-program': [openSettings, showLog],
  'store-unavailable': [tryAgain, showLog],
  'store-full': [showLog],
  'store-newer': [showLog],
  'store-corrupt': [tryAgain, showLog],
  closed: [showLog],
};

/** @param code of a PodiumError, or undefined for anything unexpected */
export function errorActions(code: ErrorCode | undefined): readonly MessageAction[] {
  return code === undefined ? [showLog] : (actions[code] ?? []);
}
