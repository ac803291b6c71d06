import { Compile } from 'typebox/compile';
import { Blob } from '../../protocol/values.ts';
import type { Queries, Storage } from '../storage/storage.ts';

/** So many boxes are asked for a blob; a register is on all of them. */
const holdersAsked = 3;

/** Which boxes know content: they sent it, or were told of it. */
export interface ContentHolders {
  /** Whether the box itself sent this package, and may have it back. */
  sent(box: string, sha256: string): Promise<boolean>;
  /** The blob and some boxes that should have it; undefined when the books do not know it. */
  find(sha256: string, within?: Queries): Promise<{ blob: Blob; boxes: string[] } | undefined>;
}

export function openContentHolders(storage: Storage): ContentHolders {
  const isBlob = Compile(Blob);
  return {
    async sent(box, sha256) {
      const relay = storage.query.selectFrom('relays').select('case_id').where('package_sha256', '=', sha256);
      return (await relay.where('box', '=', box).limit(1).executeTakeFirst()) !== undefined;
    },
    async find(sha256, { query } = storage) {
      const sent = await query
        .selectFrom('relays')
        .select(['box', 'package_bytes', 'package_media_type'])
        .where('package_sha256', '=', sha256)
        .limit(holdersAsked)
        .execute();
      const [first] = sent;
      if (first) {
        const blob = { sha256, sizeBytes: first.package_bytes, mediaType: first.package_media_type };
        return { blob, boxes: sent.map(({ box }) => box) };
      }
      const told = await query
        .selectFrom('down_entries')
        .select(['box', 'body'])
        .where('content', '=', sha256)
        .limit(holdersAsked)
        .execute();
      const named = told.flatMap(({ body }) => Object.values(JSON.parse(body) as object));
      const blob = named.find((value): value is Blob => isBlob.Check(value) && value.sha256 === sha256);
      return blob && { blob, boxes: told.map(({ box }) => box) };
    },
  };
}
