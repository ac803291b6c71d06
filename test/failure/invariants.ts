import assert from 'node:assert/strict';
import type { Storage } from '../../central/storage/storage.ts';
import { readBoxBooks, readReceipted, unsentOf } from './books/box-books.ts';
import { readCentreBooks } from './books/centre-books.ts';
import { type Found, type FoundCentre, type Rule, rules, type Told, type Violation } from './books/rules.ts';
import { readStoredContent } from './books/stored-content.ts';

/** Where the books of a region lie. */
export interface Evidence {
  boxes: readonly {
    box: string;
    /** Folder of `box.db` and `quarantine`. */
    dir: string;
    /** Folder of its blob store; without it content is not looked at. */
    blobsDir?: string;
    told?: Told;
    /** How many journals it should have; more than one after a damaged or restored database. */
    journals?: number;
  }[];
  centre?: { storage: Storage; blobsDir?: string; toldContents?: readonly string[] };
}

/**
 * Everything that breaks «nothing acknowledged is lost or doubled», over all journals of the boxes and the
 * centre's books. All may be running: receipts are read first, what they promise after them, and what the
 * centre may have from the boxes last.
 */
export async function violationsIn({ boxes, centre }: Evidence): Promise<Violation[]> {
  const receipted = new Map(boxes.map(({ box, dir }) => [box, readReceipted(dir)]));
  const books =
    centre &&
    (await readCentreBooks(
      centre.storage,
      boxes.map(({ box }) => box),
    ));
  const foundCentre: FoundCentre | undefined = books && {
    books,
    content: centre?.blobsDir === undefined ? undefined : readStoredContent(centre.blobsDir),
    toldContents: centre?.toldContents ?? [],
  };
  return boxes.flatMap(({ box, dir, blobsDir, told = {}, journals = 1 }) => {
    const found: Found = {
      ...{ box, told, journals },
      receipted: receipted.get(box) ?? new Map(),
      books: readBoxBooks(dir),
      content: blobsDir === undefined ? undefined : readStoredContent(blobsDir),
    };
    return judge(found, foundCentre);
  });
}

/** What the rules say of one box and the centre. */
export function judge(found: Found, centre: FoundCentre | undefined): Violation[] {
  return (Object.keys(rules) as Rule[]).flatMap(rule =>
    [...rules[rule](found, centre)].map(what => ({ rule, box: found.box, what })),
  );
}

/** Fails with the first violations when there are any. */
export async function assertNothingLost(evidence: Evidence, when = ''): Promise<void> {
  const violations = await violationsIn(evidence);
  assert.deepEqual(violations.slice(0, 5), [], `${violations.length} violations ${when}`);
}

/** `assertNothingLost`, and besides everything that the boxes wrote is in the centre, content and all. */
export async function assertAllArrived(evidence: Evidence, when = ''): Promise<void> {
  await assertNothingLost(evidence, when);
  const { storage } = evidence.centre ?? {};
  assert.ok(storage, 'a centre to arrive in');
  for (const { box, dir } of evidence.boxes) {
    const { epochs } = readBoxBooks(dir);
    const newest = epochs.at(-1);
    const { epochs: arrived } = await readCentreBooks(storage, [box]);
    const there = arrived.find(({ epoch }) => epoch === newest?.epoch);
    assert.equal(there?.upTo, newest?.facts.size, `${box}: all of the newest journal ${when}`);
    assert.deepEqual(newest ? unsentOf(newest) : [], [], `${box}: an empty outbox ${when}`);
  }
}
