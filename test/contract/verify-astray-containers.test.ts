import { type RawEntry, rawZip } from '../fixtures/raw-zip.ts';
import { asicE, bytes, check, container, entriesOf, format, letter, table } from './container-setting.ts';

const held = (changes: Partial<RawEntry>): Promise<Buffer> =>
  container({ held: [{ ...letter, ...changes }, table] });

check('a manifest that leads astray', [
  ['a name twice', () => container({ named: [letter, table, letter] }), format('manifest-repeats-a-name')],
  [
    'a document type with an entity',
    () =>
      container({
        change: text =>
          text.replace(
            '<asic:ASiCManifest',
            '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><asic:ASiCManifest',
          ),
      }),
    format('manifest-xml'),
  ],
  [
    'an unknown entity',
    () => container({ change: text => text.replace('text/plain', '&boom;') }),
    format('manifest-xml'),
  ],
  [
    'no reference to a signature',
    () => container({ change: text => text.replace(/<asic:SigReference[^>]*>/, '') }),
    format('manifest-structure'),
  ],
  [
    'another root element',
    () =>
      container({
        change: text =>
          text.replaceAll('ASiCManifest ', 'Other ').replaceAll('/asic:ASiCManifest', '/asic:Other'),
      }),
    format('manifest-structure'),
  ],
  [
    'a digest that is no base64',
    () => container({ change: text => text.replace(/<ds:DigestValue>..../, '<ds:DigestValue>****') }),
    format('manifest-digest'),
  ],
  [
    'tags that cross',
    () => container({ change: text => text.replace('</ds:DigestValue>', '') }),
    format('manifest-xml'),
  ],
  ['text after the end', () => container({ change: text => `${text}more` }), format('manifest-xml')],
  ['depth', () => container({ change: () => '<a>'.repeat(5000) }), format('manifest-xml')],
]);

check('a ZIP file that leads astray', [
  ['a name twice', () => container({ more: [letter] }), format('duplicate-name')],
  [
    'a name twice but for case',
    () => container({ more: [{ ...table, name: 'DATA/table.csv' }] }),
    format('duplicate-name'),
  ],
  [
    'a name twice but for normalisation',
    () =>
      container({
        held: [
          { ...letter, name: 'й.txt' },
          { ...letter, name: 'й.txt'.normalize('NFD') },
        ],
      }),
    format('duplicate-name'),
  ],
  [
    'a name twice but for a dot at the end',
    () => container({ more: [{ ...table, name: 'data/table.csv.' }] }),
    format('duplicate-name'),
  ],
  [
    'a mimetype in capitals',
    () => container({ mimetype: null, more: [{ name: 'MIMETYPE', bytes: asicE }] }),
    format('reserved-name'),
  ],
  [
    'a folder that looks like META-INF',
    () => container({ more: [{ name: 'meta-inf/other.p7s', bytes: asicE }] }),
    format('reserved-name'),
  ],
  [
    'a path upwards',
    () => container({ more: [{ name: '../x', bytes: asicE }] }),
    format('name-leads-elsewhere'),
  ],
  [
    'a path from the root',
    () => container({ more: [{ name: '/x', bytes: asicE }] }),
    format('name-leads-elsewhere'),
  ],
  [
    'a drive',
    () => container({ more: [{ name: 'C:x', bytes: asicE }] }),
    format('name-with-forbidden-characters'),
  ],
  [
    'a backslash',
    () => container({ more: [{ name: 'a\\x', bytes: asicE }] }),
    format('name-with-forbidden-characters'),
  ],
  [
    'a direction of writing',
    () => container({ more: [{ name: 'a\u202efdp.exe', bytes: asicE }] }),
    format('name-with-forbidden-characters'),
  ],
  ['a symbolic link', () => held({ externalAttributes: (0o120777 << 16) >>> 0 }), format('not-a-plain-file')],
  ['an encrypted entry', () => held({ flags: 0x801 }), format('encrypted-or-unknown-flags')],
  [
    'an entry encrypted by AES',
    () => held({ extra: Buffer.from('01990700020041450308' + '00', 'hex') }),
    format('encrypted-or-unknown-flags'),
  ],
  ['an unknown compression', () => held({ method: 12 }), format('unknown-compression')],
  [
    'another name in the local header',
    () => held({ localName: 'письмо 2.txt' }),
    format('local-header-differs'),
  ],
  ['other flags in the local header', () => held({ localFlags: 0 }), format('local-header-differs')],
  [
    'a name by an extra field that does not fit',
    () => held({ extra: Buffer.from('7570060001aaaaaaaa79', 'hex') }),
    format('extra-field'),
  ],
  ['a wrong checksum', () => held({ crc: 1 }), format('checksum')],
  ['a wrong size', () => held({ size: 7 }), format('checksum')],
  [
    'bytes behind compressed data',
    () => held({ deflate: true, padding: bytes('x') }),
    format('bytes-after-compressed-data'),
  ],
  ['bytes between entries', () => held({ gap: bytes('x') }), format('entries-overlap-or-leave-gaps')],
  [
    'bytes before the first entry',
    () => container({ mimetype: { name: 'mimetype', bytes: asicE, gap: bytes('MZ') } }),
    format('entries-overlap-or-leave-gaps'),
  ],
  [
    'bytes behind the end',
    async () => Buffer.concat([await container(), bytes('x')]),
    format('no-end-record-at-the-end'),
  ],
  [
    'two ends',
    async () => rawZip(await entriesOf(), { comment: `PK\u0005\u0006${'\0'.repeat(18)}` }),
    format('no-end-record-at-the-end'),
  ],
  [
    'bytes before the directory',
    async () => rawZip(await entriesOf(), { before: bytes('x') }),
    format('directory-misplaced'),
  ],
  [
    'a bomb',
    () => container({ more: [{ name: 'x', bytes: Buffer.alloc(32 * 1024 * 1024), deflate: true }] }),
    format('inflates-too-much'),
  ],
  [
    'a bomb that lies about its size',
    () => held({ bytes: Buffer.alloc(8_000_000), deflate: true, size: 900 }),
    format('compressed-data'),
  ],
  [
    'more entries than a container may have',
    () =>
      container({ more: Array.from({ length: 5001 }, (_, at) => ({ name: `n${at}`, bytes: bytes('') })) }),
    format('too-many-entries'),
  ],
  ['cut off', async () => (await container()).subarray(0, 900), format('no-end-record-at-the-end')],
  ['nothing', () => Buffer.alloc(0), format('no-end-record-at-the-end')],
]);
