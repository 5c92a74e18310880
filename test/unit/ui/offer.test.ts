import assert from 'node:assert/strict';
import type { WorkspaceId } from '../../../src/core/model.ts';
import { broughtText, heldText, offerRow, offerText } from '../../../src/ui/present/offer.ts';
import { indexOf } from '../../../src/ui/present/taskIndex.ts';
import { treeModel } from '../../../src/ui/tree/treeModel.ts';
import type { FolderOffer } from '../../../src/ui/uiHost.ts';
import { ready, snapshot, workspace } from './pictures.ts';

const offer: FolderOffer = {
  workspaceId: 'other' as WorkspaceId,
  name: 'app',
  storage: '/storage/one',
  unfinished: 3,
  finished: 5,
};

describe('an offer to bring the tasks of a folder', () => {
  it('says whose they are and how many, and asks', () => {
    assert.equal(
      offerText(offer),
      'The folder “app” has 3 unfinished and 5 finished tasks from when it was open in another window. Bring them here?',
    );
    assert.match(offerText({ ...offer, finished: 0, unfinished: 1 }), /has 1 unfinished task from/);
    assert.match(offerText({ ...offer, unfinished: 0, finished: 1 }), /has 1 finished task from/);
  });

  it('is a row above the folders, with a word its button is found by, once for each folder', () => {
    const picture = snapshot([workspace([ready('a')])]);
    const { roots, nodes } = treeModel(picture, {
      now: picture.at,
      index: indexOf(picture),
      readOnly: false,
      offers: [offer, { ...offer, storage: '/storage/two' }],
    });
    const rows = roots.map((key) => nodes.get(key)?.row);
    assert.equal(rows.length, 2);
    assert.equal(rows[0]?.label, '8 tasks elsewhere');
    assert.equal(rows[0].description, 'app, 3 unfinished');
    assert.equal(rows[0].context, 'elsewhere');
    assert.equal(offerRow({ ...offer, unfinished: 0, finished: 1 }).label, '1 task elsewhere');
  });

  it('ends with a sentence that says what became of them', () => {
    assert.equal(broughtText(offer, 8), '8 tasks of “app” were brought here.');
    assert.match(heldText(offer, 'another window (process 7)'), /process 7.*Nothing was changed/);
  });

  it('keeps a long name of a folder short', () => {
    assert.ok(offerText({ ...offer, name: 'x'.repeat(500) }).length < 250);
  });
});
