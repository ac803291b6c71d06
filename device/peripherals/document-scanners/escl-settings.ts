import { AppError } from '../../../protocol/app-error.ts';
import {
  type EsclCapabilities,
  type EsclSource,
  type EsclSourceAbility,
  resolutionFor,
} from './escl-capabilities.ts';
import { esclNamespace, pwgNamespace } from './escl-xml.ts';

/** How a branch wants its papers scanned. */
export interface EsclProfile {
  /** `auto` takes from the feeder when paper lies in it, and from the glass otherwise. */
  source: EsclSource | 'auto';
  colour: 'colour' | 'grey' | 'black-white';
  size: 'a4' | 'a5' | 'largest';
}

const colourModes = { colour: 'RGB24', grey: 'Grayscale8', 'black-white': 'BlackAndWhite1' } as const;
/** In 1/300 inch (ISO 216). */
const sizes = { a4: [2480, 3508], a5: [1748, 2480], largest: [Infinity, Infinity] } as const;

/** The source for this scan. Throws `scanner.fault` when the device lacks what the profile names. */
export function sourceFor(
  wanted: EsclProfile['source'],
  { sources }: EsclCapabilities,
  feederLoaded: boolean,
): EsclSource {
  const auto: EsclSource = sources.feeder && (feederLoaded || !sources.flatbed) ? 'feeder' : 'flatbed';
  const source = wanted === 'auto' ? auto : wanted;
  if (!sources[source]) throw new AppError('scanner.fault', { at: 'settings', why: `no ${source}` });
  return source;
}

/** The body that starts a job (Mopria eSCL 2.97, section 8.1.3); what the device cannot do becomes the nearest. */
export function scanSettings(wish: {
  profile: EsclProfile;
  source: EsclSource;
  dpi: number;
  ability: EsclSourceAbility;
  version: string;
}): string {
  const { profile, source, ability } = wish;
  const mode = colourModes[profile.colour];
  const [first = mode] = ability.colourModes;
  const [width, height] = sizes[profile.size];
  const dpi = resolutionFor(wish.dpi, ability);
  return `<?xml version="1.0" encoding="UTF-8"?>
<scan:ScanSettings xmlns:scan="${esclNamespace}" xmlns:pwg="${pwgNamespace}">
<pwg:Version>${/^[\d.]{1,8}$/.test(wish.version) ? wish.version : '2.0'}</pwg:Version>
<scan:Intent>Document</scan:Intent>
<pwg:ScanRegions><pwg:ScanRegion>
<pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>
<pwg:XOffset>0</pwg:XOffset><pwg:YOffset>0</pwg:YOffset>
<pwg:Width>${Math.min(width, ability.maxWidth)}</pwg:Width>
<pwg:Height>${Math.min(height, ability.maxHeight)}</pwg:Height>
</pwg:ScanRegion></pwg:ScanRegions>
<pwg:InputSource>${source === 'flatbed' ? 'Platen' : 'Feeder'}</pwg:InputSource>
${source === 'flatbed' ? '' : `<scan:Duplex>${source === 'duplex'}</scan:Duplex>`}
<scan:ColorMode>${ability.colourModes.includes(mode) ? mode : first}</scan:ColorMode>
<scan:XResolution>${dpi}</scan:XResolution><scan:YResolution>${dpi}</scan:YResolution>
<pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>
<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt>
</scan:ScanSettings>
`;
}
