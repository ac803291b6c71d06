import { type PdfObject, type PdfObjects, readPdfObjects } from './pdf-objects.ts';

type Rule = (pdf: PdfObjects & { bytes: Uint8Array }) => string[];

/**
 * The rules of PDF/A-2b that our documents rely on, with their clauses in ISO 19005-2. Not a validator of
 * foreign files: it holds what `writePdf` writes to what an archive reads in thirty years.
 * @returns what is wrong, empty for a document that may be signed
 */
export function checkPdfA(bytes: Uint8Array): string[] {
  try {
    const pdf = { ...readPdfObjects(bytes), bytes };
    return [...pdf.problems, ...rules.flatMap(rule => rule(pdf))];
  } catch (error) {
    // A stream that cannot be unpacked: whatever the reader met, the document is no good.
    return [`6.1.7 a stream cannot be read: ${error instanceof Error ? error.message : ''}`];
  }
}

const rules: Rule[] = [
  function header({ bytes }) {
    const [first = '', second = ''] = Buffer.from(bytes.subarray(0, 32)).toString('latin1').split('\n');
    const isBinary = /^%[\x80-\xff]{4}/.test(second);
    return [
      ...(/^%PDF-1\.[2-7]$/.test(first) ? [] : ['6.1.2 the header is not that of PDF 1.x']),
      ...(isBinary ? [] : ['6.1.2 no comment of four bytes above 127 after the header']),
    ];
  },
  function trailerEntries({ trailer }) {
    return [
      ...(/\/ID \[<[0-9a-f]+> <[0-9a-f]+>\]/i.test(trailer) ? [] : ['6.1.3 no identifier in the trailer']),
      ...(/\/Encrypt/.test(trailer) ? ['6.1.3 encrypted'] : []),
    ];
  },
  function streams({ objects }) {
    return objects.flatMap(({ number, text, stream }) => [
      ...(stream !== undefined && /\/F(Filter|DecodeParms)?[ \n(<]/.test(text)
        ? [`6.1.7.1 stream ${number} lies outside the file`]
        : []),
      ...(/\/(LZWDecode|Crypt)\b/.test(text) ? [`6.1.7.2 stream ${number} has a forbidden filter`] : []),
    ]);
  },
  function outputIntent({ objects }) {
    const intent = objects.find(({ text }) => text.includes('/GTS_PDFA1'));
    const profile = objects.find(({ number }) => number === referenced(intent, 'DestOutputProfile'));
    if (profile?.stream === undefined) return ['6.2.3 no output intent with a profile'];
    const isRgb = Buffer.from(profile.stream.subarray(16, 20)).toString('latin1') === 'RGB ';
    return isRgb && /\/N 3\b/.test(profile.text) ? [] : ['6.2.3 the profile is not one of RGB'];
  },
  function pictures({ objects }) {
    return objects
      .filter(({ text }) => /\/Subtype \/Image\b/.test(text))
      .flatMap(({ number, text, stream }) => {
        const components = jpegComponents(stream ?? new Uint8Array());
        const space = /\/ColorSpace \/(\w+)/.exec(text)?.[1];
        const expected = { DeviceGray: 1, DeviceRGB: 3 }[space ?? ''];
        return [
          ...(expected === components
            ? []
            : [`6.2.4.3 picture ${number}: ${components} components as ${space}`]),
          ...(/\/Interpolate true|\/Alternates|\/OPI|\/SMask/.test(text)
            ? [`6.2.8 picture ${number} has a forbidden entry`]
            : []),
        ];
      });
  },
  function transparency({ objects }) {
    return objects.some(({ text }) => /\/Group\b|\/BM \/(?!Normal)/.test(text))
      ? ['6.2.10 transparency: not in our documents']
      : [];
  },
  function fonts({ objects }) {
    return objects.flatMap(({ number, text }) => {
      if (/\/Type \/FontDescriptor/.test(text) && !/\/FontFile[23]? \d/.test(text))
        return [`6.2.11.4 font ${number} is not embedded`];
      if (/\/Subtype \/CIDFontType2/.test(text) && !/\/CIDToGIDMap/.test(text))
        return [`6.2.11.3.2 font ${number} has no map to glyphs`];
      if (/\/Subtype \/Type0/.test(text) && !/\/ToUnicode \d/.test(text))
        return [`6.2.11.7 font ${number} cannot be searched`];
      return /\/Type \/Font\b/.test(text) && /\/Subtype \/(Type1|Type3|TrueType)\b/.test(text)
        ? [`6.2.11.4 font ${number} is none that we embed`]
        : [];
    });
  },
  function actions({ objects }) {
    const forbidden =
      /\/(JavaScript|JS|Launch|OpenAction|AA|EmbeddedFiles|RichMedia|Movie|Sound|XFA|AcroForm)\b/;
    return objects.flatMap(({ number, text }) => {
      const found = forbidden.exec(text)?.[1];
      return found === undefined ? [] : [`6.5 object ${number} acts by itself: ${found}`];
    });
  },
  function metadata({ objects, trailer }) {
    const found = objects.find(({ text }) => /\/Type \/Metadata/.test(text));
    if (found?.stream === undefined) return ['6.6.2.1 no metadata'];
    const xmp = new TextDecoder('utf-8', { fatal: true }).decode(found.stream);
    const catalog = objects.find(({ text }) => /\/Type \/Catalog/.test(text));
    const problems: string[] = [];
    if (!/<pdfaid:part>2<\/pdfaid:part>\s*<pdfaid:conformance>B</.test(xmp))
      problems.push('6.6.4 does not say that it is PDF/A-2b');
    if (referenced(catalog, 'Metadata') !== found.number)
      problems.push('6.6.2.1 the catalogue has no metadata');
    const info = objects.find(({ number }) => number === Number(/\/Info (\d+)/.exec(trailer)?.[1]));
    if (/\/Filter/.test(found.text)) problems.push('6.6.2.1 the metadata are packed');
    if (/\/ModDate/.test(info?.text ?? '') && !xmp.includes('xmp:ModifyDate'))
      problems.push('6.6.3 a date of change that the metadata do not know');
    return problems;
  },
  function pages({ objects }) {
    const pages = objects.filter(({ text }) => /\/Type \/Page\b/.test(text));
    if (pages.length === 0) return ['6.1.13 no pages'];
    return pages.flatMap(page => {
      const [, , width = 0, height = 0] =
        /\/MediaBox \[([^\]]*)\]/.exec(page.text)?.[1]?.trim().split(/\s+/).map(Number) ?? [];
      const content = objects.find(({ number }) => number === referenced(page, 'Contents'));
      const text = Buffer.from(content?.stream ?? []).toString('latin1');
      const fits = [width, height].every(side => side >= 3 && side <= 14_400);
      return [
        ...(fits ? [] : [`6.1.13 page ${page.number} of a forbidden size`]),
        ...(/\bTj\b|\bTJ\b/.test(text) && !/\b3 Tr\b/.test(text)
          ? [`the text of page ${page.number} can be seen`]
          : []),
      ];
    });
  },
];

/** Number of the object that an entry points to. */
function referenced(object: PdfObject | undefined, entry: string): number {
  return Number(new RegExp(`/${entry} (\\d+) 0 R`).exec(object?.text ?? '')?.[1]);
}

/** Components of a JPEG's frame header (ITU-T T.81, B.2.2); 0 when there is none. */
function jpegComponents(jpeg: Uint8Array): number {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.length);
  for (let at = 2; at + 9 < jpeg.length; ) {
    const marker = view.getUint16(at);
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (isFrame) return jpeg[at + 9] ?? 0;
    at += 2 + view.getUint16(at + 2);
  }
  return 0;
}
