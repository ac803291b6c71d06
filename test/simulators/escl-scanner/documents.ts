import type { ScanWish } from './settings.ts';

const namespaces =
  'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"';
const head = '<?xml version="1.0" encoding="UTF-8"?>';

/** What the device can do; lengths in 1/300 inch. */
export const ability = {
  resolutions: [75, 100, 150, 200, 300, 600],
  colourModes: ['RGB24', 'Grayscale8'],
  maxWidth: 2550,
  maxHeight: 4200,
};

const inputCaps = `<scan:MinWidth>16</scan:MinWidth><scan:MaxWidth>${ability.maxWidth}</scan:MaxWidth>
<scan:MinHeight>16</scan:MinHeight><scan:MaxHeight>${ability.maxHeight}</scan:MaxHeight><scan:MaxScanRegions>1</scan:MaxScanRegions>
<scan:SettingProfiles><scan:SettingProfile>
<scan:ColorModes>${ability.colourModes.map(mode => `<scan:ColorMode>${mode}</scan:ColorMode>`).join('')}</scan:ColorModes>
<scan:DocumentFormats><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat><scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt></scan:DocumentFormats>
<scan:SupportedResolutions><scan:DiscreteResolutions>${ability.resolutions
  .map(
    dpi =>
      `<scan:DiscreteResolution><scan:XResolution>${dpi}</scan:XResolution><scan:YResolution>${dpi}</scan:YResolution></scan:DiscreteResolution>`,
  )
  .join('')}</scan:DiscreteResolutions></scan:SupportedResolutions>
</scan:SettingProfile></scan:SettingProfiles>`;

export const capabilities = `${head}
<scan:ScannerCapabilities ${namespaces}>
<pwg:Version>2.63</pwg:Version><pwg:MakeAndModel>Okno Invented Scanner</pwg:MakeAndModel><pwg:SerialNumber>0001</pwg:SerialNumber>
<scan:UUID>00000000-0000-4000-8000-000000000001</scan:UUID>
<scan:Platen><scan:PlatenInputCaps>${inputCaps}</scan:PlatenInputCaps></scan:Platen>
<scan:Adf><scan:AdfSimplexInputCaps>${inputCaps}</scan:AdfSimplexInputCaps>
<scan:AdfDuplexInputCaps>${inputCaps}</scan:AdfDuplexInputCaps><scan:FeederCapacity>50</scan:FeederCapacity>
<scan:AdfOptions><scan:AdfOption>Duplex</scan:AdfOption><scan:AdfOption>DetectPaperLoaded</scan:AdfOption></scan:AdfOptions></scan:Adf>
</scan:ScannerCapabilities>`;

export interface ShownJob {
  path: string;
  state: 'Processing' | 'Completed' | 'Canceled' | 'Aborted';
  reason: string;
  wish: ScanWish;
}

export function statusDocument(state: string, feeder: string, jobs: readonly ShownJob[]): string {
  const shown = jobs.map(
    job => `<scan:JobInfo><pwg:JobUri>${job.path}</pwg:JobUri><pwg:JobState>${job.state}</pwg:JobState>
<pwg:JobStateReasons><pwg:JobStateReason>${job.reason}</pwg:JobStateReason></pwg:JobStateReasons></scan:JobInfo>`,
  );
  return `${head}
<scan:ScannerStatus ${namespaces}><pwg:Version>2.63</pwg:Version><pwg:State>${state}</pwg:State>
<scan:AdfState>${feeder}</scan:AdfState><scan:Jobs>${shown.join('')}</scan:Jobs></scan:ScannerStatus>`;
}
