import { access } from 'node:fs/promises';
import { type Proof, prove } from '../../protocol/evidence/prove.ts';
import { type TrustInput, trustOf } from '../../protocol/signature/trust.ts';
import { contentOfFile } from './file-content.ts';
import { readAll } from './named-bytes.ts';
import { noTrust, revocationSuffixes, type TrustFolder, trustIn } from './trust-folder.ts';
import { readNamedFile } from './unreadable-file.ts';

/** What lies beside a file to prove it later: `FILE.tst`, and the evidence of the centre. */
export interface Sidecars {
  revocation: TrustFolder;
  /** Time-stamp tokens over the file or over records. */
  stamps: Uint8Array[];
  /** Renewal records (ADR 48). */
  records: Uint8Array[];
}

/**
 * Looks beside the file: `FILE.tst`, the folder `FILE.evidence` or the same as `FILE.evidence.zip`; `named` is
 * such a folder or archive that lies elsewhere. @throws UnreadableFile
 */
export async function findSidecars(file: string, named: string | null): Promise<Sidecars> {
  const found: Sidecars = { revocation: noTrust(), stamps: [], records: [] };
  const usual = [`${file}.evidence`, `${file}.evidence.zip`];
  for (const place of named === null ? usual : [named, ...usual]) {
    if (place !== named && !(await exists(place))) continue;
    const kept = await readAll(place);
    const ending = (suffix: string) =>
      kept.filter(({ name }) => name.toLowerCase().endsWith(suffix)).map(({ bytes }) => bytes);
    found.stamps.push(...ending('.tst'));
    found.records.push(...ending('.sums'));
    const { revocationLists, ocspAnswers } = trustIn(kept, revocationSuffixes);
    found.revocation.revocationLists.push(...revocationLists);
    found.revocation.ocspAnswers.push(...ocspAnswers);
  }
  if (await exists(`${file}.tst`)) found.stamps.push(await readNamedFile(`${file}.tst`));
  return found;
}

/** The earliest time that what lies beside the file proves for it, and what is to be said about the stamps. */
export async function proofOf(
  file: string,
  { stamps, records }: Pick<Sidecars, 'stamps' | 'records'>,
  input: TrustInput,
): Promise<Pick<Proof, 'since'> & { notes: string[] }> {
  if (stamps.length === 0) return { since: null, notes: [] };
  const { since, damaged, distrusted } = await prove(
    contentOfFile(file),
    { stamps, records },
    trustOf(input),
  );
  const notes = [
    ...(damaged ? ['sidecar-stamp-damaged'] : []),
    ...(distrusted ? ['sidecar-stamp-not-trusted'] : []),
  ];
  return { since, notes };
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
