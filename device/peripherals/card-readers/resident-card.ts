import type { CardIdentity } from '../../../protocol/readings.ts';
import type { CardProfile, Transmit } from './card-profile.ts';
import { isFine } from './status-word.ts';

/** Application of the invented card; F0 begins identifiers that nobody has registered (ISO 7816-5, clause 8.3). */
const application = Buffer.from('F04F4B4E4F01', 'hex');
const fieldNames: Record<number, string> = {
  129: 'card-number',
  130: 'full-name',
  131: 'birth-date',
  132: 'snils',
};
/** Longest file of a card, in bytes. */
const mostBytes = 1024;
const chunkBytes = 0xf0;

/**
 * The card of a resident as the demonstration invents it: one file of elements (tag, length, UTF-8) behind an
 * application identifier. Real regional cards differ in the identifier, the path and the tags; their profiles
 * follow the same steps.
 */
export const residentCard: CardProfile = {
  id: 'resident-card',
  fits: () => true,
  async read(transmit): Promise<CardIdentity | null> {
    const selected = await transmit(
      Uint8Array.of(0x00, 0xa4, 0x04, 0x00, application.length, ...application, 0),
    );
    if (!isFine(selected)) return null;
    const fields = elements(await readFile(transmit)).flatMap(({ tag, value }) => {
      const name = fieldNames[tag];
      return name ? [{ name, value: textOf(value) }] : [];
    });
    return fields.length > 0 ? { profile: 'resident-card', fields } : null;
  },
};

/** READ BINARY until the card has no more (ISO 7816-4, clause 7.2.3). */
async function readFile(transmit: Transmit): Promise<Uint8Array> {
  let content = Buffer.alloc(0);
  while (content.length < mostBytes) {
    const at = content.length;
    const answer = await transmit(Uint8Array.of(0x00, 0xb0, at >> 8, at & 0xff, chunkBytes));
    if (!isFine(answer) || answer.length === 2) break;
    content = Buffer.concat([content, answer.subarray(0, -2)]);
    if (answer.length - 2 < chunkBytes) break;
  }
  return content;
}

function elements(content: Uint8Array): { tag: number; value: Uint8Array }[] {
  const found: { tag: number; value: Uint8Array }[] = [];
  for (let at = 0; at + 2 <= content.length; ) {
    const [tag = 0, length = 0] = content.subarray(at, at + 2);
    found.push({ tag, value: content.subarray(at + 2, at + 2 + length) });
    at += 2 + length;
  }
  return found;
}

/** A stranger's card: bounded, without control characters. */
function textOf(value: Uint8Array): string {
  return new TextDecoder()
    .decode(value)
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, 200);
}
