import type { XmlElement } from '../../../protocol/xml/nodes.ts';
import { childrenCalled, childText, readAnswer, textsBelow } from './escl-xml.ts';

/** What paper is read from: the glass, or the feeder, one side or both. */
export type EsclSource = 'flatbed' | 'feeder' | 'duplex';

/** What one source can do; lengths in 1/300 inch, as eSCL counts. */
export interface EsclSourceAbility {
  maxWidth: number;
  maxHeight: number;
  /** `RGB24`, `Grayscale8`, `BlackAndWhite1`. */
  colourModes: string[];
  /** MIME types. */
  formats: string[];
  /** Dots per inch, or every number between two. */
  resolutions: { kind: 'some'; dpi: number[] } | { kind: 'range'; minDpi: number; maxDpi: number };
}

export interface EsclCapabilities {
  version: string;
  model: string;
  sources: Partial<Record<EsclSource, EsclSourceAbility>>;
}

/** Reads `ScannerCapabilities` (Mopria eSCL 2.97, section 8.1.1). Throws `scanner.fault`. */
export function readCapabilities(bytes: Uint8Array): EsclCapabilities {
  const root = readAnswer(bytes, 'ScannerCapabilities');
  const [adf] = childrenCalled(root, 'Adf');
  const [platen] = childrenCalled(root, 'Platen');
  const sources: EsclCapabilities['sources'] = {};
  const add = (source: EsclSource, parent: XmlElement | undefined, name: string) => {
    const [caps] = parent ? childrenCalled(parent, name) : [];
    if (caps) sources[source] = abilityOf(caps);
  };
  add('flatbed', platen, 'PlatenInputCaps');
  add('feeder', adf, 'AdfSimplexInputCaps');
  add('duplex', adf, 'AdfDuplexInputCaps');
  return {
    version: childText(root, 'Version') ?? '2.0',
    model: childText(root, 'MakeAndModel') ?? '',
    sources,
  };
}

function abilityOf(caps: XmlElement): EsclSourceAbility {
  const unique = (name: string) => [...new Set(textsBelow(caps, name))];
  const number = (name: string) => Number(textsBelow(caps, name)[0] ?? 0);
  const dpi = unique('XResolution').map(Number).filter(Number.isInteger);
  const ranges = textsBelow(caps, 'XResolutionRange').length > 0;
  return {
    maxWidth: number('MaxWidth'),
    maxHeight: number('MaxHeight'),
    colourModes: unique('ColorMode'),
    formats: [...new Set([...unique('DocumentFormatExt'), ...unique('DocumentFormat')])],
    resolutions: ranges
      ? { kind: 'range', minDpi: number('Min'), maxDpi: number('Max') }
      : { kind: 'some', dpi: dpi.sort((one, other) => one - other) },
  };
}

/** The coarsest resolution that is no coarser than wanted; the finest there is when none is. */
export function resolutionFor(wantedDpi: number, { resolutions }: EsclSourceAbility): number {
  if (resolutions.kind === 'range')
    return Math.min(Math.max(wantedDpi, resolutions.minDpi), resolutions.maxDpi);
  return resolutions.dpi.find(each => each >= wantedDpi) ?? resolutions.dpi.at(-1) ?? wantedDpi;
}
