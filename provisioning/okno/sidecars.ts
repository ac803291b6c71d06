import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isDamaged, judgeStamp } from '../../protocol/signature/time-stamp.ts';
import { type TrustInput, trustOf } from '../../protocol/signature/trust.ts';
import { contentOfFile } from './file-content.ts';
import { noTrust, readRevocationFolder, type TrustFolder } from './trust-folder.ts';
import { readNamedFile } from './unreadable-file.ts';

/** What lies beside a file to prove it later: `FILE.tst`, and the folder `FILE.evidence` of the centre. */
export interface Sidecars {
  revocation: TrustFolder;
  /** Time-stamp tokens over the file. */
  stamps: string[];
}

export async function findSidecars(file: string): Promise<Sidecars> {
  const folder = `${file}.evidence`;
  const beside = [`${file}.tst`];
  const found: Sidecars = { revocation: noTrust(), stamps: [] };
  if (await exists(folder)) {
    found.revocation = await readRevocationFolder(folder);
    beside.push(
      ...(await readdir(folder)).filter(name => name.endsWith('.tst')).map(name => join(folder, name)),
    );
  }
  for (const stamp of beside) if (await exists(stamp)) found.stamps.push(stamp);
  return found;
}

/** The earliest time that a trusted stamp over the file proves, and what is to be said about the others. */
export async function proofOf(
  file: string,
  stamps: string[],
  input: TrustInput,
): Promise<{ provenAt: Date | null; notes: string[] }> {
  const trust = trustOf(input);
  const times: number[] = [];
  const notes = new Set<string>();
  for (const stamp of stamps) {
    const verdict = await judgeStamp(await readNamedFile(stamp), contentOfFile(file), trust);
    if (verdict.at && verdict.reason === null) times.push(verdict.at.getTime());
    else notes.add(isDamaged(verdict) ? 'sidecar-stamp-damaged' : 'sidecar-stamp-not-trusted');
  }
  return { provenAt: times.length > 0 ? new Date(Math.min(...times)) : null, notes: [...notes] };
}

/** Everything that is known when a file is judged: the folder of trust, further folders, what lies beside. */
export function allTrust(folders: TrustFolder[], at: Date, provenAt: Date | null): TrustInput {
  return {
    anchors: folders.flatMap(({ anchors }) => anchors),
    revocationLists: folders.flatMap(({ revocationLists }) => revocationLists),
    ocspAnswers: folders.flatMap(({ ocspAnswers }) => ocspAnswers),
    ...{ at, provenAt },
  };
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
